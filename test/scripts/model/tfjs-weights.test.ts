import { describe, expect, test } from 'vitest';
import { readWeights, type WeightEntry, type WeightGroup } from '../../../scripts/model/tfjs-weights.js';
import { halfToFloat } from '../../../src/kernels/maths/float16.js';
import { complaint } from '../../support/complaint.js';

const u16 = (...values: number[]) => values.flatMap((value) => [value & 255, value >> 8]);
const f32 = (...values: number[]) => [...new Uint8Array(Float32Array.from(values).buffer)]; // little-endian, as all machines that run this

describe('readWeights', () => {
  const rows: [string, Partial<WeightEntry>, number[], Float32Array | Int32Array][] = [
    ['float32', { dtype: 'float32' }, f32(1.5, -2), Float32Array.of(1.5, -2)],
    ['int32', { dtype: 'int32' }, [255, 255, 255, 255, 1, 1, 0, 0], Int32Array.of(-1, 257)],
    ['uint8', { quantization: { dtype: 'uint8', scale: 0.5, min: -1 } }, [0, 255], Float32Array.of(-1, 126.5)],
    ['uint16', { quantization: { dtype: 'uint16', scale: 0.25, min: 1 } }, u16(4, 65535), Float32Array.of(2, 16384.75)],
    ['float16', { quantization: { dtype: 'float16' } }, u16(0x3c00, 0xc000), Float32Array.of(1, -2)],
    [
      'int32 of uint8: rounded',
      { dtype: 'int32', quantization: { dtype: 'uint8', scale: 0.7, min: -3 } },
      [1, 10],
      Int32Array.of(-2, 4), // −2.3 and 4
    ],
  ];

  test.each(rows)('%s', (_, entry, bytes, data) => {
    const weights = readWeights(group({ name: 'w', shape: [2], dtype: 'float32', ...entry }), Uint8Array.from(bytes));
    expect(weights).toEqual(new Map([['w', { kind: 'constant', shape: [2], data }]]));
  });

  test('one after the other, without gaps, from bytes that begin anywhere', () => {
    const bytes = Uint8Array.from([9, 9, 9, 7, 8, ...f32(1.5), ...u16(3)]).subarray(3);
    const quantization = { dtype: 'uint8', scale: 1, min: 0 };
    const entries: WeightEntry[] = [
      { name: 'a', shape: [1, 2], dtype: 'float32', quantization },
      { name: 'b', shape: [], dtype: 'float32' },
      { name: 'none', shape: [0], dtype: 'float32' },
      { name: 'c', shape: [1], dtype: 'float32', quantization: { ...quantization, dtype: 'uint16' } },
    ];
    const found = [...readWeights(group(...entries), bytes)].map(([name, { shape, data }]) => [name, shape, [...data]]);
    expect(found).toEqual([
      ['a', [1, 2], [7, 8]],
      ['b', [], [1.5]],
      ['none', [0], []],
      ['c', [1], [3]],
    ]);
  });

  test('no weights', () => {
    expect(readWeights(group(), new Uint8Array(0)).size).toBe(0);
  });
});

describe('what it refuses', () => {
  const entry: WeightEntry = { name: 'w', shape: [2], dtype: 'float32' };
  const rows: [string, WeightEntry, number, string][] = [
    ['a byte too few', entry, 7, 'weight w: expected more bytes in the weight files, received 7'],
    ['a byte too many', entry, 9, 'weights: expected 8 bytes, received 9'],
    [
      'an unknown format',
      { ...entry, dtype: 'complex64' },
      16,
      'weight w: expected one of float32, int32, float16, uint16, uint8, received "complex64"',
    ],
    [
      'an unknown quantisation',
      { ...entry, quantization: { dtype: 'int4' } },
      8,
      'weight w: expected one of .*, received "int4"',
    ],
    [
      'no scale',
      { ...entry, quantization: { dtype: 'uint8', min: 0 } },
      2,
      'weight w: expected a scale and a min, received undefined',
    ],
    [
      'no min',
      { ...entry, quantization: { dtype: 'uint8', scale: 1 } },
      2,
      'weight w: expected a scale and a min, received undefined',
    ],
  ];

  test.each(rows)('%s', (_, wrong, length, message) => {
    const read = () => readWeights(group(wrong), new Uint8Array(length));
    expect(read).toThrow(complaint('E_MODEL', new RegExp(`^${message}\\.$`)));
  });
});

describe('halfToFloat', () => {
  // IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction.
  test.each([
    ['0', 0x0000, 0],
    ['−0', 0x8000, -0],
    ['1', 0x3c00, 1],
    ['next to 1', 0x3c01, 1 + 2 ** -10],
    ['−2', 0xc000, -2],
    ['a third', 0x3555, 0.333251953125],
    ['the largest', 0x7bff, 65504],
    ['the smallest normal', 0x0400, 2 ** -14],
    ['the largest subnormal', 0x03ff, 2 ** -14 - 2 ** -24],
    ['the smallest', 0x0001, 2 ** -24],
    ['∞', 0x7c00, Number.POSITIVE_INFINITY],
    ['−∞', 0xfc00, Number.NEGATIVE_INFINITY],
    ['no number', 0x7e00, Number.NaN],
  ])('%s', (_, half, value) => {
    expect(halfToFloat(half)).toBe(value);
  });
});

function group(...weights: WeightEntry[]): WeightGroup {
  return { paths: [], weights };
}
