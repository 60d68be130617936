import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromFloat16, halfToFloat, toFloat16 } from '../../../src/kernels/maths/float16.js';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

describe('the number behind a half', () => {
  const rows: [string, number, number][] = [
    ['0', 0x0000, 0],
    ['−0', 0x8000, -0],
    ['1', 0x3c00, 1],
    ['−2', 0xc000, -2],
    ['a third, as near as it gets', 0x3555, 0.333251953125],
    ['the largest', 0x7bff, 65504],
    ['the smallest normal one', 0x0400, 2 ** -14],
    ['the largest subnormal one', 0x03ff, 1023 * 2 ** -24],
    ['the smallest', 0x0001, 2 ** -24],
    ['infinity', 0x7c00, infinity],
    ['−infinity', 0xfc00, -infinity],
    ['no number', 0x7e00, nan],
    ['no number, another one', 0xfc01, nan],
  ];

  test.each(rows)('%s', (_, bits, value) => {
    expect(halfToFloat(bits)).toBe(value);
    expect(fromFloat16(Uint16Array.of(bits))[0]).toBe(value);
  });
});

describe('the half nearest to a number', () => {
  const rows: [string, number, number][] = [
    ['a tie goes to the even one, down', 1 + 2 ** -11, 0x3c00],
    ['a tie goes to the even one, up', 1 + 3 * 2 ** -11, 0x3c02],
    ['just over a tie', Math.fround(1 + 2 ** -11 + 2 ** -20), 0x3c01],
    ['up into the next power of two', 2 - 2 ** -12, 0x4000],
    ['just below what is too large', 65519, 0x7bff],
    ['too large', 65520, 0x7c00],
    ['far too large', -3e38, 0xfc00],
    ['half of the smallest is 0', 2 ** -25, 0x0000],
    ['just over half of the smallest', 2 ** -25 + 2 ** -40, 0x0001],
    ['minus a trifle', -1e-30, 0x8000],
    ['a tie among the subnormal ones', 2.5 * 2 ** -24, 0x0002],
    ['up into the normal ones', 1023.5 * 2 ** -24, 0x0400],
    ['not a number', nan, 0x7e00],
    ['infinity', infinity, 0x7c00],
  ];

  test.each(rows)('%s', (_, value, bits) => {
    expect(toFloat16(Float32Array.of(value))[0]).toBe(bits);
  });

  test('there and back: every half but NaN is its own', () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((half) => !Number.isNaN(halfToFloat(half)));
    expect(toFloat16(fromFloat16(halves))).toEqual(halves);
  });

  test('no other half is nearer', () => {
    const all = fromFloat16(Uint16Array.from({ length: 0x7c00 }, (_, i) => i));
    const property = (value: number) => {
      const [half] = toFloat16(Float32Array.of(value));
      const distance = Math.abs(halfToFloat(half) - value);
      for (const other of [half - 1, half + 1]) {
        if (other >= 0 && other < all.length) expect(Math.abs(all[other] - value)).toBeGreaterThanOrEqual(distance);
      }
    };
    fc.assert(fc.property(fc.float({ min: 0, max: 65504, noNaN: true }), property), { seed: 16, numRuns: 2000 });
  });

  test('nothing, and part of a larger array', () => {
    expect(toFloat16(new Float32Array())).toEqual(new Uint16Array());
    const values = Float32Array.of(9, 1, -2, 9);
    expect(toFloat16(values.subarray(1, 3))).toEqual(Uint16Array.of(0x3c00, 0xc000));
    expect(values).toEqual(Float32Array.of(9, 1, -2, 9));
  });
});
