import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/files/store/open-store.js';
import { type InventoryRow, readInventory } from '../../../src/runs/inputs/inventory.js';
import { type InventoryImage, openInventoryInputs } from '../../../src/runs/inputs/inventory-inputs.js';
import { complaint } from '../../support/complaint.js';
import { startS3, withS3 } from '../../support/s3.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

async function write(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function rows(where: string): Promise<InventoryRow[]> {
  const all: InventoryRow[] = [];
  for await (const row of readInventory(where)) all.push(row);
  return all;
}

const file = { bytes: 12, modified: '2026-11-24T12:00:00.000Z', etag: '"abc"' };
const CSV = 'Bucket,Key,Size,LastModifiedDate,ETag\nb,"a, 1.jpg",12,2026-11-24T12:00:00.000Z,abc\nb,b.jpg,,,\n';

test.each<[string, string | Uint8Array]>([
  ['list.csv', CSV],
  ['with a byte order mark.csv', `\uFEFF${CSV}`],
  ['list.csv.gz', gzipSync(CSV)],
])('CSV with a header: %s', async (name, content) => {
  expect(await rows(await write(name, content))).toEqual([
    { key: 'a, 1.jpg', bucket: 'b', file },
    { key: 'b.jpg', bucket: 'b', file: null },
  ]);
});

test('Parquet, as Amazon S3 Inventory writes it: the latest versions that are there', async () => {
  const columnData = [
    { name: 'bucket', data: ['b', 'b', 'b'] },
    { name: 'key', data: ['a, 1.jpg', 'old.jpg', 'gone.jpg'] },
    { name: 'is_latest', data: [true, false, true] },
    { name: 'is_delete_marker', data: [false, false, true] },
    { name: 'size', data: [12n, 12n, 0n], type: 'INT64' as const },
    { name: 'last_modified_date', data: Array(3).fill(new Date(file.modified)), type: 'TIMESTAMP' as const },
    { name: 'e_tag', data: ['abc', 'abc', 'abc'] },
  ];
  const content = new Uint8Array(parquetWriteBuffer({ columnData }));
  expect(await rows(await write('list.parquet', content))).toEqual([{ key: 'a, 1.jpg', bucket: 'b', file }]);
});

test.each<[string, string, RegExp]>([
  ['no column of keys', 'size,etag\n1,a\n', /expected a column named key, received "size, etag"/],
  ['a quote that never ends', 'key\n"a\n', /cannot be read/],
])('CSV that is none: %s', async (_, content, message) => {
  await expect(rows(await write('list.csv', content))).rejects.toThrow(complaint('E_IO', message));
});

test('what is no Parquet, and what is not there', async () => {
  await expect(rows(await write('x.parquet', 'x'))).rejects.toThrow(complaint('E_IO', /cannot be read as Parquet/));
  await expect(rows(join(folder, 'none.csv'))).rejects.toThrow(complaint('E_IO', /none\.csv: cannot be read/));
});

async function found(inputs: string[], inventory: string) {
  const { root, walk, stateOf } = await openInventoryInputs(inputs, [inventory], {});
  const images: InventoryImage[] = [];
  const left = await walk((image) => void images.push(image));
  return { root, images, stateOf, ...left };
}

test('images of a folder, by paths below it or absolute', async () => {
  await mkdir(join(folder, 'photos'));
  await write('photos/a.jpg', 'x');
  const photos = join(folder, 'photos');
  const list = await write('list.csv', `path\na.jpg\n${photos}/b.jpg\n/elsewhere/c.jpg\nd.txt\n../e.jpg\n`);
  const { images, otherFiles, unreadable, stateOf, root } = await found([photos], list);
  expect({ root, images, otherFiles }).toEqual({
    root: photos,
    images: [
      { name: 'a.jpg', file: null },
      { name: 'b.jpg', file: null },
    ],
    otherFiles: 2,
  });
  expect(unreadable).toEqual([{ path: '../e.jpg', reason: expect.any(String) }]);
  expect(await stateOf({ name: 'a.jpg' })).toMatchObject({ bytes: 1 });
  expect(await stateOf({ name: 'b.jpg' })).toBeNull();
});

test('images below a prefix of a bucket; other buckets and prefixes are passed over', async () => {
  const list = await write(
    'list.csv',
    `bucket,key,size,last_modified,etag\n${['bucket,x/a.jpg', 'other,x/b.jpg', 'bucket,y/c.jpg']
      .map((row) => `${row},12,2026-11-24T12:00:00Z,abc\n`)
      .join('')}`,
  );
  expect(await found(['s3://bucket/x/'], list)).toMatchObject({ images: [{ name: 'a.jpg', file }], otherFiles: 2 });
});

test('an inventory is of one input', async () => {
  const list = await write('list.csv', CSV);
  await expect(found(['a', 'b'], list)).rejects.toThrow(complaint('E_ARGUMENT', /the one folder or prefix/));
});

withS3('in a bucket', () => {
  test('the manifest of Amazon S3 Inventory, whose keys are encoded', async () => {
    await startS3();
    const store = await openStore('s3://bucket');
    await store.write(
      'inventory/data/1.csv.gz',
      gzipSync('"bucket","x/a%2C+1.jpg","12","2026-11-24T12:00:00.000Z","abc"\n'),
    );
    const manifest = {
      sourceBucket: 'bucket',
      destinationBucket: 'arn:aws:s3:::bucket',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key, Size, LastModifiedDate, ETag',
      files: [{ key: 'inventory/data/1.csv.gz', size: 1, MD5checksum: 'x' }],
    };
    await store.write('inventory/manifest.json', Buffer.from(JSON.stringify(manifest)));
    const { images, root } = await found(['s3://bucket/x'], 's3://bucket/inventory/manifest.json');
    expect({ images, root }).toEqual({ root: 's3://bucket/x', images: [{ name: 'a, 1.jpg', file }] });
  });
});
