import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeTags, type Size } from '../../src/render/place-tags.js';
import type { Box } from '../../src/types/detections.js';

const picture = { width: 200, height: 100 };
const tag = { width: 50, height: 10 };

describe('placeTags', () => {
  const rows: [string, Box[], Box[]][] = [
    ['no box', [], []],
    ['above the box', [[20, 40, 120, 80]], [[20, 30, 70, 40]]],
    ['inside at the top edge', [[20, 5, 120, 80]], [[20, 5, 70, 15]]],
    ['not beyond the right edge', [[180, 40, 200, 80]], [[150, 30, 200, 40]]],
    ['not beyond the lower edge', [[0, 0, 200, 100]], [[0, 0, 50, 10]]],
    [
      'the second of two equal boxes goes to the other corner',
      [
        [20, 40, 140, 80],
        [20, 40, 140, 80],
      ],
      [
        [20, 30, 70, 40],
        [90, 30, 140, 40],
      ],
    ],
  ];
  test.each(rows)('%s', (_, boxes, places) => {
    expect(
      placeTags(
        boxes,
        boxes.map(() => tag),
        picture,
      ),
    ).toEqual(places);
  });

  test('tags wider than the picture begin at its left edge', () => {
    expect(placeTags([[50, 50, 60, 60]], [{ width: 300, height: 10 }], picture)).toEqual([[0, 40, 300, 50]]);
  });

  test('every tag has its size and lies in the picture, and four equal boxes do not cover each other’s', () => {
    const whole = (low: number, high: number) => fc.integer({ min: low, max: high });
    const size = fc.record({ width: whole(1, 100), height: whole(1, 30) });
    const box = fc.tuple(whole(0, 100), whole(0, 50), whole(1, 100), whole(1, 50));
    fc.assert(
      fc.property(fc.array(fc.tuple(box, size), { maxLength: 12 }), (drawn) => {
        const boxes = drawn.map(([[x, y, w, h]]): Box => [x, y, x + w, y + h]);
        const sizes: Size[] = drawn.map(([, s]) => s);
        const places = placeTags(boxes, sizes, picture);
        expect(places).toHaveLength(boxes.length);
        for (const [i, [x1, y1, x2, y2]] of places.entries()) {
          expect([x2 - x1, y2 - y1]).toEqual([sizes[i].width, sizes[i].height]);
          expect(Math.min(x1, y1, picture.width - x2, picture.height - y2)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
    const four = Array.from({ length: 4 }, (): Box => [20, 30, 180, 70]);
    const places = placeTags(four, Array(4).fill(tag), picture);
    for (const [i, a] of places.entries()) {
      for (const b of places.slice(0, i)) {
        expect(a[0] >= b[2] || b[0] >= a[2] || a[1] >= b[3] || b[1] >= a[3], `${a} and ${b}`).toBe(true);
      }
    }
  });
});
