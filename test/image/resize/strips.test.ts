import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divideIntoStrips } from '../../../src/image/resize/strips.js';
import { cubicTaps, linearTaps, reversedTaps } from '../../../src/image/resize/taps.js';

describe('divideIntoStrips', () => {
  test('one strip where all fits', () => {
    expect(divideIntoStrips(linearTaps(100, 10), 100, 100)).toEqual([{ top: 0, lines: 100, from: 0, to: 10 }]);
  });

  test('strips of what is needed, the last one to the end', () => {
    // Lines 4 and 5, 14 and 15, 24 and 25, …, 94 and 95.
    expect(divideIntoStrips(linearTaps(100, 10), 100, 40)).toEqual([
      { top: 4, lines: 32, from: 0, to: 4 },
      { top: 44, lines: 32, from: 4, to: 8 },
      { top: 84, lines: 16, from: 8, to: 10 },
    ]);
  });

  test('from the bottom to the top: the first one reaches to the end', () => {
    expect(divideIntoStrips(reversedTaps(linearTaps(100, 10), 100), 100, 40)).toEqual([
      { top: 64, lines: 36, from: 0, to: 4 },
      { top: 24, lines: 32, from: 4, to: 8 },
      { top: 4, lines: 12, from: 8, to: 10 },
    ]);
  });

  test('every target pixel once, with all its lines, in strips as large as allowed', () => {
    const side = fc.integer({ min: 1, max: 300 });
    const maxLines = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(side, side, maxLines, fc.boolean(), fc.boolean(), (lines, target, most, cubic, reversed) => {
        const upward = cubic ? cubicTaps(lines, target) : linearTaps(lines, target);
        const taps = reversed ? reversedTaps(upward, lines) : upward;
        const strips = divideIntoStrips(taps, lines, most);
        expect(strips.map(({ from }) => from)).toEqual([0, ...strips.map(({ to }) => to).slice(0, -1)]);
        expect(strips.at(-1)!.to).toBe(target);
        expect(Math.max(...strips.map((strip) => strip.top + strip.lines))).toBe(lines);
        for (const strip of strips) {
          const needed = taps.places.subarray(strip.from * taps.count, strip.to * taps.count);
          expect(Math.min(...needed)).toBeGreaterThanOrEqual(strip.top);
          expect(Math.max(...needed)).toBeLessThan(strip.top + strip.lines);
          expect(Math.max(...needed) - strip.top).toBeLessThan(Math.max(most, taps.count));
        }
      }),
    );
  });
});
