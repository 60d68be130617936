import { writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { reason, SigboxError } from '../errors.js';
import { syncData } from './sync.js';

/** What was written is given to the disk at least this often: what a power cut can cost. */
const SYNC_MS = 1_000;

export interface AppendOptions {
  /** What to keep of the file, bytes; the rest is cut off. */
  size: number;
  /** Called before each piece; throws once the file is no longer this process's to write. */
  requireOwn: () => void;
}

/** A file that grows by whole pieces: one that can't be written leaves nothing of itself behind. */
export class AppendFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #requireOwn: () => void;
  #size: number;
  #synced = performance.now();
  #syncing: Promise<void> | undefined;
  /** Why what was written could not be given to the disk. */
  #unsynced: unknown;

  private constructor(file: string, handle: FileHandle, { size, requireOwn }: AppendOptions) {
    this.#file = file;
    this.#handle = handle;
    this.#size = size;
    this.#requireOwn = requireOwn;
  }

  /** @throws SigboxError E_IO  it can't be written */
  static async open(file: string, options: AppendOptions): Promise<AppendFile> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, 'a');
      await handle.truncate(options.size);
      return new AppendFile(file, handle, options);
    } catch (cause) {
      await handle?.close().catch(() => {}); // the cause says more
      throw unwritable(file, cause);
    }
  }

  /**
   * Appends a text or bytes; one call at a time.
   *
   * @returns where it begins and ends, bytes
   * @throws SigboxError E_IO  it can't be written, or is no longer this process's to write
   */
  async append(content: string | Uint8Array): Promise<{ start: number; end: number }> {
    this.#requireOwn();
    const start = this.#size;
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
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
      try {
        await this.#syncing;
        if (this.#unsynced !== undefined) throw this.#unsynced;
        await syncData(this.#handle);
      } finally {
        await this.#handle.close();
      }
    } catch (cause) {
      throw unwritable(this.#file, cause);
    }
  }

  /** While the disk is busy with it, more is appended; a failure is that of the next append. */
  #syncMeanwhile(): void {
    const begun = performance.now();
    this.#synced = Number.POSITIVE_INFINITY;
    this.#syncing = syncData(this.#handle).then(
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
