import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitImage } from '../../../src/image/fit.js';
import { restoreBox } from '../../../src/postprocess/regions/restore.js';
import type { FitMode, Geometry } from '../../../src/types/pictures.js';
import { expectClose } from '../../support/close.js';
import { geometryOf } from '../../support/geometry.js';

/** An image of 640 × 480 in an input of 300 × 300: by 300/640 across, 300/480 down. */
const stretched = geometryOf(640, 480, { fittedWidth: 300, fittedHeight: 300 });
/** An image of 200 × 100 in an input of 100 × 100: halved, 25 rows above it. */
const boxed = geometryOf(200, 100, { fittedWidth: 100, fittedHeight: 50, offsetY: 25 });
/** Upright: 100 × 200, 25 columns left of it. */
const upright = geometryOf(100, 200, { fittedWidth: 50, fittedHeight: 100, offsetX: 25 });

describe('restoreBox', () => {
  const rows: [string, { geometry: Geometry; box: number[]; restored: number[] | null }][] = [
    ['the whole input, stretched', { geometry: stretched, box: [0, 0, 300, 300], restored: [0, 0, 640, 480] }],
    ['each axis by its own scale', { geometry: stretched, box: [75, 150, 150, 225], restored: [160, 240, 320, 360] }],
    ['padding above', { geometry: boxed, box: [10, 35, 50, 75], restored: [20, 20, 100, 100] }],
    ['padding on the left', { geometry: upright, box: [30, 10, 75, 50], restored: [10, 20, 100, 100] }],
    ['clipped on all sides', { geometry: boxed, box: [-5, 0, 110, 100], restored: [0, 0, 200, 100] }],
    ['wholly in the padding', { geometry: boxed, box: [0, 0, 100, 25], restored: null }],
    ['past the right edge', { geometry: boxed, box: [100, 30, 120, 60], restored: null }],
    ['one pixel into the image', { geometry: boxed, box: [0, 0, 100, 25.5], restored: [0, 0, 200, 1] }],
    ['no width', { geometry: stretched, box: [10, 10, 10, 20], restored: null }],
    ['no height', { geometry: stretched, box: [10, 10, 20, 10], restored: null }],
    ['inverted', { geometry: stretched, box: [20, 20, 10, 10], restored: null }],
    ['not a number', { geometry: stretched, box: [Number.NaN, 10, 20, 20], restored: null }],
    ['without end', { geometry: stretched, box: [-Infinity, 150, Infinity, 225], restored: null }],
  ];

  test.each(rows)('%s', (_, { geometry, box, restored }) => {
    const boxes = Float32Array.of(1, 2, 3, 4, ...box); // the box is row 1
    expect(restoreBox(boxes, 1, { geometry, space: 'input' })).toEqual(restored);
    expect(boxes).toEqual(Float32Array.of(1, 2, 3, 4, ...box));
  });

  test('a box that is in the image already is only clipped', () => {
    const boxes = Float32Array.of(-5, 20, 150, 90);
    expect(restoreBox(boxes, 0, { geometry: boxed, space: 'image' })).toEqual([0, 20, 150, 90]);
  });

  test('by the mapping of boxes, where they go another way than pixels', () => {
    const geometry = { ...boxed, boxes: { scaleX: 0.5, scaleY: 0.25, offsetX: 10, offsetY: -5 } };
    expect(restoreBox(Float32Array.of(20, 0, 30, 5), 0, { geometry, space: 'input' })).toEqual([20, 20, 40, 40]);
  });

  test('takes back what fitImage and a scaling did, in every fit', () => {
    const side = fc.integer({ min: 1, max: 5000 });
    const mode = fc.constantFrom<FitMode>('stretch', 'letterbox', 'letterbox-top-left');
    const fraction = fc.double({ min: 0, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(side, side, mode, fraction, fraction, (width, height, fit, left, top) => {
        const image = { width, height };
        const fitted = fitImage(image, { width: 320, height: 256 }, fit);
        const box = [width * left, height * top, width * (left + 0.5), height * (top + 0.5)];
        const { fittedWidth, fittedHeight, offsetX, offsetY } = fitted;
        const inInput = box.map((value, i) =>
          i % 2 === 0 ? (value / width) * fittedWidth + offsetX : (value / height) * fittedHeight + offsetY,
        );
        const restored = restoreBox(Float32Array.from(inInput), 0, { geometry: fitted, space: 'input' });
        // Coordinates below 512 are float32: off by up to 2^-16 pixels of the input, which are up to 5000 of the image.
        expectClose(restored ?? [], box, 5000 * 2 ** -15, 'box');
      }),
    );
  });
});
