/** Binary digits behind the point. */
const DIGITS = 320n;
const ONE = 1n << DIGITS;

/**
 * The float32 nearest to 1 / (1 + e^−x), ties to even: by the definition, in fixed-point numbers of 320 binary digits.
 * Slow; `sigmoid` is compared with it.
 *
 * @param x  a finite float32
 */
export function sigmoid(x: number): number {
  const power = exponential(fixed(-Math.abs(x))); // e^−|x|
  const numerator = x > 0 ? ONE : power;
  return nearestFloat32((numerator * ONE) / (ONE + power));
}

/** e^x for x ≤ 0: of x / 2^16 by the series, then squared 16 times. */
function exponential(x: bigint): bigint {
  const small = x >> 16n;
  let [term, sum] = [ONE, ONE];
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    term = (term * small) / ONE / k;
    sum += term;
  }
  for (let i = 0; i < 16; i++) sum = (sum * sum) / ONE;
  return sum;
}

function fixed(x: number): bigint {
  const scale = 2 ** 149; // every float32 is a whole number of these
  return (BigInt(x * scale) << DIGITS) >> 149n;
}

/** @param value  in [0, 1] */
function nearestFloat32(value: bigint): number {
  const length = BigInt(value.toString(2).length);
  const lowest = DIGITS - 149n; // what the smallest float32 counts
  const drop = length - 24n > lowest ? length - 24n : lowest;
  const half = 1n << (drop - 1n);
  let kept = value >> drop;
  const rest = value - (kept << drop);
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept++;
  return Number(kept) * 2 ** Number(drop - DIGITS);
}
