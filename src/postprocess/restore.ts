import type { Box, Geometry } from '../types.js';

/**
 * Takes a box from model-input pixels back to the upright image's pixels and clips it to the image.
 *
 * @param boxes  [n, 4] xyxy, model-input pixels. Not changed.
 * @returns the box of row i; null when nothing of it lies inside the image, or it is not a number.
 */
export function restoreBox(boxes: Float32Array, i: number, geometry: Geometry): Box | null {
  const { imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY } = geometry;
  const scaleX = imageWidth / fittedWidth;
  const scaleY = imageHeight / fittedHeight;
  const x1 = clip((boxes[4 * i]! - offsetX) * scaleX, imageWidth);
  const y1 = clip((boxes[4 * i + 1]! - offsetY) * scaleY, imageHeight);
  const x2 = clip((boxes[4 * i + 2]! - offsetX) * scaleX, imageWidth);
  const y2 = clip((boxes[4 * i + 3]! - offsetY) * scaleY, imageHeight);
  return x2 > x1 && y2 > y1 ? [x1, y1, x2, y2] : null;
}

function clip(value: number, high: number): number {
  return Math.min(Math.max(value, 0), high);
}
