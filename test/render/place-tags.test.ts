import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Size } from '../../src/render/draw-style.js';
import { placeTags, sharedArea } from '../../src/render/place-tags.js';
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
      ).map((place) => place?.box),
    ).toEqual(places);
  });

  test('tags wider than the picture begin at its left edge', () => {
    const places = placeTags([[50, 50, 60, 60]], [{ width: 300, height: 10 }], picture);
    expect(places).toEqual([{ box: [0, 40, 300, 50], leader: null }]);
  });

  test('a tag that has no room beside its box stands off, with a line that leads to it', () => {
    const boxes: Box[] = [
      [100, 45, 110, 55],
      [40, 20, 160, 44],
      [40, 56, 160, 80],
      [111, 44, 170, 56],
      [40, 44, 99, 56],
    ];
    const [place] = placeTags(boxes, [tag, null, null, null, null], picture);
    expect(place?.leader).not.toBeNull();
    for (const box of boxes) expect(sharedArea(place!.box, box)).toBe(0);
  });

  test('in a crowd tags are left out where they would hide neighbours', () => {
    const boxes = Array.from({ length: 100 }, (_, i): Box => {
      const [x, y] = [20 * (i % 10), 10 * Math.floor(i / 10)];
      return [x + 2, y + 1, x + 18, y + 9];
    });
    const places = placeTags(boxes, Array(100).fill(tag), picture);
    expect(places.filter((place) => place !== null).length).toBeLessThan(10);
  });

  test('every tag has its size and lies in the picture, and none covers another', () => {
    const whole = (low: number, high: number) => fc.integer({ min: low, max: high });
    const size = fc.record({ width: whole(1, 100), height: whole(1, 30) });
    const box = fc.tuple(whole(0, 100), whole(0, 50), whole(1, 100), whole(1, 50));
    fc.assert(
      fc.property(fc.array(fc.tuple(box, size), { maxLength: 30 }), (drawn) => {
        const boxes = drawn.map(([[x, y, w, h]]): Box => [x, y, x + w, y + h]);
        const sizes: Size[] = drawn.map(([, s]) => s);
        const places = placeTags(boxes, sizes, picture);
        expect(places).toHaveLength(boxes.length);
        for (const [i, place] of places.entries()) {
          if (place === null) continue;
          const [x1, y1, x2, y2] = place.box;
          expect([x2 - x1, y2 - y1]).toEqual([sizes[i].width, sizes[i].height]);
          expect(Math.min(x1, y1, picture.width - x2, picture.height - y2)).toBeGreaterThanOrEqual(0);
          for (const other of places.slice(0, i)) if (other !== null) expect(sharedArea(place.box, other.box)).toBe(0);
        }
      }),
    );
  });
});
