import type { InputSpec } from '../../src/types/model.js';
import type { FittedImage } from '../../src/types/pictures.js';

/**
 * Lays a fitted image into a model's input: (pixel · scale − mean) / std per channel, padding around it; one number after
 * the other. `toTensor` of src/image is compared with it.
 *
 * @param tensor  [3, height, width] or [height, width, 3] by the spec's layout, of the geometry's input size;
 *                overwritten whole
 */
export function toTensor({ pixels, geometry }: FittedImage, input: InputSpec, tensor: Float32Array | Uint8Array): void {
  const { fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight } = geometry;
  const planar = input.layout === 'nchw';
  const step = planar ? 1 : 3;
  const padded = fittedWidth < inputWidth || fittedHeight < inputHeight;
  for (let channel = 0; channel < 3; channel++) {
    const values = valueTable(input, channel);
    const first = planar ? channel * inputWidth * inputHeight : channel;
    if (padded) fillChannel(tensor, first, step, inputWidth * inputHeight, values[Math.round(input.padValue)]!);
    const source = input.channels === 'rgb' ? channel : 2 - channel;
    for (let y = 0; y < fittedHeight; y++) {
      let from = y * fittedWidth * 3 + source;
      let to = first + ((y + offsetY) * inputWidth + offsetX) * step;
      for (let x = 0; x < fittedWidth; x++, from += 3, to += step) tensor[to] = values[pixels[from]!]!;
    }
  }
}

/** @returns [256] the tensor value of each 8-bit pixel value */
function valueTable({ scale, mean, std }: InputSpec, channel: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, pixel) => (pixel * scale - mean[channel]!) / std[channel]!);
}

function fillChannel(
  tensor: Float32Array | Uint8Array,
  first: number,
  step: number,
  count: number,
  value: number,
): void {
  for (let i = 0, at = first; i < count; i++, at += step) tensor[at] = value;
}
