// The same steps as `sigmoid` in activation.ts and `exp` in elementary.ts, two numbers at a time: each is rounded by
// IEEE 754 alike, so that the results have the same bits.

const LN2: f64 = Math.LN2;
const LN2_HIGH: f64 = 0x162e42fe / 536870912.0;
const LN2_LOW: f64 = 1.8206359985041462e-9;

/**
 * Replaces logits by their sigmoids.
 *
 * @param values  [count] f32; one beyond the end is changed where count is odd
 */
export function sigmoids(values: usize, count: i32): void {
  for (let at = values; at < values + ((<usize>count) << 2); at += 8) {
    v128.store64_lane(at, sigmoidsOfTwo(v128.load64_zero(at)), 0);
  }
}

/** The sigmoids of the first two of four f32. */
export function sigmoidsOfTwo(values: v128): v128 {
  const one = f64x2.splat(1);
  const logits = f64x2.promote_low_f32x4(values);
  return f32x4.demote_f64x2_zero(f64x2.div(one, f64x2.add(one, exp(f64x2.neg(logits)))));
}

function exp(x: v128): v128 {
  // Beyond these ends the result is 0 or infinity; inside k is small enough for the bits of 2^k.
  const low = f64x2.le(x, f64x2.splat(-745.2));
  const high = f64x2.gt(x, f64x2.splat(709.79));
  const k = round(f64x2.div(x, f64x2.splat(LN2)));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  let sum = f64x2.splat(1.0 / 6227020800.0);
  sum = next(sum, r, 1.0 / 479001600.0);
  sum = next(sum, r, 1.0 / 39916800.0);
  sum = next(sum, r, 1.0 / 3628800.0);
  sum = next(sum, r, 1.0 / 362880.0);
  sum = next(sum, r, 1.0 / 40320.0);
  sum = next(sum, r, 1.0 / 5040.0);
  sum = next(sum, r, 1.0 / 720.0);
  sum = next(sum, r, 1.0 / 120.0);
  sum = next(sum, r, 1.0 / 24.0);
  sum = next(sum, r, 1.0 / 6.0);
  sum = next(sum, r, 1.0 / 2.0);
  const near = f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(f64x2.mul(r, r), sum)));
  const power = v128.bitselect(f64x2.splat(0), v128.bitselect(f64x2.splat(Infinity), scaled(near, k), high), low);
  return v128.bitselect(x, power, f64x2.ne(x, x));
}

/** As Math.round: halves go up. */
function round(x: v128): v128 {
  const above = f64x2.ceil(x);
  const less = f64x2.gt(f64x2.sub(above, f64x2.splat(0.5)), x);
  return f64x2.sub(above, v128.and(less, f64x2.splat(1)));
}

function next(sum: v128, r: v128, term: f64): v128 {
  return f64x2.add(f64x2.mul(sum, r), f64x2.splat(term));
}

/** value · 2^k. float32 logits never lead outside −149 < log2 < 151 unless the sigmoid is 0 or 1 whatever it is. */
function scaled(value: v128, k: v128): v128 {
  const whole = i32x4.trunc_sat_f64x2_s_zero(f64x2.min(f64x2.max(k, f64x2.splat(-1000)), f64x2.splat(1000)));
  const exponents = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(whole), i64x2.splat(1023)), 52);
  return f64x2.mul(value, exponents);
}
