import { COCO_IOU_THRESHOLDS, match } from '../evaluate/matching/match.js';
import type { DetectionTable, GroundTruthTable } from '../evaluate/matching/tables.js';
import type { AreaRange } from '../evaluate/metrics/areas.js';
import type { GroundTruthSet } from '../evaluate/tables/ground-truth-set.js';
import { meanOfNumbers } from './model-numbers.js';
import type { NumbersOf } from './resample.js';
import { WeightedPrecision } from './weighted-precision.js';

/** A part of the objects, or of the images, that models are compared on by average precision. */
export interface Slice {
  /** What the parts differ in: aspect, crowding, a field of the images. */
  by: string;
  name: string;
  /** Numbers of the images; null: all, and only objects of this range of aspect. */
  images: Uint32Array | null;
  range: AreaRange;
}

/** Width divided by height. */
const ASPECTS: readonly AreaRange[] = [
  { name: 'tall, up to 1:2', min: 0, max: 0.5 },
  { name: 'about as wide as tall', min: 0.5, max: 2 },
  { name: 'wide, from 2:1', min: 2, max: Number.POSITIVE_INFINITY },
];

/** Ground truths in an image. */
const CROWDING = [
  { name: '1 to 3 objects', min: 1, max: 3 },
  { name: '4 to 10 objects', min: 4, max: 10 },
  { name: '11 objects and more', min: 11, max: Number.POSITIVE_INFINITY },
];

const ANY: AreaRange = { name: 'any', min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };

/** Most values of a field that are slices of their own; numbers beyond are cut into four parts of equal size. */
const MAX_VALUES = 12;

/** @param fields  by name: [images] the value of each image; undefined: it has none */
export function slicesOf(
  { table, size }: GroundTruthSet,
  fields: Readonly<Record<string, readonly unknown[]>>,
): Slice[] {
  const counts = new Uint32Array(size.images);
  for (let row = 0; row < table.images.length; row++) if (table.crowds[row] === 0) counts[table.images[row]!]!++;
  const crowding = CROWDING.map(({ name, min, max }) => ({
    ...{ by: 'crowding', name, range: ANY },
    images: imagesWhere(size.images, (image) => counts[image]! >= min && counts[image]! <= max),
  }));
  const aspects = ASPECTS.map((range): Slice => ({ by: 'aspect', name: range.name, images: null, range }));
  const own = Object.entries(fields).flatMap(([field, values]) => fieldSlices(field, values));
  return [...aspects, ...crowding, ...own].filter(({ images }) => images === null || images.length > 0);
}

function fieldSlices(by: string, values: readonly unknown[]): Slice[] {
  const names = values.map((value) => (value === undefined || value === null || value === '' ? null : textOf(value)));
  const distinct = [...new Set(names.filter((name) => name !== null))];
  if (distinct.length > MAX_VALUES && distinct.every((name) => Number.isFinite(Number(name)))) {
    return quarters(
      by,
      names.map((name) => (name === null ? Number.NaN : Number(name))),
    );
  }
  const counts = new Map(distinct.map((name) => [name, names.filter((other) => other === name).length]));
  const common = distinct.sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1)).slice(0, MAX_VALUES);
  return common.map((name) => ({
    ...{ by, name, range: ANY },
    images: imagesWhere(names.length, (image) => names[image] === name),
  }));
}

function quarters(by: string, numbers: readonly number[]): Slice[] {
  const sorted = numbers.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const edges = [0, 0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * sorted.length)]!);
  const starts = [...new Set(edges)];
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? Number.POSITIVE_INFINITY;
    const name = to === Number.POSITIVE_INFINITY ? `from ${from}` : `${from} to below ${to}`;
    return {
      by,
      name,
      range: ANY,
      images: imagesWhere(numbers.length, (image) => numbers[image]! >= from && numbers[image]! < to),
    };
  });
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function imagesWhere(images: number, wanted: (image: number) => boolean): Uint32Array {
  return Uint32Array.from({ length: images }, (_, i) => i).filter(wanted);
}

/** Average precision of a slice's objects. */
export function sliceNumbers({ table, size }: GroundTruthSet, detections: DetectionTable, slice: Slice): NumbersOf {
  const { range } = slice;
  const isAspect = range !== ANY;
  const [groundTruths, found] = isAspect ? [byAspect(table), aspectsOf(detections)] : [table, detections.boxAreas];
  const options = { areaRanges: [range], detectionSizes: found };
  const matches = match(groundTruths, detections, size, options);
  const thresholds = COCO_IOU_THRESHOLDS.length;
  const weighted = new WeightedPrecision(matches, detections, groundTruths, {
    ...{ classes: size.classes, thresholds, area: 0, range, limits: [] },
  });
  const number = new Float64Array(1);
  return (times) => {
    number[0] = meanOfNumbers(weighted.measure(times).AP);
    return number;
  };
}

/** The same ground truths, with aspects in place of areas. */
function byAspect(table: GroundTruthTable): GroundTruthTable {
  return { ...table, areas: aspectsOf(table) };
}

function aspectsOf({ boxes, images }: Pick<DetectionTable, 'boxes' | 'images'>): Float64Array {
  return Float64Array.from(images, (_, row) => {
    const [width, height] = [boxes[4 * row + 2]! - boxes[4 * row]!, boxes[4 * row + 3]! - boxes[4 * row + 1]!];
    return height > 0 ? width / height : Number.POSITIVE_INFINITY;
  });
}
