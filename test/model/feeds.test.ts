import { describe, expect, test } from 'vitest';
import { halfToFloat } from '../../src/kernels/maths/float16.js';
import { makeFeeds, requireFed } from '../../src/model/feeds.js';
import type { ExtraInput, InputSpec } from '../../src/types/model.js';
import type { FittedImage } from '../../src/types/pictures.js';
import { complaint } from '../support/complaint.js';
import { geometryOf } from '../support/geometry.js';
import { inputSpec } from '../support/input-spec.js';

/** 2 × 1 pixels in an input of 4 × 2, from (1, 0); the image itself is 20 × 10. */
const image: FittedImage = {
  pixels: Uint8Array.of(10, 20, 30, 40, 50, 60),
  geometry: {
    ...{ imageWidth: 20, imageHeight: 10, fittedWidth: 2, fittedHeight: 1 },
    ...{ offsetX: 1, offsetY: 0, inputWidth: 4, inputHeight: 2 },
  },
};
const pad = [9, 9, 9, 9, 9];

describe('the picture', () => {
  const planes = [
    [9, 10, 40, ...pad],
    [9, 20, 50, ...pad],
    [9, 30, 60, ...pad],
  ].flat();
  const pixels = [[9, 9, 9, 10, 20, 30, 40, 50, 60], new Array(15).fill(9)].flat();

  const rows: [string, Partial<InputSpec>, number[], number[]][] = [
    ['NCHW', {}, [1, 3, 2, 4], planes],
    ['NHWC', { layout: 'nhwc' }, [1, 2, 4, 3], pixels],
    ['no batch', { batched: false }, [3, 2, 4], planes],
    ['no batch, NHWC', { layout: 'nhwc', batched: false }, [2, 4, 3], pixels],
    ['BGR', { channels: 'bgr' }, [1, 3, 2, 4], [...planes.slice(16), ...planes.slice(8, 16), ...planes.slice(0, 8)]],
  ];

  describe.each(rows)('%s', (_, changes, dims, values) => {
    test.each(['float32', 'uint8', 'float16'] as const)('%s', (type) => {
      const { images } = makeFeeds(image, inputSpec({ ...changes, type, padValue: 9 }));
      expect({ type: images.type, dims: images.dims }).toEqual({ type, dims });
      const data = images.data as Float32Array | Uint8Array | Uint16Array;
      const { name } = { float32: Float32Array, uint8: Uint8Array, float16: Uint16Array }[type];
      expect(data.constructor.name).toBe(name);
      expect([...data].map((value) => (type === 'float16' ? halfToFloat(value) : value))).toEqual(values);
    });
  });

  test('scale, mean and deviation', () => {
    const input = inputSpec({ scale: 0.5, mean: [1, 2, 3], std: [2, 1, 4], padValue: 2 });
    const data = makeFeeds(image, input).images.data as Float32Array;
    // (10 / 2 − 1) / 2, (40 / 2 − 1) / 2; (20 / 2 − 2) / 1; (30 / 2 − 3) / 4; padding (2 / 2 − mean) / std
    expect([data[1], data[2], data[9], data[17]]).toEqual([2, 9.5, 8, 3]);
    expect([data[0], data[8], data[16]]).toEqual([0, -1, -0.5]);
  });
});

describe('numbers about it', () => {
  const rows: [ExtraInput['value'], number[], number[]][] = [
    ['image-wh', [1, 2], [20, 10]],
    ['image-hw', [1, 2], [10, 20]],
    ['input-wh', [1, 2], [4, 2]],
    ['input-hw', [1, 2], [2, 4]],
    ['mask', [1, 2, 4], [0, 1, 1, 0, 0, 0, 0, 0]],
  ];

  describe.each(rows)('%s', (value, dims, values) => {
    test.each(['float32', 'int32', 'int64'] as const)('%s', (type) => {
      const extra = feedOf({ name: 'extra', type, value });
      expect({ type: extra.type, dims: extra.dims }).toEqual({ type, dims });
      expect([...extra.data].map(Number)).toEqual(values);
      const { name } = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array }[type];
      expect(extra.data.constructor.name).toBe(name);
    });
  });

  test('scale-yx: fitted size by image size', () => {
    const { data, dims } = feedOf({ name: 'extra', type: 'float32', value: 'scale-yx' });
    expect({ dims, data }).toEqual({ dims: [1, 2], data: Float32Array.of(0.1, 0.1) });
  });

  test('a mask of its own size: 1 where the middle of a cell lies in the image', () => {
    const { data, dims } = feedOf({ name: 'extra', type: 'int64', value: 'mask', maskSize: [2, 2] });
    expect({ dims, data: [...data].map(Number) }).toEqual({ dims: [1, 2, 2], data: [1, 0, 0, 0] });
    // Cells are 2 × 1 pixels: middles (1, 0.5) in, (3, 0.5) on the right edge, which is out, and two below.
  });

  test('a picture that fills its input: the mask is 1 all over', () => {
    const full = { pixels: new Uint8Array(24), geometry: geometryOf(4, 2) };
    const { mask } = makeFeeds(full, inputSpec({ extras: [{ name: 'mask', type: 'int64', value: 'mask' }] }));
    expect([...mask.data].map(Number)).toEqual(new Array(8).fill(1));
  });

  function feedOf(extra: ExtraInput) {
    return makeFeeds(image, inputSpec({ extras: [extra] })).extra;
  }
});

describe('requireFed', () => {
  const input = inputSpec({ extras: [{ name: 'size', type: 'int64', value: 'image-wh' }] });

  test('every input is fed', () => {
    expect(() => requireFed('m', input, ['size', 'images'])).not.toThrow();
  });

  test('one is not', () => {
    const message = /^model m: the spec says nothing of input "mask", "x"\. Name it in input\.extras, .*"name":"mask"/;
    expect(() => requireFed('m', input, ['images', 'mask', 'size', 'x'])).toThrow(complaint('E_MODEL', message));
  });
});
