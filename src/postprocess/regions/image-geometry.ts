import { check } from '../../check/check.js';
import { object } from '../../check/shapes.js';
import { count } from '../../check/words.js';
import { complain } from '../../errors.js';
import { fitImage } from '../../image/fit.js';
import { type Geometry, geometry as geometrySchema } from '../../types/pictures.js';
import type { PostprocessSpec } from '../api/require-spec.js';

const where = 'postprocess';
const size = object({ width: count, height: count });

/**
 * Where the image lies in the model's input.
 *
 * @param input  of the spec; not needed if a geometry is given
 * @throws SigboxError E_ARGUMENT  a required field is missing or out of range
 */
export function imageGeometry(
  input: PostprocessSpec['input'],
  { image, geometry }: { image?: unknown; geometry?: unknown },
): Geometry {
  if (geometry !== undefined) return check(geometrySchema, geometry, { where, path: 'options.geometry' });
  if (image === undefined) {
    const expected = 'options.image to be { width, height } of the upright image, or options.geometry';
    throw complain('E_ARGUMENT', { where, expected, received: image });
  }
  if (input === undefined) {
    const expected = 'spec.input to be { width, height, fit } of the model, or options.geometry';
    throw complain('E_ARGUMENT', { where, expected, received: input });
  }
  return fitImage(check(size, image, { where, path: 'options.image' }), input, input.fit);
}
