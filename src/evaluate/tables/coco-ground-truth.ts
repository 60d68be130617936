import { complain } from '../../errors.js';
import type { LabelFrequency } from '../../types/annotations.js';
import type { CocoDataset, CocoId } from '../inputs.js';
import { firstRows, type GroundTruthTable } from '../matching/tables.js';
import {
  emptyGroundTruths,
  type Federated,
  type GroundTruthSet,
  implausibleBoxes,
  remark,
} from './ground-truth-set.js';

type Annotation = CocoDataset['annotations'][number];

/**
 * Tables of a COCO file. Odd entries are treated as pycocotools treats them, with a warning and a count: annotations of
 * unknown images or categories are skipped; of several annotations with one id the last replaces the others; a detection
 * that matches an annotation with id 0 counts as a false positive. A missing area is that of the box, a missing iscrowd 0.
 *
 * @throws SigboxError E_ARGUMENT  no images, or a field that is missing or of the wrong type
 */
export function cocoGroundTruth(given: CocoDataset): GroundTruthSet {
  const imageIds = sortedIds(fieldOf(given, 'images').map(({ id }, i) => idOf(id, `ground truth: images.${i}.id`)));
  const categoryIds = sortedIds(
    fieldOf(given, 'categories').map(({ id }, i) => idOf(id, `ground truth: categories.${i}.id`)),
  );
  if (imageIds.length === 0)
    throw complain('E_ARGUMENT', { where: 'ground truth', expected: 'images', received: 'none' });
  const numbers = { images: numbered(imageIds), classes: numbered(categoryIds) };
  const images = imagesOf(given, numbers.images);
  const { table, warnings } = tableOf(fieldOf(given, 'annotations'), numbers);
  const names = new Map(given.categories.map(({ id, name }) => [id, name]));
  return {
    table,
    size: { images: imageIds.length, classes: categoryIds.length },
    labels: categoryIds.map((id) => String(names.get(id) ?? id)),
    categoryIds,
    images,
    federated: federatedOf(given, numbers),
    warnings: [...warnings, ...implausibleBoxes(table, { images })],
  };
}

/** Id → number, from 0. */
interface Numbers {
  images: ReadonlyMap<CocoId, number>;
  classes: ReadonlyMap<CocoId, number>;
}

function imagesOf(given: CocoDataset, numbers: ReadonlyMap<CocoId, number>): GroundTruthSet['images'] {
  const images: GroundTruthSet['images'] = [];
  for (const { id, file_name, coco_url, width = 0, height = 0 } of given.images) {
    const name = file_name ?? coco_url?.split('/').at(-1) ?? null; // LVIS has the URL only
    images[numbers.get(id)!] = { name, id, width, height };
  }
  return images;
}

function tableOf(
  annotations: readonly Annotation[],
  numbers: Numbers,
): { table: GroundTruthTable; warnings: string[] } {
  const { rows, warnings } = annotationsThatCount(annotations, numbers);
  const table = emptyGroundTruths(rows.length);
  let n = 0;
  let zeros = 0;
  for (const { id, image_id, category_id, bbox, area, iscrowd } of rows) {
    const [image, classId] = [numbers.images.get(image_id), numbers.classes.get(category_id)];
    if (image === undefined || classId === undefined) continue; // replaces another annotation, but is itself skipped
    table.images[n] = image;
    table.classIds[n] = classId;
    writeBox(
      bbox,
      table.boxes,
      n,
      () => `ground truth: annotations.${annotations.findIndex((row) => row.bbox === bbox)}`,
    );
    table.boxAreas[n] = bbox[2]! * bbox[3]!;
    table.areas[n] = area ?? table.boxAreas[n]!;
    table.crowds[n] = iscrowd ? 1 : 0;
    table.zeroIds[n] = id === 0 ? 1 : 0;
    zeros += table.zeroIds[n]!;
    n++;
  }
  const mend = 'with id 0: a match with it counts as a false positive, as in pycocotools. Number annotations from 1';
  warnings.push(...remark(zeros, 'annotation', 'annotations', mend));
  return { table: firstRows(table, n), warnings };
}

/** Annotations in the order in which pycocotools visits them. */
function annotationsThatCount(annotations: readonly Annotation[], { images, classes }: Numbers) {
  const known = annotations.filter(({ image_id, category_id }) => images.has(image_id) && classes.has(category_id));
  const unknown = annotations.filter(({ image_id }) => !images.has(image_id)).length;
  const nameless = annotations.length - known.length - unknown;
  const last = new Map(annotations.flatMap((row) => (row.id === undefined ? [] : [[row.id, row] as const])));
  const hidden = known.filter((row) => row.id !== undefined && last.get(row.id) !== row).length;
  const warnings = [
    ...remark(unknown, 'annotation is', 'annotations are', 'of images that the ground truth does not list: skipped'),
    ...remark(
      nameless,
      'annotation is',
      'annotations are',
      'of categories that the ground truth does not list: skipped',
    ),
    ...remark(
      hidden,
      'annotation shares its id with a later one, which replaces it',
      'annotations share their id with a later one, which replaces them',
      'as in pycocotools. Give each annotation its own id, from 1',
    ),
  ];
  if (hidden === 0) return { rows: known, warnings };
  const byImage = known.sort((a, b) => images.get(a.image_id)! - images.get(b.image_id)!);
  return { rows: byImage.map((row) => (row.id === undefined ? row : last.get(row.id)!)), warnings };
}

const FREQUENCIES: Record<string, LabelFrequency> = { r: 'rare', c: 'common', f: 'frequent' };

function federatedOf({ images, categories }: CocoDataset, numbers: Numbers): Federated | null {
  const lists = images.some((image) => image.neg_category_ids ?? image.not_exhaustive_category_ids);
  if (!lists) return null;
  const setOf = (ids: readonly CocoId[] = []) => new Set(ids.flatMap((id) => numbers.classes.get(id) ?? []));
  const federated: Federated = { absent: [], incomplete: [], frequencies: [] };
  for (const image of images) {
    const number = numbers.images.get(image.id)!;
    federated.absent[number] = setOf(image.neg_category_ids);
    federated.incomplete[number] = setOf(image.not_exhaustive_category_ids);
  }
  for (const { id, frequency = '' } of categories) {
    federated.frequencies[numbers.classes.get(id)!] = FREQUENCIES[frequency] ?? null;
  }
  return federated;
}

/** Writes x, y, width, height as edges, with pycocotools' own additions. */
export function writeBox(bbox: readonly number[], boxes: Float64Array, row: number, where: () => string): void {
  const [x, y, width, height] = Array.isArray(bbox) ? bbox : [];
  const [right, bottom] = [x! + width!, y! + height!];
  if (bbox?.length !== 4 || !Number.isFinite(right) || !Number.isFinite(bottom)) {
    const expected = 'bbox to be four numbers: x, y, width, height';
    throw complain('E_ARGUMENT', { where: where(), expected, received: bbox });
  }
  boxes[4 * row] = x!;
  boxes[4 * row + 1] = y!;
  boxes[4 * row + 2] = right;
  boxes[4 * row + 3] = bottom;
}

/** Each once, ascending. */
function sortedIds(ids: readonly CocoId[]): CocoId[] {
  const order = (a: CocoId, b: CocoId) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1);
  return [...new Set(ids)].sort(order);
}

function numbered(ids: readonly CocoId[]): Map<CocoId, number> {
  return new Map(ids.map((id, number) => [id, number]));
}

function fieldOf<Name extends keyof CocoDataset>(given: CocoDataset, name: Name): CocoDataset[Name] {
  const value: unknown = given[name];
  if (!Array.isArray(value))
    throw complain('E_ARGUMENT', { where: 'ground truth', expected: `a list of ${name}`, received: value });
  const odd = value.findIndex((entry) => typeof entry !== 'object' || entry === null);
  if (odd < 0) return value as never;
  throw complain('E_ARGUMENT', { where: `ground truth: ${name}.${odd}`, expected: 'an object', received: value[odd] });
}

function idOf(id: unknown, where: string): CocoId {
  if (typeof id === 'number' || typeof id === 'string') return id;
  throw complain('E_ARGUMENT', { where, expected: 'a number or text', received: id });
}
