import type { RawPixels } from '../types/pictures.js';
import type { View } from './plan-views.js';

/** @returns the pixels of a view, a copy; of the whole image the image's own */
export function cropView(image: RawPixels, { kind, left, top, width, height }: View): RawPixels {
  if (kind === 'whole') return image;
  const { data, channels } = image;
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * image.width + left) * channels;
    pixels.set(data.subarray(start, start + width * channels), y * width * channels);
  }
  return { data: pixels, width, height, channels };
}
