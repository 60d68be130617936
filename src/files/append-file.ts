import { writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { reason, SigboxError } from '../errors.js';

/** What was written is given to the disk at least this often: what a power cut can cost. */
const SYNC_MS = 1_000;

/** A file that grows by whole pieces: one that can't be written leaves nothing of itself behind. */
export class AppendFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  #size: number;
  #synced = performance.now();
  #syncing: Promise<void> | undefined;
  /** Why what was written could not be given to the disk. */
  #unsynced: unknown;

  private constructor(file: string, handle: FileHandle, size: number) {
    this.#file = file;
    this.#handle = handle;
    this.#size = size;
  }

  /**
   * @param size  what to keep of the file, bytes; the rest is cut off
   * @throws SigboxError E_IO  it can't be written
   */
  static async open(file: string, size: number): Promise<AppendFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, 'a');
      await handle.truncate(size);
      return new AppendFile(file, handle, size);
    } catch (cause) {
      await handle?.close();
      throw unwritable(file, cause);
    }
  }

  /**
   * Appends a text; one call at a time.
   *
   * @returns where it begins and ends, bytes
   * @throws SigboxError E_IO  it can't be written
   */
  async append(text: string): Promise<{ start: number; end: number }> {
    const start = this.#size;
    const bytes = Buffer.from(text);
    try {
      for (let done = 0; done < bytes.length; ) {
        // Some kilobytes for the system to keep: to wait for another thread to do it would take longer.
        done += writeSync(this.#handle.fd, bytes, done);
      }
      if (performance.now() - this.#synced > SYNC_MS) this.#syncMeanwhile();
      if (this.#unsynced !== undefined) throw this.#unsynced;
    } catch (cause) {
      await this.#handle.truncate(start).catch(() => {}); // what stays is taken for a line that was cut off
      throw unwritable(this.#file, cause);
    }
    this.#size += bytes.length;
    return { start, end: this.#size };
  }

  async close(): Promise<void> {
    try {
      await this.#syncing;
      if (this.#unsynced !== undefined) throw this.#unsynced;
      await this.#handle.datasync();
    } catch (cause) {
      throw unwritable(this.#file, cause);
    } finally {
      await this.#handle.close();
    }
  }

  /** While the disk is busy with it, more is appended; a failure is that of the next append. */
  #syncMeanwhile(): void {
    const begun = performance.now();
    this.#synced = Number.POSITIVE_INFINITY;
    this.#syncing = this.#handle.datasync().then(
      () => {
        this.#synced = begun;
      },
      (cause) => {
        this.#unsynced = cause;
      },
    );
  }
}

function unwritable(file: string, cause: unknown): SigboxError {
  return new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
}
