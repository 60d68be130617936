import { dirname, join } from 'node:path';
import { isFolder, listFiles } from '../../files/read-file.js';
import type { AnnotatedImage, Dataset, VerifiedLabels } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { recordsOf } from '../csv/csv-records.js';
import type { ReadContext, Reader } from '../format.js';
import { malformed, parseNumber } from '../reading/malformed.js';
import { joinRows, type Row } from '../rows.js';
import { childrenOf, readHierarchy } from './hierarchy.js';

/** Of an image, boxes as shares of its sides. */
interface Entry {
  rows: Row[];
  verified: VerifiedLabels | null;
}

/** What is read of all files. */
interface Tables {
  images: Map<string, Entry>;
  /** Class number, as /m/01g317 → name. */
  names: Map<string, string>;
}

/**
 * Reads Open Images: a table of boxes, of image-level labels, or of predictions; or a folder with them. Beside them, class
 * descriptions give labels their names, and a hierarchy (JSON) says which stand above others.
 *
 * Boxes are shares of their image's sides. With a folder of images they become pixels; else every image is 1 × 1. A group-of box
 * is a crowd. `verified` has the labels that were looked for in an image, where there are image-level labels.
 *
 * Source: https://storage.googleapis.com/openimages/web/download_v7.html and challenge2019_evaluation.html.
 */
export const readOpenImages: Reader = async (path, context) => {
  const folder = (await isFolder(path)) ? path : dirname(path);
  const beside = await listFiles(folder, ['.csv', '.json'], false);
  const given =
    folder === path ? beside.filter((file) => /\.csv$/i.test(file)) : beside.filter((file) => /class-desc/i.test(file));
  const files = new Set([...given.map((file) => join(folder, file)), ...(folder === path ? [] : [path])]);
  const tables: Tables = { images: new Map(), names: new Map() };
  for (const file of files) await readTable(file, tables, context);
  const json = beside.find((file) => /hierarchy.*\.json$/i.test(file));
  const tree = json === undefined ? null : await readHierarchy(join(folder, json));
  const nameOf = (label: string) => tables.names.get(label) ?? label;
  const hierarchy = tree && childrenOf(tree, nameOf);
  const images: AnnotatedImage[] = [];
  for (const [id, entry] of tables.images) {
    const image = await annotatedImage(id, entry, nameOf, context);
    if (image !== null) images.push(image);
  }
  const labels = new Set([...tables.names.values(), ...namesIn(images), ...namesOfTree(hierarchy)]);
  const dataset: Dataset = { labels: [...labels].sort(), images };
  return hierarchy === null ? dataset : { ...dataset, hierarchy };
};

function namesIn(images: readonly AnnotatedImage[]): string[] {
  return images.flatMap(({ regions, verified }) => [
    ...regions.flatMap(({ labels }) => labels.map(({ label }) => label)),
    ...(verified?.present ?? []),
    ...(verified?.absent ?? []),
  ]);
}

function namesOfTree(hierarchy: Record<string, string[]> | null): string[] {
  return Object.entries(hierarchy ?? {}).flatMap(([parent, children]) => [parent, ...children]);
}

async function readTable(file: string, tables: Tables, context: ReadContext): Promise<void> {
  let columns: ReadonlyMap<string, number> | null = null;
  let line = 0;
  for await (const record of recordsOf(file, context)) {
    line++;
    if (columns === null) {
      if (/^\/[mg]\//.test(record[0] ?? '')) return readNames(file, tables, context);
      columns = new Map(record.map((name, i) => [name.trim().toLowerCase(), i]));
      if (!columns.has('imageid')) return;
      continue;
    }
    const known = columns;
    const field = (name: string) => record[known.get(name) ?? -1];
    context.remarks.attempt(() => addRecord(tables, field, { where: `${file}: line ${line}`, role: context.role }));
  }
}

/** Without a header: /m/01g317,Person */
async function readNames(file: string, { names }: Tables, context: ReadContext): Promise<void> {
  for await (const [label = '', name = ''] of recordsOf(file, context)) names.set(label, name === '' ? label : name);
}

type Field = (name: string) => string | undefined;

function addRecord(tables: Tables, field: Field, { where, role }: { where: string; role: ReadContext['role'] }): void {
  const id = field('imageid') ?? '';
  if (id === '') throw malformed(where, 'an ImageID', '');
  const entry = tables.images.get(id) ?? { rows: [], verified: null };
  tables.images.set(id, entry);
  const number = (name: string) => parseNumber(field(name), `${where}: ${name}`);
  const predictions = field('predictionstring');
  if (predictions !== undefined) {
    entry.rows.push(...predictedRows(predictions, where));
    return;
  }
  const label = field('labelname');
  if (label === undefined) return; // a list of images
  if (field('xmin') === undefined) {
    entry.verified ??= { present: [], absent: [] };
    (number('confidence') > 0 ? entry.verified.present : entry.verified.absent).push(label);
    return;
  }
  const box: Box = [number('xmin'), number('ymin'), number('xmax'), number('ymax')];
  const score = ['score', 'conf', ...(role === 'results' ? ['confidence'] : [])].find(
    (name) => field(name) !== undefined,
  );
  const isGroup = field('isgroupof') === '1';
  entry.rows.push({
    box,
    label,
    ...(score !== undefined && { score: number(score) }),
    ...(isGroup && { crowd: true }),
  });
}

/** As the challenge takes them: label score x1 y1 x2 y2 label … */
function predictedRows(text: string, where: string): Row[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length % 6 !== 0) throw malformed(where, 'six words for each box', `${words.length} words`);
  return Array.from({ length: words.length / 6 }, (_, i) => {
    const [label, score, ...edges] = words.slice(6 * i, 6 * i + 6);
    const box = edges.map((edge) => parseNumber(edge, where)) as Box;
    return { box, label: label!, score: parseNumber(score, where) };
  });
}

async function annotatedImage(
  id: string,
  { rows, verified }: Entry,
  nameOf: (label: string) => string,
  { images, imageSize, remarks }: ReadContext,
): Promise<AnnotatedImage | null> {
  const image = `${id}.jpg`; // as all of them are
  const file = images === undefined ? null : join(images, image);
  const size = file === null ? null : await remarks.attemptLater(() => imageSize(file), 'unreadable-image');
  if (file !== null && size === null) return null;
  const { width, height } = size ?? { width: 1, height: 1 };
  const named = rows.map(({ box: [x1, y1, x2, y2], label, ...rest }): Row => {
    return { ...rest, label: nameOf(label), box: [x1 * width, y1 * height, x2 * width, y2 * height] };
  });
  const found = { image, width, height, regions: joinRows(named) };
  if (verified === null) return found;
  return { ...found, verified: { present: verified.present.map(nameOf), absent: verified.absent.map(nameOf) } };
}
