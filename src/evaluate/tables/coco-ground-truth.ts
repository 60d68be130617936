import type { BoxColumns } from '../../columns/box-columns.js';
import type { CocoFile } from '../../columns/coco-file.js';
import { complain } from '../../errors.js';
import type { CocoId, LabelFrequency } from '../../types/annotations.js';
import { gather } from '../matching/orders.js';
import {
  type Federated,
  type GroundTruthImage,
  type GroundTruthSet,
  implausibleBoxes,
  remark,
} from './ground-truth-set.js';
import { numbersOf, sortedIds } from './id-numbers.js';

/**
 * Tables of a COCO file. Odd entries are treated as pycocotools treats them, with a warning and a count: annotations of
 * unknown images or categories are skipped; of several annotations with one id the last replaces the others; a detection
 * that matches an annotation with id 0 counts as a false positive. A missing area is that of the box, a missing iscrowd 0.
 *
 * @throws SigboxError E_ARGUMENT  no images
 */
export function cocoGroundTruth(file: CocoFile): GroundTruthSet {
  const imageIds = sortedIds(file.images.map(({ id }) => id));
  const categoryIds = sortedIds(file.categories.map(({ id }) => id));
  if (imageIds.length === 0)
    throw complain('E_ARGUMENT', { where: 'ground truth', expected: 'images', received: 'none' });
  const imageNumbers = new Map(imageIds.map((id, number) => [id, number]));
  const classNumbers = new Map(categoryIds.map((id, number) => [id, number]));
  const images: GroundTruthImage[] = [];
  for (const { id, name, width, height } of file.images) {
    images[imageNumbers.get(id)!] = { name, id, width, height };
  }
  const { table, warnings } = tableOf(file.annotations, imageNumbers, classNumbers);
  const names = new Map(file.categories.map(({ id, name }) => [id, name]));
  return {
    table,
    size: { images: imageIds.length, classes: categoryIds.length },
    labels: categoryIds.map((id) => names.get(id)!),
    categoryIds,
    images,
    federated: federatedOf(file, imageNumbers, classNumbers),
    warnings: [...sharedIds(file, imageIds.length), ...warnings, ...implausibleBoxes(table, { images })],
  };
}

/** Annotations of different images with one id can't be told apart. */
function sharedIds({ images }: CocoFile, count: number): string[] {
  const what = 'the id of another: the last one stands for all, with the annotations of all, as in pycocotools';
  return remark(images.length - count, 'image has', 'images have', what);
}

type Numbers = ReadonlyMap<CocoId, number>;

function tableOf(columns: BoxColumns, imageNumbers: Numbers, classNumbers: Numbers) {
  const images = gather(numbersOf(columns.imageIds, imageNumbers), columns.images);
  const classIds = gather(numbersOf(columns.categoryIds, classNumbers), columns.categories);
  const { rows, warnings } = rowsOf(columns, images, classIds);
  const { ids, areas, crowds } = columns.annotations!;
  const zeroIds = Uint8Array.from(rows, (row) => (ids[row] === 0 ? 1 : 0));
  const zeros = zeroIds.reduce((sum, each) => sum + each, 0);
  const mend = 'with id 0: a match with it counts as a false positive, as in pycocotools. Number annotations from 1';
  warnings.push(...remark(zeros, 'annotation', 'annotations', mend));
  const boxes = new Float64Array(4 * rows.length);
  for (const [n, row] of rows.entries()) boxes.set(columns.boxes.subarray(4 * row, 4 * row + 4), 4 * n);
  const boxAreas = gather(columns.boxAreas, rows);
  const table = {
    ...{ images: new Uint32Array(gather(images, rows)), classIds: new Uint32Array(gather(classIds, rows)) },
    ...{ boxes, boxAreas },
    areas: Float64Array.from(rows, (row, n) => (Number.isNaN(areas[row]) ? boxAreas[n]! : areas[row]!)),
    ...{ crowds: gather(crowds, rows), difficult: new Uint8Array(rows.length), zeroIds },
  };
  return { table, warnings };
}

/** Rows of the annotations that are evaluated, in the order in which pycocotools visits them. */
function rowsOf(columns: BoxColumns, images: Int32Array, classIds: Int32Array) {
  const known: number[] = [];
  let [noImage, noCategory] = [0, 0];
  for (let row = 0; row < columns.count; row++) {
    if (images[row]! < 0) noImage++;
    else if (classIds[row]! < 0) noCategory++;
    else known.push(row);
  }
  const { ids } = columns.annotations!;
  const last = lastOfEachId(ids);
  const replaced = last === null ? 0 : known.filter((row) => isReplaced(row, ids, last)).length;
  const warnings = [
    ...remark(noImage, 'annotation is', 'annotations are', 'of images that the ground truth does not list: skipped'),
    ...remark(
      noCategory,
      'annotation is',
      'annotations are',
      'of categories that the ground truth does not list: skipped',
    ),
    ...remark(
      replaced,
      'annotation shares its id with a later one, which replaces it',
      'annotations share their id with a later one, which replaces them',
      'as in pycocotools. Give each annotation its own id, from 1',
    ),
  ];
  if (replaced === 0) return { rows: Uint32Array.from(known), warnings };
  const byImage = known.sort((a, b) => images[a]! - images[b]!);
  const rows = byImage.map((row) => (isReplaced(row, ids, last!) ? last!.get(ids[row]!)! : row));
  // a replacement is itself skipped if its own image or category is unknown
  return { rows: Uint32Array.from(rows.filter((row) => images[row]! >= 0 && classIds[row]! >= 0)), warnings };
}

/** Id → its last row; null: every id occurs once. */
function lastOfEachId(ids: Float64Array): Map<number, number> | null {
  let ascends = true;
  for (let row = 1; row < ids.length && ascends; row++) ascends = ids[row]! > ids[row - 1]!;
  if (ascends) return null;
  const last = new Map<number, number>();
  for (let row = 0; row < ids.length; row++) if (!Number.isNaN(ids[row])) last.set(ids[row]!, row);
  return last;
}

function isReplaced(row: number, ids: Float64Array, last: ReadonlyMap<number, number>): boolean {
  return !Number.isNaN(ids[row]) && last.get(ids[row]!) !== row;
}

const FREQUENCIES: Record<string, LabelFrequency> = { r: 'rare', c: 'common', f: 'frequent' };

function federatedOf({ images, categories }: CocoFile, imageNumbers: Numbers, classNumbers: Numbers): Federated | null {
  if (!images.some(({ absent, incomplete }) => absent ?? incomplete)) return null;
  const setOf = (ids: readonly CocoId[] = []) => new Set(ids.flatMap((id) => classNumbers.get(id) ?? []));
  const federated: Federated = { absent: [], incomplete: [], frequencies: [] };
  for (const { id, absent, incomplete } of images) {
    const number = imageNumbers.get(id)!;
    federated.absent[number] = setOf(absent);
    federated.incomplete[number] = setOf(incomplete);
  }
  for (const { id, frequency = '' } of categories) {
    federated.frequencies[classNumbers.get(id)!] = FREQUENCIES[frequency] ?? null;
  }
  return federated;
}
