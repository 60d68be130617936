import { expect } from 'vitest';

/**
 * Asserts that two arrays of numbers agree; says where they differ most, and both values there.
 *
 * @param tolerance  largest absolute difference; NaN never agrees
 */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string) {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  expect(actual.length, `${what}: length`).toBeGreaterThan(0);
  let worst = 0;
  let difference = -1;
  for (let i = 0; i < actual.length && !Number.isNaN(difference); i++) {
    const here = Math.abs(actual[i] - expected[i]);
    if (here <= difference) continue;
    worst = i;
    difference = here;
  }
  const pair = `${what}[${worst}]: received ${actual[worst]}, expected ${expected[worst]}`;
  expect(difference, pair).toBeLessThanOrEqual(tolerance);
}
