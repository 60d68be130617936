import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitImage } from '../../src/image/fit.js';
import type { FitMode } from '../../src/types/pictures.js';

type Size = [width: number, height: number];
/** fittedWidth × fittedHeight at offsetX, offsetY */
type Place = [number, number, number, number];

describe('fitImage', () => {
  const rows: [string, { image: Size; input: Size; mode: FitMode; place: Place }][] = [
    ['stretch fills', { image: [640, 480], input: [300, 200], mode: 'stretch', place: [300, 200, 0, 0] }],
    ['letterbox: wide', { image: [200, 100], input: [100, 100], mode: 'letterbox', place: [100, 50, 0, 25] }],
    ['letterbox: tall', { image: [100, 200], input: [100, 100], mode: 'letterbox', place: [50, 100, 25, 0] }],
    ['letterbox: enlarges', { image: [10, 5], input: [100, 100], mode: 'letterbox', place: [100, 50, 0, 25] }],
    ['letterbox: same aspect', { image: [640, 480], input: [320, 240], mode: 'letterbox', place: [320, 240, 0, 0] }],
    ['letterbox: same size', { image: [64, 64], input: [64, 64], mode: 'letterbox', place: [64, 64, 0, 0] }],
    ['an odd row goes below', { image: [200, 100], input: [100, 101], mode: 'letterbox', place: [100, 50, 0, 25] }],
    ['rounded', { image: [300, 199], input: [100, 100], mode: 'letterbox', place: [100, 66, 0, 17] }], // 66.33
    ['top left', { image: [200, 100], input: [100, 100], mode: 'letterbox-top-left', place: [100, 50, 0, 0] }],
    ['input not square', { image: [100, 100], input: [64, 32], mode: 'letterbox', place: [32, 32, 16, 0] }],
    ['a line: at least one row', { image: [5000, 1], input: [100, 100], mode: 'letterbox', place: [100, 1, 0, 49] }],
    ['one pixel', { image: [1, 1], input: [1, 1], mode: 'letterbox', place: [1, 1, 0, 0] }],
  ];

  test.each(rows)('%s', (_, { image, input, mode, place }) => {
    const [fittedWidth, fittedHeight, offsetX, offsetY] = place;
    const [imageWidth, imageHeight] = image;
    const expected = { imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY, ...inputOf(input) };
    expect(fitImage(sizeOf(image), sizeOf(input), mode)).toEqual(expected);
  });

  test.each([
    ['nearest', [100, 67]],
    ['down', [100, 66]],
    ['cut', [100, 66]],
  ] as const)('rounding %s', (rounding, fitted) => {
    const { boxes, ...place } = fitImage(sizeOf([300, 200]), { ...sizeOf([100, 100]), rounding }, 'letterbox-top-left');
    expect([place.fittedWidth, place.fittedHeight]).toEqual(fitted);
    const meant = { scaleX: 1 / 3, scaleY: 1 / 3, offsetX: 0, offsetY: 0 };
    expect(boxes).toEqual(rounding === 'cut' ? meant : undefined);
  });

  test('a picture that fills the input keeps to whole pixels whatever the rounding', () => {
    expect(fitImage(sizeOf([301, 200]), { ...sizeOf([100, 100]), rounding: 'cut' }, 'stretch').boxes).toBeUndefined();
  });

  test.each([
    ['letterbox', { scaleX: 0.25, scaleY: 0.25, offsetX: 0, offsetY: 12.625 }],
    ['letterbox-top-left', { scaleX: 0.25, scaleY: 0.25, offsetX: 0, offsetY: 0 }],
    ['stretch', { scaleX: 0.25, scaleY: 100 / 299, offsetX: 0, offsetY: 0 }],
  ] as const)('a warp lies in fractions of a pixel: %s', (mode, boxes) => {
    const target = { ...sizeOf([100, 100]), interpolation: 'bilinear-warp' } as const;
    const whole = { fittedWidth: 100, fittedHeight: 100, offsetX: 0, offsetY: 0 };
    expect(fitImage(sizeOf([400, 299]), target, mode)).toMatchObject({ ...whole, boxes });
  });

  const edges: [string, { image: Size; bounds: Size; multipleOf?: number; fitted: Size; input: Size }][] = [
    ['the shorter side decides', { image: [640, 480], bounds: [1333, 800], fitted: [1067, 800], input: [1067, 800] }],
    [
      'the longer side would be too long',
      { image: [2000, 500], bounds: [1333, 800], fitted: [1333, 333], input: [1333, 333] },
    ],
    ['upright', { image: [480, 640], bounds: [1333, 800], fitted: [800, 1067], input: [800, 1067] }],
    [
      'padded to a multiple',
      { image: [640, 480], bounds: [1333, 800], multipleOf: 32, fitted: [1067, 800], input: [1088, 800] },
    ],
  ];

  test.each(edges)('shortest edge: %s', (_, { image, bounds, multipleOf = 1, fitted, input }) => {
    const place = fitImage(sizeOf(image), { ...sizeOf(bounds), multipleOf }, 'shortest-edge');
    expect([place.fittedWidth, place.fittedHeight]).toEqual(fitted);
    expect([place.inputWidth, place.inputHeight]).toEqual(input);
    expect([place.offsetX, place.offsetY]).toEqual([0, 0]);
  });

  const size = fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }));

  test('letterboxing touches two sides, centres, and keeps the aspect to half a pixel', () => {
    fc.assert(
      fc.property(size, size, (image, input) => {
        const fitted = fitImage(sizeOf(image), sizeOf(input), 'letterbox');
        const [right, below] = [
          input[0] - fitted.fittedWidth - fitted.offsetX,
          input[1] - fitted.fittedHeight - fitted.offsetY,
        ];
        expect(fitted.fittedWidth === input[0] || fitted.fittedHeight === input[1]).toBe(true);
        expect([0, 1]).toContain(right - fitted.offsetX);
        expect([0, 1]).toContain(below - fitted.offsetY);
        const scale = Math.min(input[0] / image[0], input[1] / image[1]);
        expect(Math.abs(fitted.fittedWidth - Math.max(1, image[0] * scale))).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(Math.abs(fitted.fittedHeight - Math.max(1, image[1] * scale))).toBeLessThanOrEqual(0.5 + 1e-9);
        const topLeft = fitImage(sizeOf(image), sizeOf(input), 'letterbox-top-left');
        expect(topLeft).toEqual({ ...fitted, offsetX: 0, offsetY: 0 });
      }),
    );
  });
});

function sizeOf([width, height]: Size) {
  return { width, height };
}

function inputOf([inputWidth, inputHeight]: Size) {
  return { inputWidth, inputHeight };
}

test.each([
  [[1280, 720], [640, 640], 'letterbox', { inputWidth: 640, inputHeight: 384, offsetY: 12 }],
  [[720, 1280], [640, 640], 'letterbox', { inputWidth: 384, inputHeight: 640, offsetX: 12 }],
  [[640, 640], [640, 640], 'letterbox', { inputWidth: 640, inputHeight: 640 }],
  [[1280, 720], [640, 640], 'letterbox-top-left', { inputWidth: 640, inputHeight: 384, offsetY: 0 }],
  [[1280, 720], [640, 640], 'stretch', { inputWidth: 640, inputHeight: 640 }],
] as [Size, Size, FitMode, object][])('%j in %j, to the next multiple of 32: %s', (image, input, mode, expected) => {
  const [width, height] = input;
  const geometry = fitImage({ width: image[0], height: image[1] }, { width, height, multipleOf: 32 }, mode);
  expect(geometry).toMatchObject(expected);
});
