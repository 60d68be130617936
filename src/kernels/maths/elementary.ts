// Elementary functions by +, −, ×, ÷ and √ alone, which IEEE 754 rounds alike on every machine. Math.exp, Math.log and
// Math.atan may differ between engines, and a score that depends on them would as well.

const LN2 = Math.LN2;
/** ln 2 in two parts: the first has so few digits that it can be multiplied by any exponent without rounding. */
const LN2_HIGH = 0x162e42fe / 2 ** 29;
const LN2_LOW = 1.8206359985041462e-9;
const SQRT2 = Math.SQRT2;

/** 1 / k! from k = 13 down to 2. */
const INVERSE_FACTORIALS = Array.from({ length: 12 }, (_, i) => 1 / factorial(13 - i));
/** 1 / k for odd k from 21 down to 3. */
const ODD_FRACTIONS = Array.from({ length: 10 }, (_, i) => 1 / (21 - 2 * i));
/** 2^k for k from −1074 to 1023. */
const POWERS = powersOfTwo();

/**
 * e^x, within 1 unit in the last place of double precision.
 *
 * The argument is taken apart into k · ln 2 + r with |r| ≤ ln 2 / 2, where thirteen terms of the series are enough.
 */
export function exp(x: number): number {
  if (!(x > -745.2)) return Number.isNaN(x) ? x : 0;
  if (x > 709.79) return Number.POSITIVE_INFINITY;
  const k = Math.round(x / LN2);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = INVERSE_FACTORIALS[0]!;
  for (let i = 1; i < 12; i++) sum = sum * r + INVERSE_FACTORIALS[i]!;
  return scale(1 + (r + r * r * sum), k);
}

/** The natural logarithm, within 2 units in the last place; −∞ for 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let [mantissa, k] = split(x);
  if (mantissa > SQRT2) {
    mantissa /= 2;
    k++;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  return k * LN2_HIGH + (k * LN2_LOW + 2 * oddSeries(s, 1));
}

/** The angle whose tangent is x, within 3 units in the last place. */
export function atan(x: number): number {
  if (x < 0) return -atan(-x);
  if (x > 1) return Math.PI / 2 - atan(1 / x);
  // The tangent of half the angle, and of half of that: below 0.2 the series is short.
  const half = x / (1 + Math.sqrt(1 + x * x));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  return 4 * oddSeries(quarter, -1);
}

/** x + sign · x³ / 3 + x⁵ / 5 + sign · x⁷ / 7 …, for |x| below 0.2 */
function oddSeries(x: number, sign: 1 | -1): number {
  const square = sign * x * x;
  let sum = ODD_FRACTIONS[0]!;
  for (let i = 1; i < ODD_FRACTIONS.length; i++) sum = sum * square + ODD_FRACTIONS[i]!;
  return x + x * square * sum;
}

/** value · 2^k, rounded once */
function scale(value: number, k: number): number {
  if (k > 1023) return value * 2 * POWERS[k - 1 + 1074]!;
  if (k < -1022) return value * POWERS[k + 100 + 1074]! * POWERS[1074 - 100]!;
  return value * POWERS[k + 1074]!;
}

/** x = mantissa · 2^k with 1 ≤ mantissa < 2, for x above 0 and below ∞ */
function split(x: number): [mantissa: number, k: number] {
  let [low, high] = [0, POWERS.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (POWERS[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  const k = low - 1074;
  return [k < -1022 ? (x * POWERS[60 + 1074]!) / POWERS[k + 60 + 1074]! : x / POWERS[low]!, k];
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2098);
  powers[1074] = 1;
  for (let i = 1075; i < 2098; i++) powers[i] = powers[i - 1]! * 2;
  for (let i = 1073; i >= 0; i--) powers[i] = powers[i + 1]! / 2;
  return powers;
}
