import { SigboxError } from '../../errors.js';

/** A file of a store. */
export interface StoredFile {
  key: string;
  /** Bytes. */
  size: number;
  etag?: string;
  /** When it was written, milliseconds since 1970. */
  modified: number;
}

export interface ReadHow {
  /** The file must still have this ETag. */
  ifMatch?: string;
  signal?: AbortSignal | undefined;
}

/** What became of a file that was to be written; 'exists': only with `ifAbsent`. */
export type Written = 'written' | 'exists';

/**
 * A place for files by key: a folder, or a prefix of a bucket. Keys are relative, with forward slashes; one that leads
 * out of the store is refused. Every method throws StoreError.
 */
export interface Store {
  /** For messages; never with credentials. */
  readonly name: string;
  /** A whole file. */
  read(key: string, how?: ReadHow): Promise<{ bytes: Uint8Array; etag?: string }>;
  stream(key: string, how?: ReadHow): AsyncIterable<Uint8Array>;
  /**
   * Writes a file so that it is whole under its name, or not there at all.
   *
   * @param how.ifAbsent  leave a file of that key as it is
   */
  write(
    key: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    how?: { ifAbsent?: boolean; signal?: AbortSignal | undefined },
  ): Promise<Written>;
  /** @returns null where there is no such file */
  find(key: string, how?: { signal?: AbortSignal | undefined }): Promise<StoredFile | null>;
  /**
   * The files whose keys begin with a prefix, in the order of the keys' UTF-8 bytes.
   *
   * @param how.after  only keys that come after this one
   */
  list(prefix: string, how?: { after?: string; signal?: AbortSignal | undefined }): AsyncIterable<StoredFile>;
  /** Removes a file, if it is there. */
  remove(key: string): Promise<void>;
  /**
   * Removes the temporary files that writers left below a folder when they were killed. Files that were written to within
   * the last hour are kept, and so is what can't be removed.
   */
  removeAbandoned(folder: string): Promise<void>;
}

/**
 * 'missing': there is no such file. 'changed': it no longer has the ETag that it should have. 'refused': no right to do so.
 * 'passing': it may work when it is tried again, as after a failure of the network.
 */
export type Trouble = 'missing' | 'changed' | 'refused' | 'passing';

/** What went wrong with a store. */
export class StoreError extends SigboxError {
  readonly trouble: Trouble;

  constructor(trouble: Trouble, message: string, options?: { cause?: unknown }) {
    super('E_IO', message, options);
    this.trouble = trouble;
  }
}
