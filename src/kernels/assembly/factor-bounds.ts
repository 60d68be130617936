// Bounds of logits whose scores are multiplied by a factor of their row. σ(x) · f ≥ s says the same as
// x ≥ ln s − ln(f − s); logarithms of float32 are near enough, as bounds leave room.

/** Many times the roundings of two sigmoids and their product. */
const ROUNDING: f32 = 1.0 / 1048576.0;
/** Many times the error of a logarithm here. */
const MARGIN: f32 = 1e-4;
/** Products near the smallest float32 lose their precision, and with it what bounds rely on. */
const TINY: f32 = 1e-30;
const LN2: f32 = <f32>Math.LN2;

/**
 * For each factor a logit that whatever reaches `low` has surely reached, one from which on `sure` is reached for certain, and
 * one that whatever reaches `raised` has surely reached.
 *
 * @param factors  [count] f32 in [0, 1]; up to three beyond are read
 * @param bounds   [count, 3] f32, the result; room for three rows more
 */
export function factorBounds(factors: usize, count: i32, low: f32, sure: f32, raised: f32, bounds: usize): void {
  for (let at = factors; at < factors + ((<usize>count) << 2); at += 16, bounds += 48) {
    const f = v128.load(at);
    const first = reachedFrom(f, low);
    const second = certainFrom(f, sure);
    const third = reachedFrom(f, raised);
    putRow(bounds, f32x4.extract_lane(first, 0), f32x4.extract_lane(second, 0), f32x4.extract_lane(third, 0));
    putRow(bounds + 12, f32x4.extract_lane(first, 1), f32x4.extract_lane(second, 1), f32x4.extract_lane(third, 1));
    putRow(bounds + 24, f32x4.extract_lane(first, 2), f32x4.extract_lane(second, 2), f32x4.extract_lane(third, 2));
    putRow(bounds + 36, f32x4.extract_lane(first, 3), f32x4.extract_lane(second, 3), f32x4.extract_lane(third, 3));
  }
}

function putRow(at: usize, low: f32, sure: f32, raised: f32): void {
  store<f32>(at, low);
  store<f32>(at, sure, 4);
  store<f32>(at, raised, 8);
}

function reachedFrom(f: v128, score: f32): v128 {
  if (!(score > TINY)) return f32x4.splat(-Infinity);
  if (score === Infinity) return f32x4.splat(Infinity);
  const s = f32x4.splat(score * (1 - ROUNDING));
  // Where the factor is too low for the score, any bound will do.
  const rest = f32x4.max(f32x4.sub(f, s), f32x4.mul(f, f32x4.splat(ROUNDING)));
  return f32x4.sub(f32x4.sub(log(s), log(rest)), f32x4.splat(MARGIN));
}

function certainFrom(f: v128, score: f32): v128 {
  const s = f32x4.splat(score * (1 + ROUNDING));
  const rest = f32x4.sub(f, s);
  const bound = f32x4.add(f32x4.sub(log(s), log(rest)), f32x4.splat(MARGIN));
  return v128.bitselect(bound, f32x4.splat(Infinity), f32x4.gt(rest, f32x4.splat(TINY)));
}

/** About the logarithm of float32 above TINY: 2 artanh((m − 1) / (m + 1)) of a mantissa, by its series, and exponents. */
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
