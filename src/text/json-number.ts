/** Powers of ten that are exact as float64. */
const TEN = Array.from({ length: 14 }, (_, exponent) => 10 ** exponent);
const [SMALLEST, LARGEST] = [1e-5, 1e6];
/** Scaled values have up to nine digits before the point and an error of at most 1e-7 behind it. */
const SURE = 1e-5;

/**
 * The shortest decimal number that is still the same float32: 0.9, not 0.8999999761581421. Scores and boxes are float32
 * by origin, so nothing is lost, and files are half as long.
 *
 * @returns a float64 whose decimal form has at most 9 significant digits; NaN and infinities as they are.
 */
export function shortestFloat32(value: number): number {
  const size = Math.abs(value);
  if (!(size >= SMALLEST && size < LARGEST)) return byDigits(value);
  const exact = Math.fround(size);
  for (let decimals = decimalsOfSixDigits(size), digits = 6; digits <= 9; digits++, decimals++) {
    const scaled = size * TEN[decimals]!;
    const whole = Math.round(scaled);
    if (Math.abs(whole - scaled) > 0.5 - SURE) return byDigits(value); // too close to a tie to round up or down safely
    const short = whole / TEN[decimals]!; // of two exact numbers: the float64 that the decimal form stands for
    if (digits === 9 || Math.fround(short) === exact) return value < 0 ? -short : short;
  }
  return byDigits(value);
}

function decimalsOfSixDigits(size: number): number {
  let decimals = 5;
  for (let top = 10; size >= top; top *= 10) decimals--;
  for (let scaled = size; scaled < 1; scaled *= 10) decimals++;
  return decimals;
}

/** For numbers of any size; ten times as slow. */
function byDigits(value: number): number {
  const exact = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === exact) return short;
  }
  return Number(value.toPrecision(9));
}

/** JSON in one line, with every fraction as the shortest float32. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isInteger(part) ? shortestFloat32(part) : part,
  );
}
