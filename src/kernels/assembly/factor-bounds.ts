// Bounds of logits whose scores are multiplied by a factor of their row. σ(x) · f ≥ s says the same as
// x ≥ ln (s / (f − s)); logarithms of float32 are near enough, as bounds leave room.

/** Many times the roundings of two sigmoids and their product. */
const ROUNDING: f32 = 1.0 / 1048576.0;
/** Many times the error of a logarithm here. */
const MARGIN: f32 = 1e-4;
/** Products near the smallest float32 lose their precision, and with it what bounds rely on. */
const TINY: f32 = 1e-30;
const LN2: f32 = <f32>Math.LN2;

/**
 * For each of four factors a logit that whatever reaches a score has surely reached; −∞ where no bound can be relied on.
 *
 * @param f  four f32 in [0, 1]
 */
export function reachedFrom(f: v128, score: f32): v128 {
  if (!(score > TINY)) return f32x4.splat(-Infinity);
  if (score === Infinity) return f32x4.splat(Infinity);
  const s = f32x4.splat(score * (1 - ROUNDING));
  // Where the factor is too low for the score, any bound will do.
  const rest = f32x4.pmax(f32x4.sub(f, s), f32x4.mul(f, f32x4.splat(ROUNDING)));
  return f32x4.sub(log(f32x4.div(s, rest)), f32x4.splat(MARGIN));
}

/** For each of four factors a logit from which on a score is reached for certain; ∞ where none can be relied on. */
export function certainFrom(f: v128, score: f32): v128 {
  const s = f32x4.splat(score * (1 + ROUNDING));
  const rest = f32x4.sub(f, s);
  const bound = f32x4.add(log(f32x4.div(s, rest)), f32x4.splat(MARGIN));
  return v128.bitselect(bound, f32x4.splat(Infinity), f32x4.gt(rest, f32x4.splat(TINY)));
}

/** About the logarithm of a normal float32: 2 artanh((m − 1) / (m + 1)) of a mantissa, by its series, and exponents. */
function log(x: v128): v128 {
  const one = f32x4.splat(1);
  const exponent = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(127)));
  const m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), one);
  const t = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const square = f32x4.mul(t, t);
  let sum = f32x4.splat(2.0 / 9);
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 7));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 5));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2.0 / 3));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(2));
  return f32x4.add(f32x4.mul(exponent, f32x4.splat(LN2)), f32x4.mul(t, sum));
}
