/** What each target pixel along one axis is made of. */
export interface Taps {
  /** Source pixels per target pixel. */
  count: number;
  /** [target · count] places along the source's axis, ascending per target pixel; the outermost one stands in beyond an edge */
  places: Int32Array;
  /** [target · count] how much each of them counts: whole 2048ths, or float32 fractions of 1 */
  weights: Int32Array | Float32Array;
}

/** Weights are whole numbers of this part, as in OpenCV's resizing of 8-bit pictures. */
const UNIT = 2048;
/** How far the cubic overshoots: OpenCV's choice. */
const A = -0.75;

/**
 * The two source pixels around the centre of each target pixel, the nearer one counting more. Where a picture shrinks to
 * less than half, the pixels between are not looked at.
 *
 * @param source  length of the source's axis, pixels
 * @param target  length of the target's, pixels
 *
 * Source: OpenCV, cv::resize with INTER_LINEAR; the same weights, rounding of float32 included.
 */
export function linearTaps(source: number, target: number): Taps {
  return tapsOf({ source, target, count: 2, weigh: linear });
}

/**
 * The four source pixels around the centre of each target pixel, weighted by a cubic.
 *
 * The rest as in linearTaps. Source: OpenCV, cv::resize with INTER_CUBIC.
 */
export function cubicTaps(source: number, target: number): Taps {
  return tapsOf({ source, target, count: 4, weigh: cubic });
}

function cubic(at: number): number[] {
  const before = ((A * (at + 1) - 5 * A) * (at + 1) + 8 * A) * (at + 1) - 4 * A;
  const left = ((A + 2) * at - (A + 3)) * at * at + 1;
  const right = ((A + 2) * (1 - at) - (A + 3)) * (1 - at) * (1 - at) + 1;
  return [before, left, right, 1 - before - left - right];
}

/**
 * The two source pixels around the place that each target pixel comes from; beyond the edges of the source there is
 * black.
 *
 * @param scale   target = source · scale + offset, whole numbers being the centres of pixels
 *
 * The rest as in linearTaps. Source: OpenCV, cv::warpAffine and cv::warpPerspective with INTER_LINEAR.
 */
export function warpTaps(source: number, target: number, { scale, offset }: { scale: number; offset: number }): Taps {
  const step = Math.fround(1 / scale);
  const start = Math.fround(-offset / scale);
  const places = new Int32Array(target * 2); // [target, 2]
  const weights = new Float32Array(target * 2); // [target, 2]
  for (let i = 0; i < target; i++) {
    const centre = Math.fround(Math.fround(step * i) + start);
    const left = Math.floor(centre);
    const at = Math.fround(centre - left);
    for (const [k, weight] of linear(at).entries()) {
      const place = Math.min(Math.max(left + k, 0), source - 1);
      places[2 * i + k] = place;
      weights[2 * i + k] = place === left + k ? weight : 0;
    }
  }
  return { count: 2, places, weights };
}

/** The same along an axis that is stored from its end to its start. */
export function reversedTaps({ count, places, weights }: Taps, source: number): Taps {
  return { count, places: places.map((place) => source - 1 - place), weights };
}

interface Weighing {
  source: number;
  target: number;
  count: number;
  /** What the source pixels count when the place lies `at`, 0 to 1, between the middle two. */
  weigh: (at: number) => number[];
}

function linear(at: number): number[] {
  return [Math.fround(1 - at), at];
}

/** At half-pixel centres. */
function tapsOf({ source, target, count, weigh }: Weighing): Taps {
  const scale = 1 / (target / source);
  const places = new Int32Array(target * count); // [target, count]
  const weights = new Int32Array(target * count); // [target, count]
  for (let i = 0; i < target; i++) {
    const centre = Math.fround((i + 0.5) * scale - 0.5);
    const left = Math.floor(centre);
    const weight = weigh(Math.fround(centre - left));
    for (let k = 0; k < count; k++) {
      const place = left + 1 - count / 2 + k;
      places[i * count + k] = Math.min(Math.max(place, 0), source - 1);
      weights[i * count + k] = roundToEven(Math.fround(weight[k]!) * UNIT);
    }
  }
  return { count, places, weights };
}

function roundToEven(value: number): number {
  const low = Math.floor(value);
  const part = value - low;
  if (part === 0.5) return low % 2 === 0 ? low : low + 1;
  return part < 0.5 ? low : low + 1;
}
