import { layPixels } from '../kernels/pixels/lay-pixels.js';
import type { InputSpec } from '../types/model.js';
import type { FittedImage } from '../types/pictures.js';

/**
 * Lays a fitted image into a model's input: (pixel · scale − mean) / std per channel, padding around it.
 *
 * @param tensor  [3, height, width] or [height, width, 3] by the spec's layout, of the geometry's input size;
 *                overwritten whole
 */
export function toTensor(image: FittedImage, input: InputSpec, tensor: Float32Array | Uint8Array | Int8Array): void {
  const numbers = tensor instanceof Float32Array ? tensor : new Float32Array(tensor.length);
  lay(image, input, numbers);
  if (numbers !== tensor) tensor.set(numbers);
}

function lay({ pixels, geometry }: FittedImage, input: InputSpec, tensor: Float32Array): void {
  const { fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight } = geometry;
  const cells = inputWidth * inputHeight;
  const planar = input.layout === 'nchw';
  const tables = valueTables(input); // by channel of the tensor
  if (fittedWidth < inputWidth || fittedHeight < inputHeight) {
    const padding = tables.map((values) => values[Math.round(input.padValue)]!);
    if (planar)
      for (const [channel, value] of padding.entries()) tensor.fill(value, channel * cells, (channel + 1) * cells);
    else for (let i = 0; i < tensor.length; i++) tensor[i] = padding[i % 3]!;
  }
  const order = input.channels === 'rgb' ? [0, 1, 2] : [2, 1, 0]; // which channel of the tensor red, green and blue are
  const pixelStep = planar ? 1 : 3;
  const corner = (offsetY * inputWidth + offsetX) * pixelStep;
  const first = order.map((channel) => corner + channel * (planar ? cells : 1)) as [number, number, number];
  const bySource = new Float32Array(3 * 256); // [3, 256]
  for (const [source, channel] of order.entries()) bySource.set(tables[channel]!, 256 * source);
  layPixels({ pixels, width: fittedWidth }, bySource, tensor, { first, pixelStep, rowStep: inputWidth * pixelStep });
}

/** Integer inputs take the nearest integer of their type. */
const RANGES: Partial<Record<InputSpec['type'], [least: number, most: number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
};

/** @returns [3][256] the tensor value of each 8-bit pixel value */
function valueTables({ type, scale, mean, std }: InputSpec): Float32Array[] {
  const [least, most] = RANGES[type] ?? [];
  return mean.map((_, channel) => {
    const values = new Float32Array(256);
    for (let pixel = 0; pixel < 256; pixel++) {
      const value = (pixel * scale - mean[channel]!) / std[channel]!;
      values[pixel] = least === undefined ? value : Math.min(most!, Math.max(least, Math.round(value)));
    }
    return values;
  });
}
