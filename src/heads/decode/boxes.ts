import { type Infer, oneOf } from '../../check/shapes.js';
import { type BoxLayout, layBoxes } from '../../kernels/boxes/lay-boxes.js';
import type { Geometry } from '../../types/pictures.js';
import type { Candidates } from '../../types/plan.js';

/** Order of a box's four numbers. 'cxcywh': centre and size; 'xywh': top left corner and size. */
export type BoxFormat = Infer<typeof boxFormat>;
export const boxFormat = oneOf('xyxy', 'yxyx', 'cxcywh', 'xywh');

/** Pixels, or fractions of the sides, of the model's input or of the upright image. */
export type BoxUnit = Infer<typeof boxUnit>;
export const boxUnit = oneOf('input-pixels', 'input-fractions', 'image-pixels', 'image-fractions');

/** Units of boxes that don't depend on the image. */
export type InputUnit = Extract<BoxUnit, `input-${string}`>;

/**
 * The boxes of some rows, decoded already but for format and unit.
 *
 * @returns boxes [n, 4] xyxy in pixels of `space`; float64 inside, rounded once to float32
 */
export function boxesOf(
  rows: Uint32Array,
  layout: BoxLayout,
  { format, unit }: { format: BoxFormat; unit: BoxUnit },
  geometry: Geometry,
): Pick<Candidates, 'boxes' | 'space'> {
  const { scaleX, scaleY } = scaleOf(unit, geometry);
  const boxes = layBoxes(rows, layout, { form: FORMS[format], swapped: format === 'yxyx', scaleX, scaleY });
  return { boxes, space: unit.startsWith('input') ? 'input' : 'image' };
}

const FORMS = { xyxy: 'corners', yxyx: 'corners', cxcywh: 'centred', xywh: 'sized' } as const;

function scaleOf(unit: BoxUnit, { inputWidth, inputHeight, imageWidth, imageHeight }: Geometry) {
  if (unit === 'input-fractions') return { scaleX: inputWidth, scaleY: inputHeight };
  if (unit === 'image-fractions') return { scaleX: imageWidth, scaleY: imageHeight };
  return { scaleX: 1, scaleY: 1 };
}
