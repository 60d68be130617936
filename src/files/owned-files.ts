import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reason, SigboxError } from '../errors.js';
import { makeFolder } from './make-folder.js';
import { openRegular } from './read-file.js';
import { removeFile } from './remove-file.js';
import { syncData } from './sync.js';
import { digestOf, type Pieces, writeWhole } from './write-whole.js';

/** The list of files that sigbox wrote into a folder: on each line, as JSON, a path and a digest of the content. */
export const LIST_FILE = '.sigbox-export';
/** The list is flushed at least this often. */
const SYNC_MS = 1_000;
/** Foreign files that a message names. */
const NAMED = 6;
/** Stands for the digest of a folder, a link, or a file that can't be read: nothing that sigbox wrote. */
const NO_FILE = 'none';

/**
 * Files that sigbox wrote below a folder that may also contain a user's own: pictures, notes, ground truth. Only a file that
 * is unchanged since sigbox wrote it is ever replaced or removed; any other file is foreign and is left alone.
 */
export class OwnedFiles {
  readonly folder: string;
  /** As they were written. */
  readonly #paths = new Set<string>();
  /** Digests by folded path, with spaces between them: after a crash any of several may be there. */
  readonly #digests = new Map<string, string>();
  #list: Promise<FileHandle> | undefined;
  #sync: Promise<void> = Promise.resolve();
  #nextSync: Promise<void> | undefined;
  #synced = performance.now();

  private constructor(folder: string, list: string) {
    this.folder = folder;
    for (const [path, digest] of entriesIn(list)) this.#note(path, digest);
  }

  /** Reads the list of a folder; nothing is made. @throws SigboxError E_IO  it can't be read */
  static async open(folder: string): Promise<OwnedFiles> {
    const file = join(folder, LIST_FILE);
    try {
      const found = await lstat(file).catch(ifMissing(null));
      if (found !== null && !found.isFile()) throw new Error('it is not a regular file');
      return new OwnedFiles(folder, found === null ? '' : await readFile(file, 'utf8'));
    } catch (cause) {
      throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
    }
  }

  /** What was written at any time, below the folder, with forward slashes. */
  paths(): string[] {
    return [...this.#paths];
  }

  /** Whether a file was written at any time; it may be another now. */
  has(path: string): boolean {
    return this.#digests.has(folded(path));
  }

  isListed(path: string, digest: string): boolean {
    return this.#digests.get(folded(path))?.includes(digest) ?? false;
  }

  /** Digest of what is there: null where there is nothing, `NO_FILE` of what is no readable file. */
  async digestThere(path: string): Promise<string | null> {
    const file = join(this.folder, path);
    const found = await lstat(file).catch(ifMissing(null));
    if (found === null) return null;
    return found.isFile() ? digestOfFile(file) : NO_FILE;
  }

  /**
   * Whether there is anything that sigbox did not write. An empty file is not: it is what a power cut leaves.
   *
   * @param wanted  digest of what is about to be written: the same content is as good as written
   */
  async isForeign(path: string, wanted?: string): Promise<boolean> {
    const found = await lstat(join(this.folder, path)).catch(ifMissing(null));
    if (found === null || (found.isFile() && found.size === 0)) return false;
    if (wanted === undefined && !this.has(path)) return true; // without a look at the content
    const there = await this.digestThere(path);
    return there !== null && there !== wanted && !this.isListed(path, there);
  }

  /** Of paths, those where something is that sigbox never wrote; the content of the others is not looked at. */
  async unlistedAmong(paths: Iterable<string>): Promise<string[]> {
    const found: string[] = [];
    for (const path of paths) if (!this.has(path) && (await this.isForeign(path))) found.push(path);
    return found;
  }

  /** @throws SigboxError E_IO  foreign files are at some of the paths */
  async requireOwn(paths: Iterable<string>): Promise<void> {
    const foreign: string[] = [];
    for (const path of paths) if (await this.isForeign(path)) foreign.push(path);
    if (foreign.length > 0) throw this.refusal(foreign);
  }

  /**
   * Writes a file whole.
   *
   * @param again  whether the same content will be written again where a power cut takes the list: then it need not be
   *   flushed first. Default false
   * @throws SigboxError E_IO  it can't be written; with the cause's code EEXIST: a foreign file is there
   */
  async write(path: string, pieces: Pieces, { again = false } = {}): Promise<void> {
    await writeWhole(join(this.folder, path), pieces, async (digest) => {
      if (await this.isForeign(path, digest)) throw this.refusal([path]);
      await this.add(path, digest);
      if (!again || performance.now() - this.#synced > SYNC_MS) await this.sync();
    });
  }

  /** Lists a file before it is written. */
  async add(path: string, digest: string): Promise<void> {
    const isNewest = this.#digests.get(folded(path))?.split(' ').at(-1) === digest;
    if (this.#paths.has(path) && isNewest) return; // one that was removed, or had this content earlier, is listed again
    this.#note(path, digest);
    await this.#orUnwritable(async () => {
      this.#list ??= makeFolder(this.folder).then(() => open(join(this.folder, LIST_FILE), 'a'));
      await (await this.#list).appendFile(listLine(path, digest));
    });
  }

  #note(path: string, digest: string): void {
    this.#paths.add(path);
    const key = folded(path);
    const before = this.#digests.get(key);
    this.#digests.set(key, before === undefined ? digest : `${before} ${digest}`);
  }

  /** Flushes the list to the disk. Calls that come while the disk is busy share its next time. */
  sync(): Promise<void> {
    this.#nextSync ??= this.#sync.then(() => {
      this.#nextSync = undefined;
      this.#synced = performance.now();
      this.#sync = this.#orUnwritable(async () => {
        if (this.#list !== undefined) await syncData(await this.#list);
      });
      return this.#sync;
    });
    return this.#nextSync;
  }

  /** Removes a file, unless it is foreign. @returns whether it is gone */
  async remove(path: string): Promise<boolean> {
    if (!this.has(path) || (await this.isForeign(path))) return false;
    await removeFile(join(this.folder, path));
    this.#paths.delete(path);
    return true;
  }

  async close(): Promise<void> {
    const list = this.#list;
    this.#list = undefined;
    await this.#orUnwritable(async () => (await list)?.close());
  }

  /** Closes the list, and has it name these files from now on. @param kept  digests by path. Default: all but removed ones */
  async rewrite(kept?: ReadonlyMap<string, string>): Promise<void> {
    await this.close();
    const all = [...this.#paths].map((path) => [path, this.#digests.get(folded(path))!.split(' ').at(-1)!] as const);
    const entries = [...(kept ?? all)];
    this.#paths.clear();
    this.#digests.clear();
    for (const [path, digest] of entries) this.#note(path, digest);
    const lines = entries.map(([path, digest]) => listLine(path, digest));
    if (kept === undefined && lines.length === 0) await removeFile(join(this.folder, LIST_FILE));
    else await writeWhole(join(this.folder, LIST_FILE), lines);
  }

  /** What to throw for foreign files. */
  refusal(foreign: readonly string[]): SigboxError {
    const more = foreign.length <= NAMED ? '' : ` and ${foreign.length - NAMED} more`;
    const [it, was] = foreign.length === 1 ? ['it', 'it was'] : ['them', 'they were'];
    const message =
      `${this.folder}: ${foreign.slice(0, NAMED).join(', ')}${more} would be replaced, and sigbox did not write ${it}, or ` +
      `${was} changed since. Use another --out, or move ${it} away.`;
    return new SigboxError('E_IO', message, { cause: Object.assign(new Error(message), { code: 'EEXIST' }) });
  }

  async #orUnwritable(work: () => Promise<void>): Promise<void> {
    await work().catch((cause) => {
      const file = join(this.folder, LIST_FILE);
      throw new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
    });
  }
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    const handle = await openRegular(file); // its stream closes it
    for await (const part of handle.createReadStream()) hash.update(part as Uint8Array);
  } catch {
    return NO_FILE;
  }
  return hash.digest('hex').slice(0, digestOf('').length);
}

function listLine(path: string, digest: string): string {
  return `${JSON.stringify([path, digest])}\n`;
}

/** A line that a crash cut off is of a file that was not begun; one that leads out of the folder was not written by sigbox. */
function* entriesIn(list: string): Generator<[path: string, digest: string]> {
  for (const line of list.split('\n')) {
    const [path, digest] = entryOf(line);
    if (typeof path === 'string' && typeof digest === 'string' && DIGEST.test(digest) && isBelow(path))
      yield [path, digest];
  }
}

const DIGEST = /^[0-9a-f]{16}$/;

function entryOf(line: string): unknown[] {
  try {
    const entry: unknown = JSON.parse(line);
    return Array.isArray(entry) ? entry : [];
  } catch {
    return [];
  }
}

/** What some file systems take a name for: they know no capitals, or one form of accents only. */
export function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** Whether a path with forward slashes stays below the folder that it is joined to, on every system. */
export function isBelow(path: string): boolean {
  const parts = path.split(process.platform === 'win32' ? /[/\\]/ : '/');
  if (process.platform === 'win32' && path.includes(':')) return false;
  return !path.includes('\0') && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

function ifMissing<T>(value: T) {
  return (cause: NodeJS.ErrnoException): T => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return value;
    throw cause;
  };
}
