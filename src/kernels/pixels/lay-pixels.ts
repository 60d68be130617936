import { homeOf, type KernelMemory, kernelMemory } from '../memory.js';

/** Bytes of pixels that are copied at a time, so that no picture makes the memory grow that its tensor lies in. */
const PIECE = 1024 * 1024;

/** Where pixels go in a tensor, in numbers. */
export interface TensorPlace {
  /** Of the first pixel's red, green and blue. */
  first: readonly [number, number, number];
  /** From one pixel to the next. */
  pixelStep: number;
  /** From one row to the next. */
  rowStep: number;
}

/**
 * Lays 8-bit RGB pixels into a tensor.
 *
 * @param pixels  [height, width, 3]; not changed
 * @param tables  [3, 256] the number that each value of red, green and blue becomes
 * @param tensor  only the places of the pixels are overwritten; in kernel memory they are written at once
 * @param place   within the tensor
 *
 * The obvious twin: test/reference/to-tensor.ts.
 */
export function layPixels(
  { pixels, width }: { pixels: Uint8Array; width: number },
  tables: Float32Array,
  tensor: Float32Array,
  place: TensorPlace,
): void {
  const home = homeOf(tensor);
  const memory = home?.memory ?? kernelMemory();
  memory.clear();
  const start = home?.start ?? memory.put(tensor);
  layAt(memory, start, { pixels, width, tables, place });
  if (home === null) tensor.set(memory.f32(start, tensor.length));
}

function layAt(
  memory: KernelMemory,
  start: number,
  given: { pixels: Uint8Array; width: number; tables: Float32Array; place: TensorPlace },
): void {
  const { pixels, width, tables, place } = given;
  const { first, pixelStep, rowStep } = place;
  const most = Math.max(1, Math.floor(PIECE / (3 * width)));
  const height = pixels.length / (3 * width);
  const values = memory.put(tables);
  const piece = memory.reserve(Math.min(pixels.length, 3 * width * most));
  for (let y = 0; y < height; y += most) {
    const rows = Math.min(most, height - y);
    memory.u8(piece, 3 * width * rows).set(pixels.subarray(3 * width * y, 3 * width * (y + rows)));
    const [red, green, blue] = first.map((at) => start + 4 * (at + y * rowStep)) as [number, number, number];
    memory.kernels.layPixels(piece, width, rows, values, red, green, blue, 4 * pixelStep, 4 * rowStep);
  }
}
