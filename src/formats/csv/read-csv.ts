import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { reason, SigboxError } from '../../errors.js';
import type { AnnotatedImage, AnnotatedRegion } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { malformed } from '../check.js';
import type { Reader } from '../format.js';
import { parseNumber } from '../xml/xml.js';
import { joinRows, type Row, sortedLabels } from './rows.js';

type Columns = Record<'image' | 'x1' | 'y1' | 'x2' | 'y2' | 'label', string> &
  Record<'width' | 'height' | 'region' | 'score' | 'difficult' | 'crowd', string | null>;

/** What each column may be called; the first is what is written. */
const NAMES: Record<keyof Columns, string[]> = {
  image: ['image', 'filename', 'file_name', 'path'],
  width: ['width', 'image_width'],
  height: ['height', 'image_height'],
  region: ['region'],
  x1: ['x1', 'xmin'],
  y1: ['y1', 'ymin'],
  x2: ['x2', 'xmax'],
  y2: ['y2', 'ymax'],
  label: ['label', 'class', 'class_name', 'name'],
  score: ['score', 'confidence'],
  difficult: ['difficult'],
  crowd: ['crowd', 'iscrowd'],
};
const OPTIONAL = new Set<keyof Columns>(['width', 'height', 'region', 'score', 'difficult', 'crowd']);

/** An image with its rows, each under the number of its region; '' where there is none. */
interface Entry extends Omit<AnnotatedImage, 'regions'> {
  rows: { region: string; row: Row }[];
}

/**
 * Reads CSV with a header: a line per box, with columns for the image, the edges of the box and the label, and perhaps
 * the image's size, a score and marks. A line without a label is an image without boxes. Labels are sorted, for there is
 * no list of them.
 *
 * Source: RFC 4180; also the names of columns that TensorFlow's and RetinaNet's tools have.
 */
export const readCsv: Reader = async (path) => {
  const entries = new Map<string, Entry>();
  let columns: Columns | null = null;
  let line = 1;
  try {
    for await (const record of recordsOf(path)) {
      line++;
      columns ??= columnsOf(Object.keys(record), path);
      addRecord(entries, record, columns, `${path}: line ${line}`);
    }
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${path}: cannot be read: ${reason(cause)}.`, { cause });
  }
  const images = [...entries.values()].map(({ rows, ...image }) => ({ ...image, regions: regionsOf(rows) }));
  return { labels: sortedLabels(images), images };
};

function recordsOf(path: string): AsyncIterable<Record<string, string>> {
  const parser = parse({ bom: true, columns: true, skip_empty_lines: true });
  const input = createReadStream(path).on('error', (error) => parser.destroy(error)); // which pipe does not pass on
  return input.pipe(parser);
}

function columnsOf(header: readonly string[], path: string): Columns {
  const found = Object.entries(NAMES).map(([column, names]) => {
    const name = names.find((known) => header.includes(known)) ?? null;
    if (name !== null || OPTIONAL.has(column as keyof Columns)) return [column, name];
    throw malformed(path, `a column ${names.join(' or ')}`, header.join(','));
  });
  return Object.fromEntries(found);
}

function addRecord(entries: Map<string, Entry>, record: Record<string, string>, columns: Columns, where: string): void {
  const value = (column: keyof Columns) => record[columns[column] ?? ''] ?? '';
  const number = (column: keyof Columns) => parseNumber(value(column), `${where}: ${columns[column]}`);
  const image = value('image');
  const size = (side: 'width' | 'height') => (value(side) === '' ? 0 : number(side));
  const entry = entries.get(image) ?? { image, width: size('width'), height: size('height'), rows: [] };
  entries.set(image, entry);
  if (value('label') === '' && value('x1') === '') return;
  const box: Box = [number('x1'), number('y1'), number('x2'), number('y2')];
  const row: Row = {
    ...{ box, label: value('label') },
    ...(value('score') !== '' && { score: number('score') }),
    ...(value('difficult') === '1' && { difficult: true }),
    ...(value('crowd') === '1' && { crowd: true }),
  };
  entry.rows.push({ region: value('region'), row });
}

/** Numbered regions are kept apart even where their boxes are the same. */
function regionsOf(rows: Entry['rows']): AnnotatedRegion[] {
  const regions: AnnotatedRegion[] = [];
  let pending: Row[] = [];
  for (const [i, { region, row }] of rows.entries()) {
    pending.push(row);
    if (rows[i + 1]?.region === region) continue;
    regions.push(...joinRows(pending));
    pending = [];
  }
  return regions;
}
