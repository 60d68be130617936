import type { Taps } from './taps.js';

/** One axis of the upright picture: which source pixels make its target pixels, and where they lie in memory. */
export interface Axis {
  taps: Taps;
  /** Bytes from one source pixel of the axis to the next. */
  step: number;
  /** The source pixel of the axis with which memory begins. */
  first: number;
  /** The target pixels to be made, end exclusive. */
  from: number;
  to: number;
}

/**
 * Makes target pixels out of source pixels by taps along both axes, horizontally first.
 *
 * @param pixels  RGB, 8 bits, in whichever order of rows and columns the axes describe. Not changed.
 * @param axes    of the upright picture; the taps of both are of one kind: 2 or 4 in whole numbers, or 2 in fractions
 * @param target  [height, width, 3] RGB; the pixels that the axes name are overwritten
 * @param width   of the target, pixels
 *
 * Whole numbers give the bytes of OpenCV 5's cv::resize for two taps, and for four are at most one level away, because it
 * sums those in float32; fractions are at most one level from its warps, and hardly ever that.
 */
export function resampleRows(pixels: Uint8Array, axes: { x: Axis; y: Axis }, target: Uint8Array, width: number): void {
  const { x, y } = axes;
  const blendRow = x.taps.count === 4 ? cubicRow : x.taps.weights instanceof Int32Array ? linearRow : fractionRow;
  const columns = offsetsOf(x);
  const rows = offsetsOf(y);
  for (let row = y.from; row < y.to; row++) {
    const at = row * y.taps.count;
    const end = at + y.taps.count;
    blendRow(
      pixels,
      { offsets: columns, weights: x.taps.weights, from: x.from, to: x.to },
      { offsets: rows.subarray(at, end), weights: y.taps.weights.subarray(at, end) },
      target.subarray(3 * row * width, 3 * (row + 1) * width),
    );
  }
}

interface Places {
  /** Bytes from the start of memory, or from the other axis's place. */
  offsets: Int32Array;
  weights: Int32Array | Float32Array;
}

function offsetsOf({ taps, step, first }: Axis): Int32Array {
  return taps.places.map((place) => (place - first) * step);
}

/** Sums in OpenCV's order and with its shifts: 11 bits of weight twice, 4 dropped between, 2 after rounding. */
function linearRow(
  pixels: Uint8Array,
  columns: Places & { from: number; to: number },
  row: Places,
  target: Uint8Array,
) {
  const { offsets, weights, from, to } = columns;
  const [above, below] = [row.offsets[0]!, row.offsets[1]!];
  const [weightAbove, weightBelow] = [row.weights[0]!, row.weights[1]!];
  for (let i = from; i < to; i++) {
    const left = weights[2 * i]!;
    const right = weights[2 * i + 1]!;
    let leftAbove = above + offsets[2 * i]!;
    let rightAbove = above + offsets[2 * i + 1]!;
    let leftBelow = below + offsets[2 * i]!;
    let rightBelow = below + offsets[2 * i + 1]!;
    for (let to = 3 * i, end = to + 3; to < end; to++) {
      const high = (pixels[leftAbove++]! * left + pixels[rightAbove++]! * right) >> 4;
      const low = (pixels[leftBelow++]! * left + pixels[rightBelow++]! * right) >> 4;
      target[to] = (((weightAbove * high) >> 16) + ((weightBelow * low) >> 16) + 2) >> 2;
    }
  }
}

/** As warps do it: one rounding, to the nearest, at the end. */
function fractionRow(
  pixels: Uint8Array,
  columns: Places & { from: number; to: number },
  row: Places,
  target: Uint8Array,
) {
  const { offsets, weights, from, to } = columns;
  const [above, below] = [row.offsets[0]!, row.offsets[1]!];
  const [weightAbove, weightBelow] = [row.weights[0]!, row.weights[1]!];
  for (let i = from; i < to; i++) {
    const left = weights[2 * i]!;
    const right = weights[2 * i + 1]!;
    for (let channel = 0; channel < 3; channel++) {
      const atLeft = offsets[2 * i]! + channel;
      const atRight = offsets[2 * i + 1]! + channel;
      const high = pixels[above + atLeft]! * left + pixels[above + atRight]! * right;
      const low = pixels[below + atLeft]! * left + pixels[below + atRight]! * right;
      target[3 * i + channel] = Math.round(high * weightAbove + low * weightBelow);
    }
  }
}

function cubicRow(pixels: Uint8Array, columns: Places & { from: number; to: number }, row: Places, target: Uint8Array) {
  const { offsets, weights, from, to } = columns;
  for (let i = from; i < to; i++) {
    const [a, b, c, d] = [offsets[4 * i]!, offsets[4 * i + 1]!, offsets[4 * i + 2]!, offsets[4 * i + 3]!];
    const [wa, wb, wc, wd] = [weights[4 * i]!, weights[4 * i + 1]!, weights[4 * i + 2]!, weights[4 * i + 3]!];
    for (let channel = 0; channel < 3; channel++) {
      let sum = 1 << 21; // a half, of 22 bits of weight
      for (let k = 0; k < 4; k++) {
        const at = row.offsets[k]! + channel;
        const line = pixels[at + a]! * wa + pixels[at + b]! * wb + pixels[at + c]! * wc + pixels[at + d]! * wd;
        sum += line * row.weights[k]!;
      }
      target[3 * i + channel] = Math.min(Math.max(sum >> 22, 0), 255);
    }
  }
}
