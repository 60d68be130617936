/**
 * The shortest decimal number that is still the same float32: 0.9, not 0.8999999761581421. Scores and boxes are float32
 * by origin, so nothing is lost, and files are half as long.
 *
 * @returns a float64 whose decimal form has at most 9 significant digits; NaN and infinities as they are.
 */
export function shortestFloat32(value: number): number {
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
