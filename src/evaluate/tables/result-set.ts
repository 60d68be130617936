import { complain } from '../../errors.js';
import type { AnnotatedRegion } from '../../types/annotations.js';
import type { CocoResult, ResultsGiven } from '../given.js';
import { type DetectionTable, firstRows } from '../matching/tables.js';
import { writeBox } from './coco-truth.js';
import { countLabels, writeRegion } from './dataset-truth.js';
import { findImages } from './image-names.js';
import { remark, type TruthSet } from './truth-set.js';

/** Detections in the numbers of a truth's images and classes. */
export interface ResultSet {
  table: DetectionTable;
  warnings: string[];
}

/**
 * Results in the numbers of the truth. What is of images or classes that the truth does not have is passed over and
 * counted in the warnings.
 *
 * @throws SigboxError E_ARGUMENT  none of the images is the truth's; a field that is missing or not what it is to be
 */
export function resultSet(results: ResultsGiven, truth: TruthSet): ResultSet {
  if (!Array.isArray(results)) return ofImages((results as { images: ImageRegions[] }).images, truth);
  if (results.some((entry) => 'category_id' in entry)) return ofCoco(results as readonly CocoResult[], truth);
  return ofImages(
    results.map(({ image, detections }) => ({ image, regions: detections })),
    truth,
  );
}

interface ImageRegions {
  image: string | null;
  regions: AnnotatedRegion[];
}

function ofImages(images: readonly ImageRegions[], truth: TruthSet): ResultSet {
  const { numbers, warnings } = findImages(
    images.map(({ image }) => image),
    truth.images,
  );
  const classes = new Map(truth.labels.map((label, classId) => [label, classId]));
  const table = emptyDetections(countLabels(images));
  const strange = new Strange();
  let n = 0;
  for (const [i, { image: name, regions }] of images.entries()) {
    if (numbers[i]! < 0) continue;
    for (const region of regions) {
      for (const { label, score } of region.labels) {
        const classId = classes.get(label);
        if (classId === undefined) strange.add(label);
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
  return { table: firstRows(table, n), warnings: [...warnings, ...strange.warnings('labels'), ...emptiness(n)] };
}

function ofCoco(results: readonly CocoResult[], truth: TruthSet): ResultSet {
  const images = new Map(truth.images.map(({ id }, number) => [id, number]));
  const classes = new Map(truth.categoryIds?.map((id, classId) => [id, classId]));
  requireIds(truth);
  const table = emptyDetections(results.length);
  const [strange, strangeImages] = [new Strange(), new Strange()];
  let n = 0;
  for (const [i, { image_id, category_id, bbox, score }] of results.entries()) {
    const [image, classId] = [images.get(image_id), classes.get(category_id)];
    if (image === undefined) strangeImages.add(`image_id ${image_id}`);
    else if (classId === undefined) strange.add(`category_id ${category_id}`);
    if (image === undefined || classId === undefined) continue;
    table.images[n] = image;
    table.classIds[n] = classId;
    table.scores[n] = scoreOf(score, `results: ${i}`);
    writeBox(bbox, table.boxes, n, () => `results: ${i}`);
    table.boxAreas[n] = bbox[2]! * bbox[3]!;
    n++;
  }
  if (strangeImages.count > 0 && strangeImages.count === results.length) {
    throw complain('E_ARGUMENT', {
      where: 'results',
      expected: 'images of the truth',
      received: `none: ${strangeImages.some()}`,
    });
  }
  const warnings = [...strangeImages.warnings('images'), ...strange.warnings('labels'), ...emptiness(n)];
  return { table: firstRows(table, n), warnings };
}

function requireIds({ categoryIds, images }: TruthSet): void {
  if (categoryIds !== null && images.every(({ id }) => id !== null)) return;
  throw complain('E_ARGUMENT', {
    where: 'truth',
    expected: 'ids of images and categories, for COCO results name them by number',
    received: 'none',
    mend: 'Give the truth as a COCO file, or the results with names.',
  });
}

/** What the truth does not have: how often it came, and as what. */
class Strange {
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
    const what = `of ${kind} that the truth does not have: passed over (${this.some()})`;
    return remark(this.count, 'detection is', 'detections are', what);
  }
}

function emptiness(n: number): string[] {
  return n === 0 ? ['no detection is left to judge'] : [];
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
    lenient: new Uint8Array(n),
  };
}
