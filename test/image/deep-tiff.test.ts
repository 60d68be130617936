import { expect, test } from 'vitest';
import { decodeImage, openUpright } from '../../src/image/decode.js';
import { complaint } from '../support/complaint.js';
import { inputSpec } from '../support/input-spec.js';
import { type Samples, tiffOf } from './tiff.js';

const options = { background: '#ffffff', lenient: false };
const grey = (...values: number[]) => values.flatMap((value) => [value, value, value]);

test.each<[name: string, samples: Samples, pixels: number[]]>([
  ['float grey from 0 to 1', { kind: 'float32', data: Float32Array.of(0, 0.2, 0.6, 1) }, grey(0, 51, 153, 255)],
  ['float grey to 255', { kind: 'float32', data: Float32Array.of(0, 12, 99.6, 200) }, grey(0, 12, 100, 200)],
  ['float grey to 65535', { kind: 'float32', data: Float32Array.of(0, 257, 2570, 65535) }, grey(0, 1, 10, 255)],
  [
    'float colour to 255',
    { kind: 'float32', data: Float32Array.of(9, 80, 200, 0, 255, 1, 7, 7, 7, 1, 2, 3) },
    [9, 80, 200, 0, 255, 1, 7, 7, 7, 1, 2, 3],
  ],
  ['int8', { kind: 'int8', data: Int8Array.of(0, 5, 90, 127) }, grey(0, 5, 90, 127)],
  ['int16 of 8 bits', { kind: 'int16', data: Int16Array.of(0, 5, 90, 250) }, grey(0, 5, 90, 250)],
  ['int16', { kind: 'int16', data: Int16Array.of(0, 257, 2570, 25700) }, grey(0, 1, 10, 100)],
  ['int32', { kind: 'int32', data: Int32Array.of(0, 257, 2570, 65535) }, grey(0, 1, 10, 255)],
  ['uint32', { kind: 'uint32', data: Uint32Array.of(0, 5, 90, 255) }, grey(0, 5, 90, 255)],
  ['uint16, as ever', { kind: 'uint16', data: Uint16Array.of(0, 257, 2570, 65535) }, grey(0, 1, 10, 255)],
])('%s', async (_, samples, pixels) => {
  expect(await pixelsOf(tiffOf(samples, { width: 2, height: 2 }))).toEqual(pixels);
});

test('upright', async () => {
  const tiff = tiffOf({ kind: 'float32', data: Float32Array.of(0, 1) }, { width: 2, height: 1, orientation: 6 });
  expect(await pixelsOf(tiff)).toEqual(grey(0, 1).map((value) => 255 * value));
});

test.each<[name: string, samples: Samples, message: RegExp]>([
  [
    'negative floats',
    { kind: 'float32', data: Float32Array.of(-1, 0.5, 1, 1) },
    /from 0 to 1, 255 or 65535, received -1 to 1\. Scale/,
  ],
  [
    'negative integers',
    { kind: 'int16', data: Int16Array.of(-40, 5, 900, 1) },
    /samples \(short\) from 0 to 255 or 65535, received -40 to 900/,
  ],
  ['no numbers', { kind: 'float32', data: Float32Array.of(Number.NaN, 0, 1, 1) }, /received some that are no numbers/],
  ['more than 16 bits', { kind: 'uint32', data: Uint32Array.of(0, 5, 9, 70000) }, /received 0 to 70000/],
  ['light, or a dark picture', { kind: 'float32', data: Float32Array.of(0, 1, 2, 3) }, /received 0 to 3/],
  [
    '64 bits',
    { kind: 'float64', data: Float64Array.of(0, 1, 2, 3) },
    /with samples of 64 bits that this build of sharp cannot read/,
  ],
])('refused: %s', async (_, samples, message) => {
  await expect(pixelsOf(tiffOf(samples, { width: 2, height: 2 }))).rejects.toThrow(complaint('E_IMAGE', message));
});

/** As they are drawn into, and as a model's input of the same size has them: the same. */
async function pixelsOf(bytes: Uint8Array): Promise<number[]> {
  const source = { kind: 'bytes', bytes } as const;
  const { pixels, geometry } = await decodeImage(source, inputSpec({ width: 2, height: 2, fit: 'stretch' }), options);
  const drawn = await (await openUpright(source, options)).raw().toBuffer();
  if (drawn.length === pixels.length && geometry.imageWidth === 2) expect([...pixels]).toEqual([...drawn]);
  return [...drawn];
}
