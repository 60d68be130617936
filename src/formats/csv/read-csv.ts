import type { AnnotatedImage, AnnotatedRegion } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { ReadContext, Reader } from '../format.js';
import { labelStudioDataset } from '../label-studio/read-label-studio.js';
import { malformed, parseNumber } from '../reading/malformed.js';
import type { Remarks } from '../reading/remarks.js';
import { joinRows, type Row, sortedLabels } from '../rows.js';
import { type Columns, columnsNamed, columnsWithoutHeader, isLabelStudioHeader } from './columns.js';
import { recordsOf } from './csv-records.js';
import { unguardCell } from './formula-guard.js';

/** An image with its rows, each under the number of its region; '' where there is none. */
interface Entry extends Omit<AnnotatedImage, 'regions'> {
  rows: { region: string; row: Row }[];
}

/**
 * Reads CSV: a line per box, with columns for the image, the edges of the box and the label, and perhaps the image's size,
 * a score and marks. A line without a label is an image without boxes. Without a header the columns are those of RetinaNet's
 * tools. Commas, semicolons and tabs part columns. Labels are sorted, for there is no list of them. Label Studio's CSV,
 * which has annotations as JSON, is read as its tasks.
 *
 * Source: RFC 4180; also the names of columns that TensorFlow's and RetinaNet's tools have.
 */
export const readCsv: Reader = async (path, context) => {
  const { remarks } = context;
  const entries = new Map<string, Entry>();
  let columns: Columns | null = null;
  let [line, width] = [0, 0];
  for await (const record of recordsOf(path, context)) {
    line++;
    width ||= record.length;
    if (line === 1 && isLabelStudioHeader(record)) return readLabelStudioCsv(path, context);
    if (columns === null) {
      const named = columnsNamed(record, path);
      columns = named ?? columnsWithoutHeader();
      if (named !== null) continue;
      remarks.add('no-header', `${path}: image, x1, y1, x2, y2, label`);
    }
    const place = { columns, where: `${path}: line ${line}`, remarks };
    remarks.attempt(() => {
      if (record.length !== width) throw malformed(place.where, `${width} fields`, `${record.length}`);
      addRecord(entries, record, place);
    });
  }
  if (columns === null) throw malformed(path, 'a line with the names of the columns', 'an empty file');
  if (columns.region === null) requirePixels([...entries.values()], path);
  const images = [...entries.values()].map(({ rows, ...image }) => ({ ...image, regions: regionsOf(rows) }));
  return { labels: sortedLabels(images), images };
};

interface RecordPlace {
  columns: Columns;
  where: string;
  remarks: Remarks;
}

function addRecord(entries: Map<string, Entry>, record: readonly string[], place: RecordPlace): void {
  const { columns, where, remarks } = place;
  const value = (column: keyof Columns) => record[columns[column] ?? -1] ?? '';
  const number = (column: keyof Columns) => parseNumber(value(column), `${where}: ${column}`);
  const size = (side: 'width' | 'height') => (value(side) === '' ? 0 : (remarks.attempt(() => number(side)) ?? 0));
  const image = unguardCell(value('image'));
  if (image === '') throw malformed(where, 'the name of an image', '');
  const entry = entries.get(image) ?? { image, width: size('width'), height: size('height'), rows: [] };
  entries.set(image, entry);
  const label = unguardCell(value('label'));
  const hasBox = (['x1', 'y1', 'x2', 'y2'] as const).some((edge) => value(edge) !== '');
  if (label === '' && !hasBox) return;
  if (label === '' || !hasBox) {
    remarks.add('not-a-box', `${where}: ${hasBox ? 'a box without a label' : `${label} without a box`}`);
    return;
  }
  const box: Box = [number('x1'), number('y1'), number('x2'), number('y2')];
  const row: Row = {
    ...{ box, label },
    ...(value('score') !== '' && { score: number('score') }),
    ...(value('difficult') === '1' && { difficult: true }),
    ...(value('crowd') === '1' && { crowd: true }),
  };
  entry.rows.push({ region: value('region'), row });
}

/** Boxes that all lie between 0 and 1, with fractions, are shares of the image's sides, as Open Images has them. Files with numbered regions are sigbox's own, in pixels. */
function requirePixels(entries: readonly Entry[], path: string): void {
  const edges = entries.flatMap(({ rows }) => rows.flatMap(({ row }) => row.box));
  const isShare = edges.every((edge) => edge >= 0 && edge <= 1) && edges.some((edge) => edge > 0 && edge < 1);
  if (edges.length === 0 || !isShare) return;
  throw malformed(
    path,
    'edges in pixels',
    'edges from 0 to 1',
    'Multiply them by the width and height of their image.',
  );
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

async function readLabelStudioCsv(path: string, context: ReadContext) {
  const tasks: Record<string, unknown>[] = [];
  let header: string[] | null = null;
  for await (const record of recordsOf(path, context)) {
    if (header === null) header = record;
    else tasks.push(Object.fromEntries(header.map((name, i) => [name, parsedCell(record[i] ?? '')])));
  }
  return labelStudioDataset(tasks, path, context);
}

function parsedCell(text: string): unknown {
  if (!/^\s*\[/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // a text of its own that begins with a bracket
  }
}
