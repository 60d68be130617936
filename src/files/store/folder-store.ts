import { randomBytes } from 'node:crypto';
import type { Dirent, Stats } from 'node:fs';
import { link, lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { complain, reason } from '../../errors.js';
import { isBelow } from '../owned-files.js';
import { openRegular, readRegular } from '../read-file.js';
import { removeFile } from '../remove-file.js';
import { TEMPORARY, writeWhole } from '../write-whole.js';
import { type ReadHow, type Store, type StoredFile, StoreError, type Trouble, type Written } from './store.js';

/** A folder as a store. Hidden files and folders are none of its keys. */
export class FolderStore implements Store {
  readonly name: string;

  constructor(folder: string) {
    this.name = folder;
  }

  async read(key: string, { signal }: ReadHow = {}): Promise<{ bytes: Uint8Array }> {
    signal?.throwIfAborted();
    const path = this.#path(key);
    return { bytes: await readRegular(path).catch((cause) => this.#fail('read', key, cause)) };
  }

  async *stream(key: string, { signal }: ReadHow = {}): AsyncGenerator<Uint8Array> {
    const path = this.#path(key);
    try {
      const handle = await openRegular(path); // its stream closes it
      yield* handle.createReadStream(signal === undefined ? {} : { signal }) as AsyncIterable<Uint8Array>;
    } catch (cause) {
      signal?.throwIfAborted();
      this.#fail('read', key, cause);
    }
  }

  async write(
    key: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    { ifAbsent = false, signal }: { ifAbsent?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<Written> {
    signal?.throwIfAborted();
    const path = this.#path(key);
    if (!ifAbsent) {
      await writeWhole(path, bytes).catch((error) => this.#fail('written', key, error.cause ?? error));
      return 'written';
    }
    const whole = join(dirname(path), `.sigbox-${randomBytes(8).toString('hex')}.part`);
    try {
      await writeWhole(whole, bytes);
      // Unlike a rename a link replaces nothing.
      await link(whole, path).catch(async (cause) => {
        if (!NO_LINKS.includes(cause.code)) throw cause;
        if ((await this.find(key)) !== null) throw Object.assign(new Error('it is there'), { code: 'EEXIST' });
        await rename(whole, path);
      });
      return 'written';
    } catch (error) {
      const cause = (error as Error).cause ?? error;
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
      return this.#fail('written', key, cause);
    } finally {
      await rm(whole, { force: true }).catch(() => {});
    }
  }

  async find(key: string): Promise<StoredFile | null> {
    const found = await stat(this.#path(key)).catch((cause) => {
      if (troubleOf(cause) === 'missing') return null;
      return this.#fail('read', key, cause);
    });
    return found?.isFile() ? storedFile(key, found) : null;
  }

  async *list(
    prefix: string,
    how: { after?: string; signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<StoredFile> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (folder !== '') this.#path(folder.slice(0, -1));
    yield* this.#below(folder, prefix, how);
  }

  async remove(key: string): Promise<void> {
    await removeFile(this.#path(key)).catch((error) => this.#fail('removed', key, error.cause ?? error));
  }

  async removeAbandoned(folder: string): Promise<void> {
    const whole = this.#path(folder);
    for (const name of await readdir(whole, { recursive: true }).catch(() => [])) {
      if (!ABANDONED.test(basename(name))) continue;
      const path = join(whole, name);
      const found = await lstat(path).catch(() => null);
      if (found?.isFile() && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true }).catch(() => {});
    }
  }

  /** @param folder  '' or a key that ends with a slash */
  async *#below(
    folder: string,
    prefix: string,
    how: { after?: string; signal?: AbortSignal | undefined },
  ): AsyncGenerator<StoredFile> {
    const { after = '', signal } = how;
    signal?.throwIfAborted();
    const entries = await this.#entries(folder);
    for (const { key, entry } of entries) {
      const isWanted = key.startsWith(prefix) || prefix.startsWith(key);
      if (!isWanted || (comesBefore(key, after) && !after.startsWith(key))) continue;
      if (entry.isDirectory()) yield* this.#below(key, prefix, how);
      else if (key !== after && key.startsWith(prefix)) {
        const found = await stat(join(this.name, key)).catch(() => null); // removed meanwhile, or a dangling link
        if (found?.isFile()) yield storedFile(key, found);
      }
    }
  }

  /** Of a folder, in the order of keys; those of folders end with a slash. */
  async #entries(folder: string): Promise<{ key: string; entry: Dirent }[]> {
    const entries = await readdir(join(this.name, folder), { withFileTypes: true }).catch((cause) => {
      if (troubleOf(cause) === 'missing') return [];
      return this.#fail('read', folder, cause);
    });
    return entries
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => ({ key: `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`, entry }))
      .sort((a, b) => (comesBefore(a.key, b.key) ? -1 : 1));
  }

  #path(key: string): string {
    if (isBelow(key)) return join(this.name, key);
    throw complain('E_IO', { where: this.name, expected: 'a key below the store', received: key });
  }

  #fail(what: string, key: string, cause: unknown): never {
    throw new StoreError(troubleOf(cause), `${join(this.name, key)}: cannot be ${what}: ${reason(cause)}.`, { cause });
  }
}

/** A temporary file that was not written to for this long has no writer any more. */
const ABANDONED_MS = 3_600_000;
const ABANDONED = new RegExp(`^${TEMPORARY.replaceAll('.', '\\.')}$`);
/** What file systems say that know no links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

function troubleOf(cause: unknown): Trouble {
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException;
  if (['ENOENT', 'ENOTDIR'].includes(code)) return 'missing';
  return ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ELOOP', 'ENAMETOOLONG'].includes(code) ? 'refused' : 'passing';
}

/** By UTF-8 bytes, which is by code points. */
function comesBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

function storedFile(key: string, { size, mtimeMs }: Stats): StoredFile {
  return { key, size, modified: mtimeMs };
}
