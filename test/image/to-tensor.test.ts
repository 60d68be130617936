import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toTensor } from '../../src/image/to-tensor.js';
import { allocateFloat32 } from '../../src/kernels/memory.js';
import type { InputSpec } from '../../src/types/model.js';
import type { FittedImage } from '../../src/types/pictures.js';
import { toTensor as twin } from '../reference/to-tensor.js';
import { geometryOf } from '../support/geometry.js';
import { inputSpec } from '../support/input-spec.js';

const spec = inputSpec({ width: 2, height: 1, padValue: 114 });

describe('toTensor', () => {
  /** Two pixels side by side, RGB: 1 2 3 and 4 5 6. */
  const rows: [string, { input?: Partial<InputSpec>; image?: FittedImage; tensor: number[] }][] = [
    ['planes', { tensor: [1, 4, 2, 5, 3, 6] }],
    ['planes, blue first', { input: { channels: 'bgr' }, tensor: [3, 6, 2, 5, 1, 4] }],
    ['channels last', { input: { layout: 'nhwc' }, tensor: [1, 2, 3, 4, 5, 6] }],
    ['channels last, blue first', { input: { layout: 'nhwc', channels: 'bgr' }, tensor: [3, 2, 1, 6, 5, 4] }],
    [
      'scaled, less the mean, by the deviation, each channel its own',
      { input: { scale: 2, mean: [1, 2, 3], std: [1, 2, 4] }, tensor: [1, 7, 1, 4, 0.75, 2.25] },
    ],
    [
      'mean and deviation in the order of the channels',
      { input: { channels: 'bgr', mean: [1, 2, 3], std: [1, 2, 4] }, tensor: [2, 5, 0, 1.5, -0.5, 0.25] },
    ],
    [
      'padding above and below, normalised like a pixel',
      {
        input: { height: 4, mean: [4, 0, 0], std: [2, 1, 1] },
        image: fitted(2, 1, 0, 2),
        tensor: [
          55, 55, 55, 55, -1.5, 0, 55, 55, 114, 114, 114, 114, 2, 5, 114, 114, 114, 114, 114, 114, 3, 6, 114, 114,
        ],
      },
    ],
    [
      'padding left and right',
      {
        input: { width: 4, layout: 'nhwc', padValue: 0 },
        image: fitted(2, 1, 1, 0),
        tensor: [0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0],
      },
    ],
    [
      'padding below only',
      {
        input: { height: 2, padValue: 255 },
        image: fitted(2, 1, 0, 0),
        tensor: [1, 4, 255, 255, 2, 5, 255, 255, 3, 6, 255, 255],
      },
    ],
    ['several rows', { input: { height: 2, width: 1 }, image: fitted(1, 2, 0, 0), tensor: [1, 4, 2, 5, 3, 6] }],
  ];

  test.each(rows)('%s', (_, { input, image = fitted(2, 1, 0, 0), tensor }) => {
    const found = new Float32Array(tensor.length).fill(Number.NaN); // whatever stood there goes
    const settled = { ...spec, ...input };
    const geometry = { ...image.geometry, inputWidth: settled.width, inputHeight: settled.height };
    toTensor({ ...image, geometry }, settled, found);
    expect([...found]).toEqual(tensor);
    expect([...image.pixels]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('all 256 values, as a network is trained', () => {
    const pixels = Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
    const image = { ...fitted(256, 1, 0, 0), pixels };
    const found = new Float32Array(256 * 3);
    toTensor(
      image,
      { ...spec, width: 256, scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
      found,
    );
    const expected = Array.from({ length: 256 }, (_, pixel) => Math.fround((pixel / 255 - 0.456) / 0.224));
    // In double precision both; 1/255 rounded before or after the product is one step of it, and may tip float32's rounding.
    for (const [i, value] of expected.entries())
      expect(Math.abs(found[256 + i] - value), `[${i}]`).toBeLessThan(2 ** -22);
  });
});

test('as the twin, whatever the sizes, layouts and types, in kernel memory and out of it', () => {
  const room = allocateFloat32(3 * 700 * 700);
  const side = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(700));
  const chosen = fc.record({
    sides: fc.tuple(side, side, fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9)),
    layout: fc.constantFrom('nchw' as const, 'nhwc' as const),
    channels: fc.constantFrom('rgb' as const, 'bgr' as const),
    numbers: fc.constantFrom({}, { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }),
  });
  const property = fc.property(chosen, ({ sides, numbers, ...order }) => {
    const [inputWidth, inputHeight, left, right, top, bottom] = sides;
    const [offsetX, offsetY] = [Math.min(left, inputWidth - 1), Math.min(top, inputHeight - 1)];
    const fittedWidth = Math.max(1, inputWidth - offsetX - right);
    const fittedHeight = Math.max(1, inputHeight - offsetY - bottom);
    const geometry = geometryOf(fittedWidth, fittedHeight, { offsetX, offsetY, inputWidth, inputHeight });
    const pixels = Uint8Array.from({ length: 3 * fittedWidth * fittedHeight }, (_, i) => (i * 7919) >> 3);
    const input = inputSpec({ padValue: 114, ...(numbers as Partial<InputSpec>), ...order });
    const length = 3 * inputWidth * inputHeight;
    for (const tensor of [room.subarray(0, length), new Float32Array(length), new Uint8Array(length)]) {
      const expected = tensor.slice();
      twin({ pixels, geometry }, input, expected);
      toTensor({ pixels, geometry }, input, tensor.fill(9));
      expect(Buffer.compare(Buffer.from(tensor.slice().buffer), Buffer.from(expected.buffer))).toBe(0);
    }
  });
  fc.assert(property, { numRuns: 60 });
});

function fitted(fittedWidth: number, fittedHeight: number, offsetX: number, offsetY: number): FittedImage {
  const geometry = geometryOf(fittedWidth, fittedHeight, { imageWidth: 9, imageHeight: 9, offsetX, offsetY });
  return { pixels: Uint8Array.of(1, 2, 3, 4, 5, 6), geometry };
}
