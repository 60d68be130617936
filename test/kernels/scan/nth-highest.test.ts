import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kernelMemory } from '../../../src/kernels/memory.js';

function nthHighest(values: Float32Array, n: number, step = 4): number {
  const memory = kernelMemory();
  const spread = new Float32Array((values.length * step) / 4).map((_, i) =>
    i % (step / 4) ? 9 : values[(4 * i) / step],
  );
  const start = memory.put(spread);
  return memory.kernels.nthHighest(start, step, values.length, n, memory.reserve(4 * 2048));
}

test.each([
  ['one', [0.5], 1, 0.5],
  ['the highest', [0.25, 1, 0.5], 1, 1],
  ['the lowest', [0.25, 1, 0, 0.5], 4, 0],
  ['equal ones count each', [0.5, 0.25, 0.5, 0.25], 2, 0.5],
  ['as small as there are', [2 ** -149, 0, 2 ** -148], 2, 2 ** -149],
  ['below 0', [-0.5, 0.25, -1, -Infinity], 3, -1],
] as const)('nthHighest: %s', (_, values, n, expected) => {
  expect(nthHighest(Float32Array.from(values), n)).toBe(expected);
  expect(nthHighest(Float32Array.from(values), n, 12)).toBe(expected);
});

test('nthHighest: as in order', () => {
  const value = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(-0.5, 0.25, 0.5, 0.75));
  const property = fc.property(fc.array(value, { minLength: 1, maxLength: 300 }), fc.nat(), (some, place) => {
    const values = Float32Array.from(some, (each) => each + 0); // no −0
    const n = 1 + (place % values.length);
    expect(nthHighest(values, n)).toBe(values.toSorted()[values.length - n]);
  });
  fc.assert(property, { numRuns: 500 });
});
