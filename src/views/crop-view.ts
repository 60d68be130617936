import type { RawPixels } from '../types/pictures.js';
import type { View } from '../types/views.js';

/** @returns the pixels of a view, a copy; of the whole image the image's own, unless it is mirrored */
export function cropView(image: RawPixels, { kind, left, top, width, height, augmentation }: View): RawPixels {
  const { flip = 'none' } = augmentation ?? {};
  if (kind === 'whole' && flip === 'none') return image;
  const { data, channels } = image;
  const length = width * channels;
  const pixels = new Uint8Array(height * length);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * image.width + left) * channels;
    const row = flip === 'vertical' ? height - 1 - y : y;
    pixels.set(data.subarray(start, start + length), row * length);
  }
  if (flip === 'horizontal') mirrorRows(pixels, length, channels);
  return { data: pixels, width, height, channels };
}

/** Exchanges left and right, in place. */
function mirrorRows(pixels: Uint8Array, length: number, channels: number): void {
  for (let start = 0; start < pixels.length; start += length) {
    for (let i = start, j = start + length - channels; i < j; i += channels, j -= channels) {
      for (let channel = 0; channel < channels; channel++) {
        const own = pixels[i + channel]!;
        pixels[i + channel] = pixels[j + channel]!;
        pixels[j + channel] = own;
      }
    }
  }
}
