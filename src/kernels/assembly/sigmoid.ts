// The same steps as `sigmoid` in activation.ts and `exp` in elementary.ts, four numbers at a time: each is rounded by
// IEEE 754 alike, so that the results have the same bits.

const LN2: f64 = Math.LN2;
const LN2_HIGH: f64 = 0x162e42fe / 536870912.0;
const LN2_LOW: f64 = 1.8206359985041462e-9;
/** 1 / k! from k = 13 down to 2. */
const INVERSE_FACTORIALS: usize = memory.data<f64>([
  1.0 / 6227020800.0,
  1.0 / 479001600.0,
  1.0 / 39916800.0,
  1.0 / 3628800.0,
  1.0 / 362880.0,
  1.0 / 40320.0,
  1.0 / 5040.0,
  1.0 / 720.0,
  1.0 / 120.0,
  1.0 / 24.0,
  1.0 / 6.0,
  1.0 / 2.0,
]);

/** Logits further from 0 have the sigmoid 0 or 1 that these have. */
const FURTHEST: f32 = 120;
/** Of a number of at most 2^51 added to it, the last bits are those of the number as an integer. */
const INTEGER: f64 = 6755399441055744;

/**
 * Replaces logits by their sigmoids.
 *
 * @param values  [count] f32; what is behind them, up to a multiple of 4, is changed
 */
export function sigmoids(values: usize, count: i32): void {
  for (let at = values; at < values + ((<usize>count) << 2); at += 16) v128.store(at, sigmoidsOfFour(v128.load(at)));
}

/** Of four f32, in two pairs that do not wait for each other. */
export function sigmoidsOfFour(values: v128): v128 {
  const one = f64x2.splat(1);
  const ln2 = f64x2.splat(LN2);
  const logits = f32x4.pmax(f32x4.pmin(values, f32x4.splat(FURTHEST)), f32x4.splat(-FURTHEST));
  const x = f64x2.neg(f64x2.promote_low_f32x4(logits));
  const y = f64x2.neg(f64x2.promote_low_f32x4(v128.shuffle<i64>(logits, logits, 1, 1)));
  // No float32 lies so between two multiples of ln 2 that it would matter how halves are rounded.
  const kx = f64x2.nearest(f64x2.div(x, ln2));
  const ky = f64x2.nearest(f64x2.div(y, ln2));
  const rx = restOf(x, kx);
  const ry = restOf(y, ky);
  let sx = v128.load64_splat(INVERSE_FACTORIALS);
  let sy = sx;
  for (let i: usize = 8; i < 96; i += 8) {
    const term = v128.load64_splat(INVERSE_FACTORIALS + i);
    sx = f64x2.add(f64x2.mul(sx, rx), term);
    sy = f64x2.add(f64x2.mul(sy, ry), term);
  }
  const low = f64x2.div(one, f64x2.add(one, powerOf(rx, sx, kx)));
  const high = f64x2.div(one, f64x2.add(one, powerOf(ry, sy, ky)));
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** x − k · ln 2 */
function restOf(x: v128, k: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
}

/** (1 + r + r² · sum) · 2^k */
function powerOf(r: v128, sum: v128, k: v128): v128 {
  const near = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(f64x2.mul(r, r), sum)));
  const exponents = i64x2.add(f64x2.add(k, f64x2.splat(INTEGER)), i64x2.splat(1023));
  return f64x2.mul(near, i64x2.shl(exponents, 52));
}
