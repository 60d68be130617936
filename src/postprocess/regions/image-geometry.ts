import { complain } from '../../errors.js';
import { type Fields, field, finite, oneOf, optional, positive, requireFields, whole } from '../../heads/fields.js';
import { fitImage } from '../../image/fit.js';
import type { InputSpec } from '../../types/model.js';
import type { FitMode, Geometry, Interpolation, Mapping } from '../../types/pictures.js';

interface Size {
  width: number;
  height: number;
}

/** What of a model's input says where an image lies in it. */
type Input = Size & { fit: FitMode } & Partial<Pick<InputSpec, 'rounding' | 'interpolation' | 'multipleOf'>>;

const where = 'postprocess';

/**
 * Where the image lies in the model's input.
 *
 * @param input  of the spec; not needed beside a geometry
 * @throws SigboxError E_ARGUMENT  a field of what is needed that is missing or can't be right
 */
export function imageGeometry(input: unknown, { image, geometry }: { image?: unknown; geometry?: unknown }): Geometry {
  if (geometry !== undefined) {
    requireFields<Geometry>(geometry, GEOMETRY, { where, path: 'options.geometry' });
    return geometry;
  }
  if (!isSize(image)) {
    const expected = 'options.image to be { width, height } of the upright image, or options.geometry';
    throw complain('E_ARGUMENT', { where, expected, received: image });
  }
  if (typeof input !== 'object' || input === null) {
    const expected = 'spec.input to be { width, height, fit } of the model, or options.geometry';
    throw complain('E_ARGUMENT', { where, expected, received: input });
  }
  requireFields<Input>(input, INPUT, { where, path: 'spec.input' });
  return fitImage(image, input, input.fit);
}

function isSize(size: unknown): size is Size {
  if (typeof size !== 'object' || size === null) return false;
  const { width, height } = size as Size;
  return whole.holds(width) && whole.holds(height);
}

const INPUT: Fields<Input> = {
  width: whole,
  height: whole,
  fit: oneOf<FitMode>('stretch', 'letterbox', 'letterbox-top-left', 'shortest-edge'),
  rounding: optional(oneOf<InputSpec['rounding']>('nearest', 'down', 'cut')),
  interpolation: optional(oneOf<Interpolation>('antialias', 'bilinear', 'bicubic', 'bilinear-warp')),
  multipleOf: optional(whole),
};

const MAPPING: Fields<Mapping> = { scaleX: positive, scaleY: positive, offsetX: finite, offsetY: finite };

const GEOMETRY: Fields<Geometry> = {
  imageWidth: whole,
  imageHeight: whole,
  fittedWidth: positive,
  fittedHeight: positive,
  offsetX: finite,
  offsetY: finite,
  inputWidth: positive,
  inputHeight: positive,
  boxes: optional(field<Mapping>('{ scaleX, scaleY, offsetX, offsetY }', isMapping)),
};

function isMapping(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const numbers = value as Record<string, unknown>;
  return Object.entries(MAPPING).every(([name, { holds }]) => holds(numbers[name]));
}
