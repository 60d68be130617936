import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { check } from '../../check/check.js';
import { list, object } from '../../check/shapes.js';
import { text } from '../../check/words.js';
import { complain, reason, SigboxError } from '../../errors.js';
import { loadOptional } from '../../files/package-files.js';
import { openStore } from '../../files/store/open-store.js';
import { PatientStore } from '../../files/store/patient-store.js';
import { writeWhole } from '../../files/write-whole.js';
import type { FileState } from '../record/record.js';
import { isBucket } from './bucket-inputs.js';

/** A file or an object that an inventory names. */
export interface InventoryRow {
  key: string;
  /** null: the inventory does not say */
  bucket: string | null;
  /** null: it lacks the size or the time */
  file: FileState | null;
}

/** What columns are called, in small letters without what is no letter. */
const COLUMNS = {
  key: ['key', 'path', 'name', 'image', 'file', 'filename'],
  bucket: ['bucket'],
  size: ['size', 'bytes'],
  modified: ['lastmodifieddate', 'lastmodified', 'modified', 'mtime'],
  etag: ['etag'],
  deleted: ['isdeletemarker'],
  latest: ['islatest'],
} as const;

type Column = keyof typeof COLUMNS;
type Cells = Partial<Record<Column, unknown>>;

/**
 * The rows of an inventory, one by one: a CSV file with a header, also gzipped; a Parquet file; or the manifest.json of Amazon
 * S3 Inventory, with the files that it names. Versions that are not the latest, and those that were deleted, are left out.
 *
 * @param where  a path, or `s3://bucket/key`
 * @throws SigboxError E_IO  it can't be read, or has no column with keys. E_ARGUMENT  a package for it is missing
 */
export async function* readInventory(where: string): AsyncGenerator<InventoryRow> {
  if (/\.json$/i.test(where)) yield* ofManifest(where);
  else if (/\.parquet$/i.test(where)) yield* rowsOf(parquetCells(where));
  else yield* rowsOf(csvCells(where, null));
}

const manifestSchema = object({
  destinationBucket: text,
  fileFormat: text,
  fileSchema: text,
  files: list('files of the inventory', object({ key: text })),
});

/** Source: docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html */
async function* ofManifest(where: string): AsyncGenerator<InventoryRow> {
  const content = await new Response(Readable.toWeb(await bytesOf(where)) as ReadableStream).json().catch((cause) => {
    throw new SigboxError('E_IO', `${where}: is not JSON: ${reason(cause)}.`, { cause });
  });
  const { destinationBucket, fileFormat, fileSchema, files } = check(manifestSchema, content, { where, code: 'E_IO' });
  const bucket = destinationBucket.replace(/^arn:[a-z-]+:s3:::/, '');
  const columns = fileSchema.split(',').map((name) => name.trim());
  for (const { key } of files) {
    const file = `s3://${bucket}/${key}`;
    if (/^parquet$/i.test(fileFormat)) yield* rowsOf(parquetCells(file));
    else if (/^csv$/i.test(fileFormat)) yield* rowsOf(csvCells(file, columns));
    else throw complain('E_IO', { where, expected: 'an inventory as CSV or Parquet', received: fileFormat });
  }
}

async function* rowsOf(rows: AsyncIterable<Cells>): AsyncGenerator<InventoryRow> {
  for await (const { key, bucket, size, modified, etag, deleted, latest } of rows) {
    if (String(deleted) === 'true' || String(latest) === 'false') continue;
    const bytes = Number(size ?? Number.NaN);
    const time = modified instanceof Date ? modified.getTime() : Date.parse(String(modified ?? ''));
    const known = Number.isInteger(bytes) && bytes >= 0 && !Number.isNaN(time);
    const quoted = typeof etag === 'string' && etag !== '' ? { etag: `"${etag.replaceAll('"', '')}"` } : {};
    const file = known ? { bytes, modified: new Date(Math.floor(time)).toISOString(), ...quoted } : null;
    yield { key: String(key), bucket: typeof bucket === 'string' && bucket !== '' ? bucket : null, file };
  }
}

/** @param given  names of columns of a file without a header, whose keys are encoded as in URLs; null: it has one */
async function* csvCells(where: string, given: readonly string[] | null): AsyncGenerator<Cells> {
  const bytes = await bytesOf(where);
  const text = /\.gz$/i.test(where) ? bytes.pipe(createGunzip()) : bytes;
  const parser = parse({ bom: true, skip_empty_lines: true, relax_column_count: true });
  for (const source of new Set([bytes, text])) source.on('error', (error: Error) => parser.destroy(error));
  let columns = given === null ? null : columnsOf(given, where);
  try {
    for await (const row of text.pipe(parser) as AsyncIterable<string[]>) {
      if (columns === null) columns = columnsOf(row, where);
      else {
        const cells: Cells = Object.fromEntries(columns.map(([column, i]) => [column, row[i]]));
        yield given === null ? cells : { ...cells, key: decodeURIComponent(String(cells.key).replaceAll('+', ' ')) };
      }
    }
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${where}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

/** Row groups are read one after the other. */
async function* parquetCells(where: string): AsyncGenerator<Cells> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await loadOptional(
    'inventory',
    ['hyparquet'],
    () => import('hyparquet'),
  );
  await using local = await localFile(where);
  try {
    const file = await asyncBufferFromFile(local.path);
    const metadata = await parquetMetadataAsync(file);
    const names = metadata.schema.slice(1).map(({ name }) => name);
    const columns = columnsOf(names, where);
    let start = 0;
    for (const { num_rows: rows } of metadata.row_groups) {
      const end = start + Number(rows);
      const wanted = columns.map(([, i]) => names[i]!);
      for (const row of await parquetReadObjects({ file, metadata, columns: wanted, rowStart: start, rowEnd: end })) {
        yield Object.fromEntries(columns.map(([column, i]) => [column, (row as Record<string, unknown>)[names[i]!]]));
      }
      start = end;
    }
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${where}: cannot be read as Parquet: ${reason(cause)}.`, { cause });
  }
}

/** Where the columns are that are of use. @throws SigboxError E_IO  there is none with keys */
function columnsOf(header: readonly string[], where: string): [column: Column, index: number][] {
  const plain = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
  const found = Object.entries(COLUMNS).flatMap(([column, names]): [Column, number][] => {
    const index = plain.findIndex((name) => (names as readonly string[]).includes(name));
    return index < 0 ? [] : [[column as Column, index]];
  });
  if (found.some(([column]) => column === 'key')) return found;
  const mend = 'Add a header; the columns size, last_modified and etag are optional.';
  throw complain('E_IO', { where, expected: 'a column named key', received: header.slice(0, 8).join(', '), mend });
}

async function bytesOf(where: string): Promise<Readable> {
  if (!isBucket(where)) return createReadStream(where);
  const cut = where.lastIndexOf('/');
  const store = new PatientStore(await openStore(where.slice(0, cut)));
  return Readable.from(store.stream(where.slice(cut + 1)));
}

/** Parquet is read from its end. */
async function localFile(where: string): Promise<{ path: string } & AsyncDisposable> {
  if (!isBucket(where)) return { path: where, async [Symbol.asyncDispose]() {} };
  const folder = await mkdtemp(join(tmpdir(), 'sigbox-inventory-'));
  const path = join(folder, 'inventory.parquet');
  await writeWhole(path, await bytesOf(where));
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
