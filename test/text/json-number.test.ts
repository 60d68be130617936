import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shortestFloat32, toJson } from '../../src/text/json-number.js';

describe('shortestFloat32', () => {
  test.each([
    ['a score', Math.fround(0.9), 0.9],
    ['a third', Math.fround(1 / 3), 0.33333334], // seven digits would be the float32 before it
    ['nine digits are needed', 1000 + 2 ** -14, 1000.00006],
    ['a coordinate', Math.fround(123.456), 123.456],
    ['a small one', Math.fround(1.5e-7), 1.5e-7],
    ['the smallest', 2 ** -149, 1.4013e-45],
    ['the largest', 3.4028234663852886e38, 3.4028235e38],
    ['a double', 0.1 + 0.2, 0.3],
    ['negative', Math.fround(-0.1), -0.1],
    ['nothing', 0, 0],
    ['no number', Number.NaN, Number.NaN],
    ['no end', Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ])('%s', (_, value, short) => {
    expect(shortestFloat32(value)).toBe(short);
  });

  test('is the same float32, in at most nine digits, and none shorter from six on is', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const short = shortestFloat32(value);
        expect(Math.fround(short) === value).toBe(true); // 0 and −0 are one in JSON
        const digits = short.toExponential().replace(/^-?|\.|e.*$/g, '').length;
        expect(digits).toBeLessThanOrEqual(9);
        if (digits > 6) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
      }),
      { numRuns: 2000 },
    );
  });
});

test('toJson: fractions short, all else as JSON has it', () => {
  const value = { score: Math.fround(0.7), id: 2 ** 40, box: [Math.fround(0.1), 3], name: 'a "b"', nothing: null };
  expect(toJson(value)).toBe('{"score":0.7,"id":1099511627776,"box":[0.1,3],"name":"a \\"b\\"","nothing":null}');
});
