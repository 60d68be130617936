import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { complain, reason, SigboxError } from '../errors.js';
import { makeFolder } from '../files/make-folder.js';
import { folded, OwnedFiles } from '../files/owned-files.js';
import { digestOf, writeWhole } from '../files/write-whole.js';

const LONGEST_NAME = 255; // bytes; of every usual file system

/** Each file is flushed to the disk, which does many at a time as fast as one. */
const FILES_AT_ONCE = 16;

/**
 * A folder of an export's files, in which others may lie: pictures, or files of a user's own. Only files that are as an
 * export has written them are replaced, or removed in the end where they no longer belong to it: one that was corrected
 * by hand stays. A file is on the list, and the list on the disk, before it is there, so that this is true after a crash or
 * a power cut.
 */
export class OwnedFolder {
  readonly #files: OwnedFiles;
  /** Digests of this export's files, by path. */
  readonly #now = new Map<string, string>();
  /** Paths of this export's files by what a file system that knows no capitals takes them for. */
  readonly #folded = new Map<string, string>();
  readonly #underway = new Set<Promise<void>>();

  private constructor(files: OwnedFiles) {
    this.#files = files;
  }

  /**
   * @param shared  files that the export can't do without
   * @throws SigboxError E_IO  the folder can't be written to, or one of them is there and not as an export wrote it
   */
  static async open(folder: string, shared: readonly string[]): Promise<OwnedFolder> {
    await makeFolder(folder).catch((cause) => {
      throw new SigboxError('E_IO', `${folder}: cannot be written to: ${reason(cause)}.`, { cause });
    });
    const files = await OwnedFiles.open(folder);
    for (const path of shared) {
      if (!(await files.isForeign(path))) continue;
      const expected = 'only files as an export has written them';
      const mend = 'Choose another --out, or move it away.';
      throw complain('E_IO', { where: folder, expected, received: path, mend });
    }
    return new OwnedFolder(files);
  }

  /**
   * Writes a file whole; it is there when `finish` is done.
   *
   * @param path  below the folder, with forward slashes
   * @returns why it can't be there, whatever the disk; null when it is
   * @throws SigboxError E_IO  it, or one before it, can't be written
   */
  async write(path: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<string | null> {
    const refused = refusalOf(path) ?? (await this.#taken(path));
    if (refused !== null) return refused;
    const there = await this.#files.digestThere(path);
    if (await this.#files.isForeign(path)) return `${path} is there, and not as an export wrote it`;
    let text = '';
    for await (const piece of pieces) text += piece;
    const digest = digestOf(text);
    this.#now.set(path, digest);
    this.#folded.set(folded(path), path);
    if (there === digest) return null; // and it is on the disk already
    const isListed = this.#files.isListed(path, digest);
    await this.#files.add(path, digest);
    const listed = isListed ? Promise.resolve() : this.#files.sync();
    await this.#begin(listed.then(() => writeWhole(join(this.#files.folder, path), [text])));
    return null;
  }

  /** Why another file of this export is in the way: `PHOTO.txt` and `photo.txt` are one file on some file systems. */
  async #taken(path: string): Promise<string | null> {
    if (this.#now.has(path)) return `${path} is that of another image`;
    const other = this.#folded.get(folded(path));
    if (other === undefined) return null;
    await Promise.all(this.#underway);
    if (!(await this.#isSame(path, other))) return null;
    return `${path} is ${other} on this file system, that of another image`;
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
    for (const path of this.#files.paths()) {
      if (this.#now.has(path)) continue;
      const other = this.#folded.get(folded(path));
      if (other === undefined || !(await this.#isSame(path, other))) await this.#files.remove(path);
    }
    await this.#files.rewrite(this.#now);
  }

  async #isSame(...paths: [string, string]): Promise<boolean> {
    const [a, b] = await Promise.all(paths.map((path) => lstat(join(this.#files.folder, path)).catch(() => null)));
    return a != null && a.ino === b?.ino && a.dev === b.dev;
  }

  /** Waits for what is being written, whatever becomes of it. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#underway);
    await this.#files.close();
  }
}

/** Why a file can't have a name, on any disk. */
function refusalOf(path: string): string | null {
  const parts = path.split('/');
  if (parts.some((part) => ['', '.', '..'].includes(part))) return 'its name leads out of the folder';
  if (parts.some((part) => part.startsWith('.'))) return 'its name is that of a hidden file, which readers pass over';
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_NAME)) return `its file’s name is too long: ${path}`;
  return null;
}
