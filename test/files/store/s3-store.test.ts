import { beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/files/store/open-store.js';
import { type Store, StoreError } from '../../../src/files/store/store.js';
import { complaint } from '../../support/complaint.js';
import { startS3, useVariables, withS3 } from '../../support/s3.js';

const bytes = (text: string) => Buffer.from(text);

withS3('a prefix of a bucket', () => {
  let store: Store;

  beforeEach(async () => {
    await startS3();
    store = await openStore('s3://bucket/some/where/');
  });

  async function keys(prefix: string, after?: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of store.list(prefix, after === undefined ? {} : { after })) found.push(key);
    return found;
  }

  test('what is written is read, found, listed and removed', async () => {
    expect(store.name).toBe('s3://bucket/some/where');
    expect(await store.write('a/ü&<>.jpg', bytes('one'))).toBe('written');
    const { bytes: read, etag } = await store.read('a/ü&<>.jpg');
    expect(Buffer.from(read).toString()).toBe('one');
    const found = await store.find('a/ü&<>.jpg');
    expect(found).toMatchObject({ key: 'a/ü&<>.jpg', size: 3, etag });
    for await (const file of store.list('a/')) expect(file).toMatchObject({ key: 'a/ü&<>.jpg', size: 3, etag });
    let text = '';
    for await (const piece of store.stream('a/ü&<>.jpg')) text += Buffer.from(piece).toString();
    expect(text).toBe('one');
    await store.remove('a/ü&<>.jpg');
    expect(await store.find('a/ü&<>.jpg')).toBeNull();
    await store.remove('a/ü&<>.jpg');
    expect(await (await openStore('s3://bucket')).find('some/where/x')).toBeNull();
  });

  test('more keys than a page has, in the order of their bytes, after any', async () => {
    const names = Array.from({ length: 1_100 }, (_, i) => `k/${String(i).padStart(4, '0')}`);
    await Promise.all(names.map((name) => store.write(name, bytes('x'))));
    expect(await keys('k/')).toEqual(names);
    expect(await keys('k/', 'k/1050')).toEqual(names.slice(1_051));
  });

  test('ifAbsent leaves what is there; ifMatch notices what changed', async () => {
    expect(await store.write('a', bytes('1'), { ifAbsent: true })).toBe('written');
    const { etag } = await store.read('a');
    expect(await store.write('a', bytes('2'), { ifAbsent: true })).toBe('exists');
    expect(Buffer.from((await store.read('a', { ifMatch: etag! })).bytes).toString()).toBe('1');
    await store.write('a', bytes('3'));
    await expect(store.read('a', { ifMatch: etag! })).rejects.toMatchObject({ trouble: 'changed' });
  });

  test('a stream is written in parts; one that fails leaves nothing', async () => {
    const piece = Buffer.alloc(9 * 1024 * 1024, 7);
    async function* pieces(fails: boolean) {
      yield piece;
      yield piece;
      if (fails) throw new Error('no more');
      yield piece;
    }
    await expect(store.write('large', pieces(true))).rejects.toThrow('no more');
    expect(await store.find('large')).toBeNull();
    expect(await store.write('large', pieces(false))).toBe('written');
    expect(await store.find('large')).toMatchObject({ size: 3 * piece.length });
    async function* small() {
      yield bytes('a');
      yield bytes('b');
    }
    await store.write('small', small());
    expect(Buffer.from((await store.read('small')).bytes).toString()).toBe('ab');
  });

  test('says what the trouble is, without credentials', async () => {
    const error = await store.read('nothing').catch((cause) => cause);
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: 'E_IO', trouble: 'missing' });
    expect(error.message).toMatch(/^s3:\/\/bucket\/some\/where: nothing cannot be read: NoSuchKey: /);
    expect(JSON.stringify({ ...error, cause: error.cause })).not.toMatch(/secret|someone/);
    await expect((await openStore('s3://no-such-bucket')).read('a')).rejects.toMatchObject({ trouble: 'refused' });
    await expect(store.read('../a')).rejects.toThrow(complaint('E_IO', /a key below the store/));
  });

  test('a server that is away may be back later', async () => {
    useVariables({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' });
    await expect((await openStore('s3://bucket')).read('a')).rejects.toMatchObject({ trouble: 'passing' });
  });
});

test.each(['s3://', 's3:///a', 's3://user:secret@bucket/a', 's3://bucket/../a', 's3://bucket/a//b'])(
  'what is no bucket and prefix is refused, without its password: %s',
  async (where) => {
    const error = await openStore(where).catch((cause) => cause);
    expect(error).toEqual(complaint('E_ARGUMENT', /expected s3:\/\/BUCKET\/PREFIX/));
    expect(error.message).not.toMatch(/secret/);
  },
);

test('other URLs are no stores', async () => {
  await expect(openStore('gs://bucket/a')).rejects.toThrow(complaint('E_ARGUMENT', /received "gs:\/\/…"/));
});
