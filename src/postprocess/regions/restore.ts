import type { Box } from '../../types/detections.js';
import type { Geometry, Mapping } from '../../types/pictures.js';
import type { Candidates } from '../../types/plan.js';

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
  const { imageWidth, imageHeight } = geometry;
  const { scaleX, scaleY, offsetX, offsetY } = mappingOf({ geometry, space });
  const x1 = clip((boxes[4 * i]! - offsetX) / scaleX, imageWidth);
  const y1 = clip((boxes[4 * i + 1]! - offsetY) / scaleY, imageHeight);
  const x2 = clip((boxes[4 * i + 2]! - offsetX) / scaleX, imageWidth);
  const y2 = clip((boxes[4 * i + 3]! - offsetY) / scaleY, imageHeight);
  return x2 > x1 && y2 > y1 ? [x1, y1, x2, y2] : null;
}

/** How the upright image's pixels become those of the space that boxes are in. */
export function mappingOf({ geometry, space }: Frame): Mapping {
  return space === 'image' ? AS_IT_IS : (geometry.boxes ?? asFitted(geometry));
}

const AS_IT_IS: Mapping = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 };

function asFitted({ imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY }: Geometry): Mapping {
  return { scaleX: fittedWidth / imageWidth, scaleY: fittedHeight / imageHeight, offsetX, offsetY };
}

/** NaN for infinities as well: a box without end is none. */
function clip(value: number, high: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(value, 0), high) : Number.NaN;
}
