import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isLosslessJpeg } from '../../src/image/lossless-jpeg.js';
import { sample } from '../support/run.js';
import { flat, red } from './pictures.js';

/** A start of image, segments (marker and content), a start of scan. */
function jpegOf(...segments: [marker: number, content: number[]][]): Uint8Array {
  const bytes = segments.flatMap(([marker, content]) => [0xff, marker, 0, content.length + 2, ...content]);
  return Uint8Array.from([0xff, 0xd8, ...bytes, 0xff, 0xda, 0, 2]);
}
const APP1: [number, number[]] = [0xe1, [0xff, 0xc3, 0, 9]]; // what lies in a segment is no marker

test.each([
  ['lossless', true, jpegOf(APP1, [0xc3, [8]])],
  ['lossless, after fill bytes', true, Uint8Array.from([0xff, 0xd8, 0xff, 0xff, 0xff, 0xc3, 0, 2])],
  ['differential lossless', true, jpegOf([0xc7, [8]])],
  ['baseline', false, jpegOf(APP1, [0xc0, [8]])],
  ['progressive', false, jpegOf([0xc2, [8]])],
  ['with a lossless frame after its scan', false, Uint8Array.from([...jpegOf(), 0xff, 0xc3, 0, 2])],
  ['cut off', false, jpegOf(APP1).subarray(0, 7)],
  ['nothing', false, new Uint8Array()],
])('%s: %s', (_, expected, bytes) => {
  expect(isLosslessJpeg(bytes)).toBe(expected);
});

test('files of encoders', async () => {
  expect(isLosslessJpeg(await readFile(sample('street.jpg')))).toBe(false);
  expect(isLosslessJpeg(await flat(red, 1, 8, 8).png().toBuffer())).toBe(false);
});
