import { describe, expect, test } from 'vitest';
import { findImageInput, type PictureInput, settleSize } from '../../../../src/identify/evidence/input/image-input.js';
import { complaint } from '../../../support/complaint.js';

type Dims = (number | string)[];
const value = (dims: Dims, type = 'float32', name = 'images') => ({ name, type, dims });

describe('findImageInput', () => {
  const rows: [string, Dims, string, Partial<PictureInput>][] = [
    ['NCHW', [1, 3, 48, 64], 'float32', { layout: 'nchw', width: 64, height: 48, batched: true }],
    ['NHWC', [1, 48, 64, 3], 'uint8', { layout: 'nhwc', width: 64, height: 48, type: 'uint8' }],
    ['a batch of eight', [8, 3, 48, 64], 'float32', { batch: 8, width: 64 }],
    ['half precision', [1, 3, 48, 64], 'float16', { type: 'float16' }],
    ['any batch', ['batch', 3, 48, 64], 'float32', { width: 64, height: 48 }],
    ['any size', ['N', 3, 'H', 'W'], 'float32', { layout: 'nchw', width: null, height: null }],
    ['any size, NHWC', ['?', '?', '?', 3], 'uint8', { layout: 'nhwc', width: null, height: null }],
    ['any width', [1, 3, 48, 'W'], 'float32', { width: null, height: 48 }],
    ['all open', ['a', 'b', 'c', 'd'], 'float32', { layout: 'nchw', width: null, height: null }],
    ['without a batch', [3, 48, 64], 'float32', { layout: 'nchw', batched: false, width: 64, height: 48 }],
    ['without a batch, NHWC', [48, 64, 3], 'float32', { layout: 'nhwc', batched: false, width: 64, height: 48 }],
    ['three rows are not channels, the batch tells', [1, 3, 3, 3], 'float32', { layout: 'nchw', width: 3, height: 3 }],
  ];

  test.each(rows)('%s', (_, dims, type, found) => {
    expect(findImageInput('m', [value(dims, type)])).toMatchObject({ name: 'images', type, ...found });
  });

  test('among inputs that take no picture', () => {
    const others = [
      value([1, 2], 'float32', 'scale'),
      value([1, 64, 64], 'int64', 'mask'),
      value([1, 3], 'float32', 'x'),
    ];
    expect(findImageInput('m', [...others, value([1, 3, 48, 64])]).name).toBe('images');
  });

  const two = [value([1, 3, 48, 64], 'float32', 'a'), value([1, 3, 48, 64], 'float32', 'b')];

  test('the one that is named', () => {
    expect(findImageInput('m', two, 'b').name).toBe('b');
  });

  const refused: [string, ReturnType<typeof value>[], unknown, RegExp][] = [
    ['none', [], undefined, /^model m: expected an input for pictures .* received none\.$/],
    ['one channel', [value([1, 1, 48, 64])], undefined, /received "images" float32 \[1, 1, 48, 64\]\.$/],
    ['four channels', [value([1, 4, 48, 64])], undefined, /expected an input for pictures of three channels/],
    ['a video', [value([1, 8, 3, 48, 64])], undefined, /expected an input for pictures/],
    [
      'whole numbers',
      [value([1, 3, 48, 64], 'int32')],
      undefined,
      /of float32, float16, uint8, int8; received "images" int32/,
    ],
    ['two', two, undefined, /received several: "a" .*, "b" .*\{"input":\{"name":"…"\}\} tells which\.$/],
    ['another name', two, 'c', /expected an input for pictures/],
  ];

  test.each(refused)('refuses: %s', (_, inputs, wanted, message) => {
    expect(() => findImageInput('m', inputs, wanted)).toThrow(complaint('E_MODEL', message));
  });
});

describe('settleSize', () => {
  const image = (width: number | null, height: number | null) =>
    findImageInput('m', [value([1, 3, height ?? 'h', width ?? 'w'])]);
  const usual: [number, number] = [640, 480];

  const rows: [string, PictureInput, [number, number] | undefined, [number, number], RegExp][] = [
    ['the file’s', image(64, 48), undefined, [64, 48], /^the file fixes it$/],
    ['the file’s, and wanted as well', image(64, 48), [64, 48], [64, 48], /^the file fixes it$/],
    ['the usual one', image(null, null), undefined, usual, /^usual for the family; size or --size sets another$/],
    ['the wanted one', image(null, null), [96, 32], [96, 32], /^given$/],
    ['the file’s width, the usual height', image(64, null), undefined, [64, 480], /^usual/],
    ['the file’s width, the wanted height', image(64, null), [64, 32], [64, 32], /^given$/],
  ];

  test.each(rows)('%s', (_, input, wanted, [width, height], because) => {
    expect(settleSize(input, wanted, usual)).toEqual({ width, height, because: expect.stringMatching(because) });
  });

  test.each([
    ['another one', image(64, 48), '64 × 48'],
    ['another width', image(64, null), '64 × 32'],
  ])('refuses %s than the file’s', (_, input, expected) => {
    const message = new RegExp(`^size: expected ${expected}, which the model fixes, received "96 × 32"\\.$`);
    expect(() => settleSize(input, [96, 32], usual)).toThrow(complaint('E_ARGUMENT', message));
  });
});
