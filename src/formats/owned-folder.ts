import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { complain, reason, SigboxError } from '../errors.js';
import { makeFolder } from '../files/make-folder.js';
import { removeFile } from '../files/remove-file.js';
import { writeWhole } from '../files/write-whole.js';

/** The list of files that exports have written into a folder: on each line, as JSON, a path and a digest of the content. */
const LIST = '.sigbox-export';
const LONGEST_NAME = 255; // bytes; of every usual file system

/** Each file is flushed to the disk, which does many at a time as fast as one. */
const FILES_AT_ONCE = 16;

/** Digests of what exports have written, by path; several where a crash left it open which one is there. */
type Written = Map<string, Set<string>>;

/**
 * A folder of an export's files, in which others may lie: pictures, or files of a user's own. Only files that are as an
 * export has written them are replaced, or removed in the end where they no longer belong to it: one that was corrected
 * by hand stays. A file is on the list, and the list on the disk, before it is there, so that this holds after a crash or a
 * power cut.
 */
export class OwnedFolder {
  readonly #folder: string;
  readonly #earlier: Written;
  readonly #now: Written = new Map();
  readonly #list: FileHandle;
  readonly #underway = new Set<Promise<void>>();
  #sync = Promise.resolve();
  #nextSync: Promise<void> | undefined;

  private constructor(folder: string, earlier: Written, list: FileHandle) {
    this.#folder = folder;
    this.#earlier = earlier;
    this.#list = list;
  }

  /**
   * @param shared  files that the export can't do without
   * @throws SigboxError E_IO  the folder can't be written to, or one of them is there and not as an export wrote it
   */
  static async open(folder: string, shared: readonly string[]): Promise<OwnedFolder> {
    let owned: OwnedFolder;
    try {
      await makeFolder(folder);
      const earlier = parseList(await readFile(join(folder, LIST), 'utf8').catch(ifMissing('')));
      owned = new OwnedFolder(folder, earlier, await open(join(folder, LIST), 'a'));
    } catch (cause) {
      throw new SigboxError('E_IO', `${folder}: cannot be written to: ${reason(cause)}.`, { cause });
    }
    for (const path of shared) {
      if (!owned.#isForeign(path, await owned.#digestOf(path))) continue;
      await owned.close();
      const expected = 'only files as an export has written them';
      const mend = 'Choose another --out, or move it away.';
      throw complain('E_IO', { where: folder, expected, received: path, mend });
    }
    return owned;
  }

  /**
   * Writes a file whole; it is there when `finish` is done.
   *
   * @param path  below the folder, with forward slashes
   * @returns why it can't be there, whatever the disk; null when it is
   * @throws SigboxError E_IO  it, or one before it, can't be written
   */
  async write(path: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<string | null> {
    const parts = path.split('/');
    if (parts.some((part) => ['', '.', '..'].includes(part))) return 'its name leads out of the folder';
    if (parts.some((part) => part.startsWith('.'))) return 'its name is that of a hidden file, which readers pass over';
    if (parts.some((part) => Buffer.byteLength(part) > LONGEST_NAME)) return `its file’s name is too long: ${path}`;
    if (this.#now.has(path)) return `${path} is that of another image`;
    const there = await this.#digestOf(path);
    if (this.#isForeign(path, there)) return `${path} is there, and not as an export wrote it`;
    let text = '';
    for await (const piece of pieces) text += piece;
    const digest = digestOf(text);
    this.#now.set(path, new Set([digest]));
    if (there === digest) return null; // and it is on the disk already
    const isListed = this.#earlier.get(path)?.has(digest);
    if (!isListed) await this.#orUnwritable(this.#list.appendFile(line(path, digest)));
    const listed = isListed ? Promise.resolve() : this.#orUnwritable(this.#syncList());
    await this.#begin(listed.then(() => writeWhole(join(this.#folder, path), [text])));
    return null;
  }

  /** Files that come while the disk is busy with the list share its next time. */
  #syncList(): Promise<void> {
    this.#nextSync ??= this.#sync.then(() => {
      this.#nextSync = undefined;
      this.#sync = this.#list.datasync();
      return this.#sync;
    });
    return this.#nextSync;
  }

  async #orUnwritable(work: Promise<void>): Promise<void> {
    return work.catch((cause) => {
      throw new SigboxError('E_IO', `${join(this.#folder, LIST)}: cannot be written: ${reason(cause)}.`, { cause });
    });
  }

  /** Lets a file be written beside others; waits while these are as many as are worth it. */
  async #begin(file: Promise<void>): Promise<void> {
    this.#underway.add(file);
    file.then(
      () => this.#underway.delete(file),
      () => {}, // stays, for whoever waits next to hear of it
    );
    if (this.#underway.size >= FILES_AT_ONCE) await Promise.race(this.#underway);
  }

  /** Removes what earlier exports left over, and lists what is there now. */
  async finish(): Promise<void> {
    await Promise.all(this.#underway);
    await this.close();
    for (const path of this.#earlier.keys()) {
      if (!this.#now.has(path) && !this.#isForeign(path, await this.#digestOf(path)))
        await removeFile(join(this.#folder, path));
    }
    await writeWhole(
      join(this.#folder, LIST),
      [...this.#now].map(([path, [digest]]) => line(path, digest!)),
    );
  }

  /** Waits for what is being written, whatever becomes of it. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#underway);
    await this.#list.close();
  }

  /** @returns null where there is no file; 'unknown' of what can't be read, a folder in its place for one */
  async #digestOf(path: string): Promise<string | null> {
    try {
      return digestOf(await readFile(join(this.#folder, path)));
    } catch (cause) {
      return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'unknown';
    }
  }

  /** Whether what is there is not as an export has written it. */
  #isForeign(path: string, there: string | null): boolean {
    return there !== null && !this.#earlier.get(path)?.has(there);
  }
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

function line(path: string, digest: string): string {
  return `${JSON.stringify([path, digest])}\n`;
}

/** A line that a crash cut off is of a file that was not begun. */
function parseList(text: string): Written {
  const written: Written = new Map();
  for (const entry of text.split('\n')) {
    try {
      const [path, digest] = JSON.parse(entry) as [string, string];
      written.set(path, new Set([...(written.get(path) ?? []), digest]));
    } catch {} // cut off, or the end
  }
  return written;
}

function ifMissing<T>(value: T) {
  return (cause: NodeJS.ErrnoException): T => {
    if (cause.code === 'ENOENT') return value;
    throw cause;
  };
}
