import { complain, SigboxError } from '../../../errors.js';
import type { ValueDescription } from '../../../model/onnx/metadata.js';
import { type InputSpec, type InputType, inputType } from '../../../types/model.js';

/** The input that takes the picture, as the file declares it. */
export interface PictureInput extends Pick<InputSpec, 'name' | 'type' | 'layout' | 'batched' | 'batch'> {
  /** null where the file leaves it open */
  width: number | null;
  height: number | null;
}

const TYPES: readonly string[] = inputType.names;

/**
 * Finds the input that takes the picture: three channels in front of or behind height and width.
 *
 * @param wanted  its name, where the user says it
 * @throws SigboxError E_MODEL  none, or more than one
 */
export function findImageInput(file: string, inputs: readonly ValueDescription[], wanted?: unknown): PictureInput {
  const images = inputs.filter((value) => wanted === undefined || value.name === wanted).flatMap(imageOf);
  const shown = inputs.map(({ name, type, dims }) => `"${name}" ${type} [${dims.join(', ')}]`).join(', ');
  if (images.length === 1) return images[0]!;
  if (images.length > 1) {
    throw new SigboxError(
      'E_MODEL',
      `model ${file}: expected one input for a picture, received several: ${shown}. ` +
        'A spec like {"input":{"name":"…"}} tells which.',
    );
  }
  throw new SigboxError(
    'E_MODEL',
    `model ${file}: expected an input for pictures of three channels, [1, 3, height, width] or [1, height, width, 3] of ` +
      `${TYPES.join(', ')}; received ${shown || 'none'}.`,
  );
}

function imageOf({ name, type, dims }: ValueDescription): PictureInput[] {
  if (!TYPES.includes(type) || dims.length < 3 || dims.length > 4) return [];
  const batched = dims.length === 4;
  const [a, b, c] = batched ? dims.slice(1) : dims;
  const batch = batched ? (known(dims[0]) ?? 1) : 1;
  const common = { name, type: type as InputType, batched, ...(batch > 1 ? { batch } : {}) };
  if (a === 3 && (batched || c !== 3)) return [{ ...common, layout: 'nchw', height: known(b), width: known(c) }];
  if (c === 3) return [{ ...common, layout: 'nhwc', height: known(a), width: known(b) }];
  // Channels left open as well: then by far the most common order.
  const open = batched && [a, b, c].every((dim) => known(dim) === null);
  return open ? [{ ...common, layout: 'nchw', height: null, width: null }] : [];
}

function known(dim: number | string | undefined): number | null {
  return typeof dim === 'number' && dim > 0 ? dim : null;
}

/**
 * Settles the size of the input.
 *
 * @param wanted  the user's choice; a size that the file fixes must be the same
 * @param usual   where neither the file nor the user says
 * @throws SigboxError E_ARGUMENT  another size than the file fixes
 */
export function settleSize(
  { width, height }: PictureInput,
  wanted: [width: number, height: number] | undefined,
  usual: [width: number, height: number],
): { width: number; height: number; because: string } {
  const fixed = { width: width ?? wanted?.[0] ?? usual[0], height: height ?? wanted?.[1] ?? usual[1] };
  if (wanted !== undefined && (fixed.width !== wanted[0] || fixed.height !== wanted[1])) {
    throw complain('E_ARGUMENT', {
      where: 'size',
      expected: `${fixed.width} × ${fixed.height}, which the model fixes`,
      received: wanted.join(' × '),
    });
  }
  if (width !== null && height !== null) return { ...fixed, because: 'the file fixes it' };
  return { ...fixed, because: wanted === undefined ? 'usual for the family; size or --size sets another' : 'given' };
}
