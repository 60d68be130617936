import { type ReadHow, type Store, type StoredFile, StoreError, type Written } from '../../src/files/store/store.js';

/** A bucket in memory: keys may be anything, ETags are counted, and each call may be made to fail. */
export class MemoryStore implements Store {
  readonly name: string;
  readonly files = new Map<string, { bytes: Uint8Array; etag: string; modified: number }>();
  /** Called before each call with its key; throws what the call is to throw. */
  fail: (call: string, key: string) => void = () => {};
  #written = 0;

  constructor(name = 's3://bucket') {
    this.name = name;
  }

  async read(key: string, { ifMatch }: ReadHow = {}): Promise<{ bytes: Uint8Array; etag: string }> {
    this.fail('read', key);
    const file = this.files.get(key);
    if (file === undefined) throw new StoreError('missing', `${key}: missing`);
    if (ifMatch !== undefined && ifMatch !== file.etag) throw new StoreError('changed', `${key}: changed`);
    return file;
  }

  async *stream(key: string, how?: ReadHow): AsyncGenerator<Uint8Array> {
    yield (await this.read(key, how)).bytes;
  }

  async write(
    key: string,
    given: Uint8Array | AsyncIterable<Uint8Array>,
    { ifAbsent = false }: { ifAbsent?: boolean } = {},
  ): Promise<Written> {
    this.fail('write', key);
    if (ifAbsent && this.files.has(key)) return 'exists';
    const pieces: Uint8Array[] = [];
    if (given instanceof Uint8Array) pieces.push(given);
    else for await (const piece of given) pieces.push(piece);
    this.files.set(key, { bytes: Buffer.concat(pieces), etag: `"${this.#written++}"`, modified: 1_000 });
    return 'written';
  }

  async find(key: string): Promise<StoredFile | null> {
    this.fail('find', key);
    const file = this.files.get(key);
    return file === undefined ? null : { key, size: file.bytes.length, etag: file.etag, modified: file.modified };
  }

  async *list(prefix: string, { after = '' }: { after?: string } = {}): AsyncGenerator<StoredFile> {
    this.fail('list', prefix);
    const order = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    for (const key of [...this.files.keys()].sort(order)) {
      if (key.startsWith(prefix) && (after === '' || order(key, after) > 0)) yield (await this.find(key))!;
    }
  }

  async remove(key: string): Promise<void> {
    this.fail('remove', key);
    this.files.delete(key);
  }

  async removeAbandoned(): Promise<void> {}
}
