import { SigboxError } from '../errors.js';
import { toTensor } from '../image/to-tensor.js';
import { toFloat16 } from '../kernels/maths/float16.js';
import type { ExtraInput, InputSpec } from '../types/model.js';
import type { FittedImage, Geometry } from '../types/pictures.js';

/** One input's data, as onnxruntime takes it. */
export interface Feed {
  type: InputSpec['type'] | ExtraInput['type'];
  dims: number[];
  data: Float32Array | Uint16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;
}

export type Feeds = Record<string, Feed>;

/**
 * Everything a model wants of one image: the picture itself, and numbers about it where the spec names such inputs.
 *
 * @param allocate  makes the array that a float32 picture is laid into
 */
export function makeFeeds(image: FittedImage, input: InputSpec, allocate = newArray): Feeds {
  const feeds: Feeds = { [input.name]: pictureFeed(image, input, allocate) };
  for (const extra of input.extras) feeds[extra.name] = extraFeed(extra, image.geometry);
  return feeds;
}

/**
 * Checks that every input of a model is fed.
 *
 * @param present  names of the model's inputs
 * @throws SigboxError E_MODEL  an input of which the spec says nothing
 */
export function requireFed(file: string, { name, extras }: InputSpec, present: readonly string[]): void {
  const unfed = present.filter((input) => input !== name && !extras.some((extra) => extra.name === input));
  if (unfed.length === 0) return;
  const names = unfed.map((input) => `"${input}"`).join(', ');
  throw new SigboxError(
    'E_MODEL',
    `model ${file}: the spec says nothing of input ${names}. Name it in input.extras, with what it takes, like ` +
      `{"input":{"extras":[{"name":"${unfed[0]}","type":"float32","value":"image-hw"}]}}.`,
  );
}

function newArray(length: number): Float32Array {
  return new Float32Array(length);
}

const INTEGERS: Partial<Record<InputSpec['type'], (length: number) => Uint8Array | Int8Array>> = {
  uint8: (length) => new Uint8Array(length),
  int8: (length) => new Int8Array(length),
};

function pictureFeed(image: FittedImage, input: InputSpec, allocate: (length: number) => Float32Array): Feed {
  const { inputWidth, inputHeight } = image.geometry;
  const count = 3 * inputWidth * inputHeight;
  const tensor = INTEGERS[input.type]?.(count) ?? allocate(count);
  toTensor(image, input, tensor);
  const sides = input.layout === 'nchw' ? [3, inputHeight, inputWidth] : [inputHeight, inputWidth, 3];
  const data = input.type === 'float16' ? toFloat16(tensor as Float32Array) : tensor;
  return { type: input.type, dims: input.batched ? [1, ...sides] : sides, data };
}

function extraFeed({ type, value, maskSize }: ExtraInput, geometry: Geometry): Feed {
  const { imageWidth, imageHeight, inputWidth, inputHeight, fittedWidth, fittedHeight } = geometry;
  switch (value) {
    case 'image-wh':
      return numbers(type, [1, 2], [imageWidth, imageHeight]);
    case 'image-hw':
      return numbers(type, [1, 2], [imageHeight, imageWidth]);
    case 'input-wh':
      return numbers(type, [1, 2], [inputWidth, inputHeight]);
    case 'input-hw':
      return numbers(type, [1, 2], [inputHeight, inputWidth]);
    case 'scale-yx':
      return numbers(type, [1, 2], [fittedHeight / imageHeight, fittedWidth / imageWidth]);
    case 'mask': {
      const [width, height] = maskSize ?? [inputWidth, inputHeight];
      return numbers(type, [1, height, width], maskOf(geometry, width, height));
    }
  }
}

/** @returns [height, width] 1 where the middle of a cell lies in the image, else 0 */
function maskOf(geometry: Geometry, width: number, height: number): Uint8Array {
  const { fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight } = geometry;
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) {
    const x = (((i % width) + 0.5) * inputWidth) / width - offsetX;
    const y = ((Math.floor(i / width) + 0.5) * inputHeight) / height - offsetY;
    if (x >= 0 && x < fittedWidth && y >= 0 && y < fittedHeight) mask[i] = 1;
  }
  return mask;
}

function numbers(type: ExtraInput['type'], dims: number[], values: ArrayLike<number>): Feed {
  if (type === 'int64') return { type, dims, data: BigInt64Array.from(values, (value) => BigInt(Math.round(value))) };
  if (type === 'int32') return { type, dims, data: Int32Array.from(values) };
  return { type, dims, data: Float32Array.from(values) };
}
