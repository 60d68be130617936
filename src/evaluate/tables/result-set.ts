import type { BoxColumns } from '../../columns/box-columns.js';
import { columnsOfResults } from '../../columns/parsed-coco.js';
import { complain } from '../../errors.js';
import type { AnnotatedRegion } from '../../types/annotations.js';
import type { ResultsInput } from '../inputs.js';
import { gather } from '../matching/orders.js';
import { type DetectionTable, firstRows, someRows } from '../matching/tables.js';
import { countLabels, writeRegion } from './dataset-ground-truth.js';
import { findImages } from './find-images.js';
import { type GroundTruthSet, remark } from './ground-truth-set.js';
import { numbersOf } from './id-numbers.js';
import type { ResultSizes } from './match-sizes.js';

/** Detections in the numbers of a ground truth's images and classes. */
export interface ResultSet {
  table: DetectionTable;
  /** Of images, as the results have them. */
  sizes: ResultSizes;
  warnings: string[];
}

/**
 * Results in the numbers of the ground truth. What is of images or classes that the ground truth does not have is passed over and
 * counted in the warnings.
 *
 * @throws SigboxError E_ARGUMENT  none of the images is the ground truth's; a field that is missing or not what it is to be
 */
export function resultSet(results: ResultsInput, groundTruth: GroundTruthSet): ResultSet {
  if ('boxAreas' in results) return ofColumns(results, groundTruth);
  if (!Array.isArray(results)) return ofImages((results as { images: ImageRegions[] }).images, groundTruth);
  if (results.some((entry) => 'category_id' in entry)) return ofColumns(columnsOfResults(results), groundTruth);
  return ofImages(
    results.map(({ image, width, height, detections }) => ({ image, width, height, regions: detections })),
    groundTruth,
  );
}

interface ImageRegions {
  image: string | null;
  width: number;
  height: number;
  regions: AnnotatedRegion[];
}

function ofImages(images: readonly ImageRegions[], groundTruth: GroundTruthSet): ResultSet {
  const { numbers, warnings } = findImages(
    images.map(({ image }) => image),
    groundTruth.images,
  );
  const classes = new Map(groundTruth.labels.map((label, classId) => [label, classId]));
  const table = emptyDetections(countLabels(images));
  const unknown = new Unknown();
  let n = 0;
  for (const [i, { image: name, regions }] of images.entries()) {
    if (numbers[i]! < 0) continue;
    for (const region of regions) {
      for (const { label, score } of region.labels) {
        const classId = classes.get(label);
        if (classId === undefined) unknown.add(label);
        if (classId === undefined) continue;
        const where = `results: ${name}`;
        table.images[n] = numbers[i]!;
        table.classIds[n] = classId;
        table.scores[n] = scoreOf(score, where);
        writeRegion(region, table, n, where);
        n++;
      }
    }
  }
  const sizes = new Map(
    images.flatMap(({ width, height }, i) =>
      numbers[i]! < 0 ? [] : [[numbers[i]!, [width, height] as const] as const],
    ),
  );
  return { table: firstRows(table, n), sizes, warnings: [...warnings, ...unknown.warnings('labels'), ...emptiness(n)] };
}

function ofColumns(columns: BoxColumns, groundTruth: GroundTruthSet): ResultSet {
  const { images, classIds, warnings } =
    columns.idsAre === 'names' ? byName(columns, groundTruth) : byId(columns, groundTruth);
  const [unknown, unknownImages] = [new Unknown(), new Unknown()];
  const rows = new Uint32Array(columns.count);
  let n = 0;
  for (let row = 0; row < columns.count; row++) {
    const [image, category] = [columns.images[row]!, columns.categories[row]!];
    if (images[image]! < 0) unknownImages.add(`image_id ${columns.imageIds[image]}`);
    else if (classIds[category]! < 0)
      unknown.add(
        columns.idsAre === 'names'
          ? String(columns.categoryIds[category])
          : `category_id ${columns.categoryIds[category]}`,
      );
    else rows[n++] = row;
  }
  if (columns.idsAre === 'ids') {
    if (unknownImages.count > 0 && unknownImages.count === columns.count) {
      throw complain('E_ARGUMENT', {
        where: 'results',
        expected: 'images of the ground truth',
        received: `none: ${unknownImages.some()}`,
      });
    }
    warnings.push(...unknownImages.warnings('images'));
  }
  const missing = columns.scores.findIndex(Number.isNaN);
  if (missing >= 0) throw missingScore(`results: ${missing}`, undefined);
  const all: DetectionTable = {
    images: gather(new Uint32Array(images), columns.images),
    classIds: gather(new Uint32Array(classIds), columns.categories),
    ...{ boxes: columns.boxes, boxAreas: columns.boxAreas, scores: columns.scores },
    ignoreUnmatched: new Uint8Array(columns.count),
  };
  const table = n === columns.count ? all : someRows(all, rows.subarray(0, n));
  const sizes = new Map(
    columns.imageIds.flatMap((id, handle) => {
      const [number, size] = [images[handle]!, columns.imageSizes?.get(id)];
      return number < 0 || size === undefined ? [] : [[number, size] as const];
    }),
  );
  return { table, sizes, warnings: [...warnings, ...unknown.warnings('labels'), ...emptiness(n)] };
}

/** By handle: the number of each image and class in the ground truth; −1: it does not have it. */
interface HandleNumbers {
  images: Int32Array;
  classIds: Int32Array;
  warnings: string[];
}

function byId({ imageIds, categoryIds }: BoxColumns, groundTruth: GroundTruthSet): HandleNumbers {
  requireIds(groundTruth);
  const numbers = new Map(groundTruth.images.map(({ id }, number) => [id, number]));
  const classNumbers = new Map(groundTruth.categoryIds!.map((id, classId) => [id, classId]));
  return { images: numbersOf(imageIds, numbers), classIds: numbersOf(categoryIds, classNumbers), warnings: [] };
}

function byName({ imageIds, categoryIds }: BoxColumns, groundTruth: GroundTruthSet): HandleNumbers {
  const { numbers, warnings } = findImages(imageIds.map(String), groundTruth.images);
  const classNumbers = new Map(groundTruth.labels.map((label, classId) => [label, classId]));
  return { images: Int32Array.from(numbers), classIds: numbersOf(categoryIds, classNumbers), warnings };
}

function requireIds({ categoryIds, images }: GroundTruthSet): void {
  if (categoryIds !== null && images.every(({ id }) => id !== null)) return;
  throw complain('E_ARGUMENT', {
    where: 'ground truth',
    expected: 'ids of images and categories, for COCO results name them by number',
    received: 'none',
    mend: 'Give the ground truth as a COCO file, or the results with names.',
  });
}

/** What the ground truth does not have: how often it came, and as what. */
class Unknown {
  count = 0;
  readonly #names = new Set<string>();

  add(name: string): void {
    this.count++;
    this.#names.add(name);
  }

  some(): string {
    const names = [...this.#names];
    return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
  }

  warnings(kind: 'images' | 'labels'): string[] {
    const what = `of ${kind} that are not in the ground truth: skipped (${this.some()})`;
    return remark(this.count, 'detection is', 'detections are', what);
  }
}

function emptiness(n: number): string[] {
  return n === 0 ? ['no detections are left to evaluate'] : [];
}

function scoreOf(score: unknown, where: string): number {
  if (typeof score === 'number' && !Number.isNaN(score)) return score;
  throw missingScore(where, score);
}

function missingScore(where: string, score: unknown) {
  return complain('E_ARGUMENT', { where, expected: 'a score for every label', received: score });
}

function emptyDetections(n: number): DetectionTable {
  return {
    images: new Uint32Array(n),
    classIds: new Uint32Array(n),
    boxes: new Float64Array(4 * n),
    boxAreas: new Float64Array(n),
    scores: new Float64Array(n),
    ignoreUnmatched: new Uint8Array(n),
  };
}
