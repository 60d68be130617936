import { createReadStream } from 'node:fs';
import { complain, reason, SigboxError } from '../../errors.js';
import type { GroundTruthInput } from '../../evaluate/inputs.js';
import { readCsvTable } from '../../formats/csv/csv-table.js';

/** Values of fields by image name. */
export type SliceFields = Record<string, Record<string, unknown>>;

/** The names of fields that a list of `--slice` asks the COCO images for, without those that are CSV files. */
export function imageFieldsOf(slices: readonly string[]): string[] {
  return slices.filter((slice) => !isCsv(slice));
}

/**
 * Values that models are compared by: fields of COCO images, and all columns but the first of CSV files, whose first column
 * names the image.
 *
 * @throws SigboxError E_IO  a CSV that can't be read. E_ARGUMENT  a field that no image has
 */
export async function readSlices(slices: readonly string[], groundTruth: GroundTruthInput): Promise<SliceFields> {
  const fields: SliceFields = {};
  for (const slice of slices) {
    if (isCsv(slice)) Object.assign(fields, await fieldsOfCsv(slice));
    else fields[slice] = fieldOfImages(slice, groundTruth);
  }
  return fields;
}

function isCsv(slice: string): boolean {
  return /\.csv$/i.test(slice);
}

function fieldOfImages(field: string, groundTruth: GroundTruthInput): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const image of groundTruth.images) {
    if (!('fields' in image) || image.fields?.[field] === undefined || image.name === null) continue;
    values[image.name] = image.fields[field];
  }
  if (Object.keys(values).length > 0) return values;
  const mend = 'Name a field of the images in a COCO file, or a CSV file whose first column names the image.';
  throw complain('E_ARGUMENT', { where: '--slice', expected: 'a field that images have', received: field, mend });
}

async function fieldsOfCsv(file: string): Promise<SliceFields> {
  try {
    const [header, ...rows] = await readCsvTable(createReadStream(file));
    const names = (header ?? []).slice(1);
    if (names.length === 0) throw complain('E_IO', { where: file, expected: 'two columns or more', received: 'fewer' });
    return Object.fromEntries(
      names.map((name, i) => [name, Object.fromEntries(rows.map((row) => [row[0]!, row[i + 1]]))]),
    );
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
}
