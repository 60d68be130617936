import type { AnnotatedRegion, CocoId } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { malformed } from '../reading/malformed.js';
import { boxAround } from '../shapes.js';

// Fields are read one by one, not by a schema: files have millions of annotations.

/** @throws SigboxError E_IO  no object */
export function fieldsOf(entry: unknown, where: string): Record<string, unknown> {
  if (typeof entry === 'object' && entry !== null && !Array.isArray(entry)) return entry as Record<string, unknown>;
  throw malformed(where, 'an object', entry);
}

/** @throws SigboxError E_IO  neither a number nor text */
export function idIn(entry: Record<string, unknown>, name: string, where: string): CocoId {
  const id = entry[name];
  if (typeof id === 'number' || typeof id === 'string') return id;
  throw malformed(`${where}.${name}`, 'a number or text', id);
}

/** Ids in a list; nothing else that may be there counts. */
export function idsIn(entry: Record<string, unknown>, name: string): CocoId[] {
  const ids = entry[name];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'number' || typeof id === 'string') : [];
}

export function textIn(entry: Record<string, unknown>, name: string, where: string): string {
  const text = entry[name];
  if (typeof text === 'string') return text;
  if (typeof text === 'number') return String(text);
  throw malformed(`${where}.${name}`, 'text', text);
}

/** Undefined where there is none, or null. @throws SigboxError E_IO  something else than a number */
export function numberIn(entry: Record<string, unknown>, name: string, where: string): number | undefined {
  const value = entry[name];
  if (value === undefined || value === null) return undefined;
  if (Number.isFinite(value)) return value as number;
  throw malformed(`${where}.${name}`, 'a number', value);
}

export function scoreIn(entry: Record<string, unknown>, where: string): number | undefined {
  const score = numberIn(entry, 'score', where);
  if (score === undefined || (score >= 0 && score <= 1)) return score;
  throw malformed(`${where}.score`, 'a number from 0 to 1', score);
}

type Place = Pick<AnnotatedRegion, 'box' | 'size'>;

/**
 * The box of an annotation, else the one around its polygons.
 *
 * @returns null where it has neither
 * @throws SigboxError E_IO  a bbox that is not four numbers
 */
export function boxOfAnnotation({ bbox, segmentation }: Record<string, unknown>, where: string): Place | null {
  if (Array.isArray(bbox) && bbox.length > 0) return placeIn(bbox, `${where}.bbox`);
  if (bbox !== undefined && bbox !== null && !Array.isArray(bbox)) throw malformed(`${where}.bbox`, FOUR, bbox);
  const polygons = Array.isArray(segmentation) ? segmentation : [];
  const points = polygons.flat().filter(Number.isFinite) as number[];
  return points.length >= 6 ? { box: boxAround(points) } : null;
}

const FOUR = 'four numbers: x, y, width, height';

/** Edges as they are counted from x, y, width and height, not clipped; and the size where edges don't give it back. */
export function placeIn(bbox: readonly unknown[], where: string): Place {
  if (bbox.length !== 4 || !bbox.every(Number.isFinite)) {
    const shown = bbox.slice(0, 5).map((value) => JSON.stringify(value));
    throw malformed(where, FOUR, shown.join(', '));
  }
  const [x, y, width, height] = bbox as [number, number, number, number];
  const box: Box = [x, y, x + width, y + height];
  const exact = box[2] - x === width && box[3] - y === height;
  return exact ? { box } : { box, size: [width, height] };
}
