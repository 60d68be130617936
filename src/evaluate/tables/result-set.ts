import { complain } from '../../errors.js';
import type { AnnotatedRegion } from '../../types/annotations.js';
import type { CocoResult, ResultsInput } from '../inputs.js';
import { type DetectionTable, firstRows } from '../matching/tables.js';
import { writeBox } from './coco-ground-truth.js';
import { countLabels, writeRegion } from './dataset-ground-truth.js';
import { findImages } from './find-images.js';
import { type GroundTruthSet, remark } from './ground-truth-set.js';

/** Detections in the numbers of a ground truth's images and classes. */
export interface ResultSet {
  table: DetectionTable;
  warnings: string[];
}

/**
 * Results in the numbers of the ground truth. What is of images or classes that the ground truth does not have is passed over and
 * counted in the warnings.
 *
 * @throws SigboxError E_ARGUMENT  none of the images is the ground truth's; a field that is missing or not what it is to be
 */
export function resultSet(results: ResultsInput, groundTruth: GroundTruthSet): ResultSet {
  if (!Array.isArray(results)) return ofImages((results as { images: ImageRegions[] }).images, groundTruth);
  if (results.some((entry) => 'category_id' in entry)) return ofCoco(results as readonly CocoResult[], groundTruth);
  return ofImages(
    results.map(({ image, detections }) => ({ image, regions: detections })),
    groundTruth,
  );
}

interface ImageRegions {
  image: string | null;
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
  return { table: firstRows(table, n), warnings: [...warnings, ...unknown.warnings('labels'), ...emptiness(n)] };
}

function ofCoco(results: readonly CocoResult[], groundTruth: GroundTruthSet): ResultSet {
  const images = new Map(groundTruth.images.map(({ id }, number) => [id, number]));
  const classes = new Map(groundTruth.categoryIds?.map((id, classId) => [id, classId]));
  requireIds(groundTruth);
  const table = emptyDetections(results.length);
  const [unknown, unknownImages] = [new Unknown(), new Unknown()];
  let n = 0;
  for (const [i, { image_id, category_id, bbox, score }] of results.entries()) {
    const [image, classId] = [images.get(image_id), classes.get(category_id)];
    if (image === undefined) unknownImages.add(`image_id ${image_id}`);
    else if (classId === undefined) unknown.add(`category_id ${category_id}`);
    if (image === undefined || classId === undefined) continue;
    table.images[n] = image;
    table.classIds[n] = classId;
    table.scores[n] = scoreOf(score, `results: ${i}`);
    writeBox(bbox, table.boxes, n, () => `results: ${i}`);
    table.boxAreas[n] = bbox[2]! * bbox[3]!;
    n++;
  }
  if (unknownImages.count > 0 && unknownImages.count === results.length) {
    throw complain('E_ARGUMENT', {
      where: 'results',
      expected: 'images of the ground truth',
      received: `none: ${unknownImages.some()}`,
    });
  }
  const warnings = [...unknownImages.warnings('images'), ...unknown.warnings('labels'), ...emptiness(n)];
  return { table: firstRows(table, n), warnings };
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
  throw complain('E_ARGUMENT', { where, expected: 'a score for every label', received: score });
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
