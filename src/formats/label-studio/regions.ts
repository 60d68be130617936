import { type Infer, list, looseObject, nullish, object, tuple } from '../../check/shapes.js';
import { anything, finite, text } from '../../check/words.js';
import type { AnnotatedLabel, AnnotatedRegion } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { ImageSize } from '../format.js';
import { checkContent, malformed } from '../reading/malformed.js';
import type { Remarks } from '../reading/remarks.js';
import { boxAround, boxAroundEllipse, boxAroundTurnedAtCorner } from '../shapes.js';
import { boxAroundBrush } from './brush.js';

const resultSchema = object({
  id: nullish(text),
  type: nullish(text),
  original_width: nullish(finite),
  original_height: nullish(finite),
  value: nullish(looseObject({})),
  score: nullish(finite),
  meta: nullish(looseObject({ scores: nullish(list('numbers', anything)) })),
});

const rectangle = object({ x: finite, y: finite, width: finite, height: finite, rotation: nullish(finite) });
const ellipse = object({ x: finite, y: finite, radiusX: finite, radiusY: finite, rotation: nullish(finite) });
const polygon = object({ points: list('points', tuple('two numbers', finite, 2), { min: 3 }) });
const brush = object({ rle: list('bytes', finite) });

export type LabelStudioResult = Infer<typeof resultSchema>;

/**
 * The labelled boxes among an annotation's results. Results of one id are one region, as `<Rectangle>` and `<Labels>` write
 * them; what has no shape or no label, as relations and choices, is counted in the remarks.
 */
export function regionsOf(results: readonly unknown[], where: string, remarks: Remarks): AnnotatedRegion[] {
  const byId = new Map<string, { first: LabelStudioResult; labels: AnnotatedLabel[]; where: string }>();
  for (const [i, content] of results.entries()) {
    const place = `${where}: result ${i}`;
    const result = remarks.attempt(() => checkContent(resultSchema, content, place));
    if (result === null) continue;
    const labels = labelsOf(result);
    const known = byId.get(result.id ?? '');
    if (known === undefined || !result.id) byId.set(result.id || place, { first: result, labels, where: place });
    else {
      if (!hasShape(known.first)) known.first = result;
      known.labels.push(...labels.filter(({ label }) => !known.labels.some((other) => other.label === label)));
    }
  }
  return [...byId.values()].flatMap(({ first, labels, where: place }) => {
    if (labels.length > 0 && hasShape(first)) return remarks.attempt(() => regionOf(first, labels, place)) ?? [];
    remarks.add('not-a-box', `${place}: ${first.type ?? 'of no type'}${hasShape(first) ? ' without a label' : ''}`);
    return [];
  });
}

/** The size of an image, as its results state it. */
export function statedSize(results: readonly unknown[]): Partial<ImageSize> {
  for (const result of results) {
    const { original_width: width, original_height: height } = Object(result) as Record<string, unknown>;
    if (typeof width === 'number' && typeof height === 'number') return { width, height };
  }
  return {};
}

function hasShape({ value }: LabelStudioResult): boolean {
  return ['width', 'radiusX', 'points', 'rle'].some((field) => value !== undefined && value !== null && field in value);
}

/** `labels`, `rectanglelabels`, `polygonlabels`, …; of Choices and texts of a region there are none. */
function labelsOf({ value, score, meta }: LabelStudioResult): AnnotatedLabel[] {
  const lists = Object.entries(value ?? {}).filter(([field, labels]) => /labels$/.test(field) && Array.isArray(labels));
  const names = lists.flatMap(([, labels]) => labels as unknown[]).filter((name) => typeof name === 'string');
  return names.map((label, i) => {
    const own = meta?.scores?.[i] ?? score;
    return typeof own === 'number' ? { label, score: own } : { label };
  });
}

function regionOf(result: LabelStudioResult, labels: AnnotatedLabel[], where: string): AnnotatedRegion[] {
  const size = { width: result.original_width ?? 0, height: result.original_height ?? 0 };
  if (!(size.width > 0 && size.height > 0)) {
    throw malformed(where, 'original_width and original_height, for boxes are percents of them', 'none');
  }
  const box = boxOf(result.value!, size, where);
  return box === null ? [] : [{ box, labels }];
}

/** Percent of the image's sides to pixels. */
function boxOf(value: Record<string, unknown>, size: ImageSize, where: string): Box | null {
  const [toX, toY] = [(x: number) => (x / 100) * size.width, (y: number) => (y / 100) * size.height];
  if ('rle' in value) {
    return boxAroundBrush(checkContent(brush, value, where).rle, size, where);
  }
  if ('points' in value) {
    return boxAround(checkContent(polygon, value, where).points.flatMap(([x, y]) => [toX(x), toY(y)]));
  }
  if ('radiusX' in value) {
    const { x, y, radiusX, radiusY, rotation } = checkContent(ellipse, value, where);
    const pixels = { x: toX(x), y: toY(y), radiusX: toX(radiusX), radiusY: toY(radiusY) };
    return boxAroundEllipse({ ...pixels, rotation: rotation ?? 0 });
  }
  const { x, y, width, height, rotation } = checkContent(rectangle, value, where);
  const [left, top] = [toX(x), toY(y)];
  return boxAroundTurnedAtCorner([left, top, left + toX(width), top + toY(height)], rotation ?? 0);
}
