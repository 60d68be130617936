import type { Candidates, Geometry } from '../types.js';

/** Order of a box's four numbers. 'cxcywh': centre and size; 'xywh': top left corner and size. */
export type BoxFormat = 'xyxy' | 'yxyx' | 'cxcywh' | 'xywh';

/** Pixels, or fractions of the sides, of the model's input or of the upright image. */
export type BoxUnit = 'input-pixels' | 'input-fractions' | 'image-pixels' | 'image-fractions';

/** Where a head's boxes lie: the k-th number of row r at start + r·rowStep + k·step. */
export interface BoxLayout {
  data: Float32Array;
  start: number;
  rowStep: number;
  step: number;
}

/**
 * The boxes of some rows, decoded already but for format and unit.
 *
 * @returns boxes [n, 4] xyxy in pixels of `space`; float64 inside, rounded once to float32
 */
export function boxesOf(
  rows: Uint32Array,
  { data, start, rowStep, step }: BoxLayout,
  { format, unit }: { format: BoxFormat; unit: BoxUnit },
  geometry: Geometry,
): Pick<Candidates, 'boxes' | 'space'> {
  const space = unit.startsWith('input') ? 'input' : 'image';
  const [scaleX, scaleY] = scaleOf(unit, geometry);
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  const [x, y] = format === 'yxyx' ? [1, 0] : [0, 1];
  const centred = format === 'cxcywh';
  const sized = format === 'xywh';
  for (let i = 0; i < rows.length; i++) {
    const at = start + rows[i]! * rowStep;
    let x1 = data[at + x * step]!;
    let y1 = data[at + y * step]!;
    let x2 = data[at + (2 + x) * step]!;
    let y2 = data[at + (2 + y) * step]!;
    if (centred) {
      const [halfWidth, halfHeight] = [x2 / 2, y2 / 2];
      x2 = x1 + halfWidth;
      y2 = y1 + halfHeight;
      x1 -= halfWidth;
      y1 -= halfHeight;
    } else if (sized) {
      x2 += x1;
      y2 += y1;
    }
    boxes[4 * i] = x1 * scaleX;
    boxes[4 * i + 1] = y1 * scaleY;
    boxes[4 * i + 2] = x2 * scaleX;
    boxes[4 * i + 3] = y2 * scaleY;
  }
  return { boxes, space };
}

function scaleOf(unit: BoxUnit, { inputWidth, inputHeight, imageWidth, imageHeight }: Geometry): [number, number] {
  if (unit === 'input-fractions') return [inputWidth, inputHeight];
  if (unit === 'image-fractions') return [imageWidth, imageHeight];
  return [1, 1];
}
