import type { Box, Candidates, Geometry } from '../types.js';

/** Where boxes lie, and how that lies in the image. */
export interface Frame extends Pick<Candidates, 'space'> {
  geometry: Geometry;
}

/**
 * Takes a box to the upright image's pixels and clips it to the image.
 *
 * @param boxes  [n, 4] xyxy, pixels of the space that `frame` names. Not changed.
 * @returns the box of row i; null when nothing of it lies inside the image, or a number of it is not finite.
 */
export function restoreBox(boxes: Float32Array, i: number, { geometry, space }: Frame): Box | null {
  const { imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY } = geometry;
  const [scaleX, scaleY] = space === 'image' ? [1, 1] : [imageWidth / fittedWidth, imageHeight / fittedHeight];
  const [left, top] = space === 'image' ? [0, 0] : [offsetX, offsetY];
  const x1 = clip((boxes[4 * i]! - left) * scaleX, imageWidth);
  const y1 = clip((boxes[4 * i + 1]! - top) * scaleY, imageHeight);
  const x2 = clip((boxes[4 * i + 2]! - left) * scaleX, imageWidth);
  const y2 = clip((boxes[4 * i + 3]! - top) * scaleY, imageHeight);
  return x2 > x1 && y2 > y1 ? [x1, y1, x2, y2] : null;
}

/** NaN for infinities as well: a box without end is none. */
function clip(value: number, high: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), high) : Number.NaN;
}
