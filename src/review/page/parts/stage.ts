import type { Box, Detection } from '../../../types/detections.js';
import type { Placement } from './overlay.js';

/** How near a pointer has to come to an edge or corner to take it, points. */
const REACH = 7;

/** Which sides of a box a drag takes along. */
export interface Grip {
  x1: boolean;
  y1: boolean;
  x2: boolean;
  y2: boolean;
}

export type Point = readonly [x: number, y: number];

/** A point of the canvas in the picture's pixels. */
export function toPicture([x, y]: Point, { scale, left, top }: Placement): Point {
  return [(x - left) / scale, (y - top) / scale];
}

/** Zooms so that what lies under a point stays there. */
export function zoomed(place: Placement, factor: number, [x, y]: Point, least: number): Placement {
  const scale = Math.min(64, Math.max(least, place.scale * factor));
  const change = scale / place.scale;
  return { scale, left: x - (x - place.left) * change, top: y - (y - place.top) * change };
}

/** The part of a box that a pointer takes; null: none. */
export function gripAt({ box: [x1, y1, x2, y2] }: Pick<Detection, 'box'>, point: Point, place: Placement): Grip | null {
  const [x, y] = toPicture(point, place);
  const reach = REACH / place.scale;
  if (x < x1 - reach || x > x2 + reach || y < y1 - reach || y > y2 + reach) return null;
  const near = (a: number, b: number) => Math.abs(a - b) <= reach;
  const grip = { x1: near(x, x1), y1: near(y, y1), x2: near(x, x2) && !near(x, x1), y2: near(y, y2) && !near(y, y1) };
  return grip.x1 || grip.y1 || grip.x2 || grip.y2 ? grip : { x1: true, y1: true, x2: true, y2: true };
}

export function dragged([x1, y1, x2, y2]: Box, grip: Grip, [dx, dy]: Point): Box {
  return [x1 + (grip.x1 ? dx : 0), y1 + (grip.y1 ? dy : 0), x2 + (grip.x2 ? dx : 0), y2 + (grip.y2 ? dy : 0)];
}

/** The smallest box under a point; −1: none. */
export function boxAt(detections: readonly Pick<Detection, 'box'>[], point: Point, place: Placement): number {
  const [x, y] = toPicture(point, place);
  const reach = REACH / place.scale;
  let [found, smallest] = [-1, Number.POSITIVE_INFINITY];
  for (const [i, { box }] of detections.entries()) {
    const [x1, y1, x2, y2] = box;
    if (x < x1 - reach || x > x2 + reach || y < y1 - reach || y > y2 + reach) continue;
    const area = (x2 - x1) * (y2 - y1);
    if (area < smallest) [found, smallest] = [i, area];
  }
  return found;
}
