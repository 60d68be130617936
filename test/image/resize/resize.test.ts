import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { fitImage } from '../../../src/image/fit.js';
import { resize } from '../../../src/image/resize/resize.js';
import type { Interpolation } from '../../../src/types/pictures.js';
import { randomNumbers } from '../../support/random.js';

/** A random picture, and what OpenCV makes of it; made by test/fixtures/make/resize.py. */
interface Case {
  name: string;
  image: [width: number, height: number];
  input: [width: number, height: number];
  /** [height, width, 3], as base64; so are the results. */
  pixels: string;
  bilinear: string;
  bicubic: string;
  'bilinear-warp': string;
}

type Interpolated = Exclude<Interpolation, 'antialias'>;

const { cases } = JSON.parse(readFileSync(new URL('../../fixtures/goldens/resize.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

/** Levels of 255: OpenCV sums the others in float32. */
const TOLERANCES: [Interpolated, number][] = [
  ['bilinear', 0],
  ['bicubic', 1],
  ['bilinear-warp', 1],
];

describe.each(TOLERANCES)('%s as OpenCV does it', (interpolation, tolerance) => {
  test.each(cases)('$name', async ({ image, input, pixels, ...results }) => {
    const found = await resizedTo(picture(image, Buffer.from(pixels, 'base64')), { input, interpolation });
    expectLevels(found, Buffer.from(results[interpolation], 'base64'), tolerance);
  });
});

describe.each(TOLERANCES)('%s', (interpolation) => {
  const upright = picture([31, 23], noise(31 * 23 * 3));
  const target = { input: [11, 14] as [number, number], interpolation };

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('the same bytes from a file of EXIF orientation %i', async (orientation) => {
    const expected = await resizedTo(upright, target);
    const stored = await storedAs(upright, orientation);
    expect(await resizedTo(stored, { ...target, orientation })).toEqual(expected);
    const strips = { ...target, orientation, stripBytes: 5 * 3 * stored.width };
    expect(await resizedTo(stored, strips), 'in strips of five lines').toEqual(expected);
  });
});

test('antialias takes the mean of the pixels that one stands for', async () => {
  const stripes = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (Math.floor(i / 3) % 2 === 0 ? 0 : 200));
  const stretched = { input: [2, 2] as [number, number], interpolation: 'antialias' as const };
  expectLevels(await resizedTo(picture([8, 8], stripes), stretched), new Uint8Array(12).fill(100), 3);
});

interface Picture {
  width: number;
  height: number;
  /** [height, width, 3] */
  pixels: Uint8Array;
}

function noise(length: number): Uint8Array {
  const random = randomNumbers(5);
  return Uint8Array.from({ length }, () => Math.floor(256 * random()));
}

function picture([width, height]: [number, number], pixels: Uint8Array): Picture {
  return { width, height, pixels };
}

interface ResizeGiven {
  input: [width: number, height: number];
  interpolation: Interpolation;
  orientation?: number;
  stripBytes?: number;
}

/** Stretched, and warped into the middle. */
function resizedTo(
  { width, height, pixels }: Picture,
  { input, interpolation, orientation = 1, ...rest }: ResizeGiven,
) {
  const open = () => sharp(pixels, { raw: { width, height, channels: 3 } });
  const image = orientation < 5 ? { width, height } : { width: height, height: width };
  const fit = interpolation === 'bilinear-warp' ? 'letterbox' : 'stretch';
  const geometry = fitImage(image, { width: input[0], height: input[1], interpolation }, fit);
  return resize({ open, orientation }, geometry, interpolation, rest.stripBytes);
}

/** How a picture lies in a file of that orientation: sharp turns it back, which its own tests and decode.test.ts hold. */
async function storedAs({ width, height, pixels }: Picture, orientation: number): Promise<Picture> {
  const raw = sharp(pixels, { raw: { width, height, channels: 3 } });
  // Turning upright is undone by the same orientation, but for the quarter turns, which undo each other.
  const undoing = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
  const tagged = await raw.withMetadata({ orientation: undoing }).png().toBuffer();
  const { data, info } = await sharp(tagged).autoOrient().raw().toBuffer({ resolveWithObject: true });
  return picture([info.width, info.height], data);
}

function expectLevels(found: Uint8Array, expected: Uint8Array, tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    if (Math.abs(found[i] - value) <= tolerance) continue;
    expect.fail(`byte ${i}: received ${found[i]}, expected ${value}`);
  }
}
