import { writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { type DecodeOptions, decodeImage } from '../../src/image/decode.js';
import type { InputSpec } from '../../src/types/model.js';
import type { FitMode, FittedImage, ImageSource } from '../../src/types/pictures.js';
import { complaint } from '../support/complaint.js';
import { inputSpec } from '../support/input-spec.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import {
  animation,
  blue,
  type Colour,
  deep,
  emptyPng,
  flat,
  green,
  quadrants,
  quadrantsOf,
  tiffWithOddTag,
} from './pictures.js';

/** Both ways through libvips: resized there, and read in full size. */
const INTERPOLATIONS = ['antialias', 'bilinear'] as const;
/** One step of 8 bits, where a conversion rounds. */
const ROUNDING = 1;
/** JPEG at its best quality without chroma subsampling, flat areas on its 8 × 8 grid: a step or two of YCbCr rounding. */
const JPEG = 3;
/** A press's colours are duller than a screen's: libvips goes through them where a file has no profile. */
const PRESS = 20;

describe('orientation', () => {
  // EXIF: 6 means that the stored first row is the right side and the first column the top of the upright picture.
  // Corners of the stored picture: R top left, G top right, W bottom left, B bottom right.
  const corners: [orientation: number, upright: string][] = [
    [1, 'RG/WB'],
    [2, 'GR/BW'],
    [3, 'BW/GR'],
    [4, 'WB/RG'],
    [5, 'RW/GB'],
    [6, 'WR/BG'],
    [7, 'BG/WR'],
    [8, 'GB/RW'],
  ];

  test.each(corners)('%i', async (orientation, upright) => {
    const stored = quadrants(32, 16).withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' });
    const [imageWidth, imageHeight] = orientation < 5 ? [32, 16] : [16, 32];
    const [fittedWidth, fittedHeight] = [2 * imageWidth, 2 * imageHeight];
    const [offsetX, offsetY] = [(64 - fittedWidth) / 2, (64 - fittedHeight) / 2];
    for (const interpolation of INTERPOLATIONS) {
      const { pixels, geometry } = await decode(stored, { width: 64, height: 64, fit: 'letterbox', interpolation });
      expect(geometry).toMatchObject({ imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY });
      expect(quadrantsOf(pixels, fittedWidth, fittedHeight)).toBe(upright);
    }
  });
});

describe.each(INTERPOLATIONS)('colour and depth, %s', (interpolation) => {
  const leaf: Colour = [10, 200, 30];
  const grey: Colour = [100, 100, 100];
  const lossless = { lossless: true };

  /** Pictures, what their file is to be, and their colour over a dark grey background of 64. */
  const rows: [string, () => Sharp | Promise<Sharp>, Record<string, unknown>, Colour, tolerance?: number][] = [
    ['WebP', () => flat(leaf).webp(lossless), { format: 'webp' }, leaf],
    ['TIFF', () => flat(leaf).tiff({ compression: 'lzw' }), { format: 'tiff' }, leaf],
    ['GIF', () => flat(leaf).gif(), { format: 'gif' }, leaf],
    ['AVIF', () => flat(grey).avif(lossless), { mediaType: 'image/avif' }, grey, ROUNDING],
    ['grey JPEG', () => flat(grey).toColourspace('b-w').jpeg(), { format: 'jpeg', channels: 1 }, grey, JPEG],
    ['CMYK JPEG', () => flat([200, 60, 60]).toColourspace('cmyk').jpeg(), { space: 'cmyk' }, [200, 60, 60], PRESS],
    ['palette PNG', () => flat(leaf).png({ palette: true }), { isPalette: true }, leaf],
    ['16-bit PNG', () => deep(0x0a0a, 0xc8c8, 0x1e1e).png(), { depth: 'ushort' }, leaf, ROUNDING],
    ['16-bit grey PNG', () => deep(0x6464).png(), { depth: 'ushort', channels: 1 }, grey, ROUNDING],
    ['a quarter opaque', () => flat(leaf, 0.25).png(), { channels: 4 }, [50, 98, 55], ROUNDING],
    [
      'grey, a quarter opaque',
      () => flat(grey, 0.25).toColourspace('b-w').png(),
      { channels: 2 },
      [73, 73, 73],
      ROUNDING,
    ],
    ['transparent', () => flat(leaf, 0).webp(lossless), { hasAlpha: true }, [64, 64, 64]],
    ['first frame of a GIF', async () => (await animation()).gif(), { pages: 2 }, blue],
    ['first frame of a WebP', async () => (await animation()).webp(lossless), { pages: 2 }, blue],
    ['first page of a TIFF', async () => (await animation()).tiff({ compression: 'lzw' }), { pages: 2 }, blue],
  ];

  test.each(rows)('%s', async (_, image, is, colour, tolerance = 0) => {
    const bytes = await (await image()).toBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject(is);
    const { pixels, geometry } = await decodeBytes(
      bytes,
      { width: 8, height: 8, interpolation },
      { background: '#404040' },
    );
    expect(geometry).toMatchObject({ imageWidth: 16, imageHeight: 16 });
    expectColour(pixels, colour, tolerance);
  });

  test('a coloured background', async () => {
    const { pixels } = await decode(flat(leaf, 0).png(), { interpolation }, { background: '#ff8000' });
    expectColour(pixels, [255, 128, 0], 0);
  });

  const raws: [string, 1 | 2 | 3 | 4, number[], Colour][] = [
    ['grey', 1, [100], grey],
    ['grey and alpha', 2, [100, 64], [73, 73, 73]],
    ['RGB', 3, leaf, leaf],
    ['RGB and alpha', 4, [...leaf, 0], [64, 64, 64]],
  ];

  test.each(raws)('raw pixels: %s', async (_, channels, pixel, colour) => {
    const buffer = Uint8ClampedArray.from([7, 7, ...Array.from({ length: 16 }, () => pixel).flat()]);
    const source = { kind: 'raw', pixels: { data: buffer.subarray(2), width: 8, height: 2, channels } } as const;
    const { pixels, geometry } = await decodeSource(
      source,
      { width: 4, height: 4, interpolation },
      { background: '#404040' },
    );
    expect(geometry).toMatchObject({ imageWidth: 8, imageHeight: 2 });
    expectColour(pixels, colour, ROUNDING);
  });
});

describe('size', () => {
  const rows: [string, { fit: FitMode; width: number; height: number; corners: string }][] = [
    ['stretched', { fit: 'stretch', width: 24, height: 24, corners: 'RG/WB' }],
    ['letterboxed, without its padding', { fit: 'letterbox', width: 24, height: 12, corners: 'RG/WB' }],
    ['to the top left', { fit: 'letterbox-top-left', width: 24, height: 12, corners: 'RG/WB' }],
  ];

  test.each(rows)('%s', async (_, { fit, width, height, corners }) => {
    const { pixels, geometry } = await decode(quadrants(64, 32).png(), { width: 24, height: 24, fit });
    expect(geometry).toMatchObject({ fittedWidth: width, fittedHeight: height });
    expect(quadrantsOf(pixels, width, height)).toBe(corners);
  });

  test.each(INTERPOLATIONS)('a line of pixels, %s', async (interpolation) => {
    const line = flat(green, 1, 200, 1).png();
    const { pixels } = await decode(line, { width: 10, height: 10, fit: 'letterbox', interpolation });
    expect(pixels).toHaveLength(10 * 1 * 3);
    expectColour(pixels, green, 0);
  });

  test('an SVG at the size it names, transparent where nothing is drawn', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="20" height="20" fill="#00f"/></svg>';
    const { pixels, geometry } = await decodeBytes(Buffer.from(svg), { width: 20, height: 20 });
    expect(geometry).toMatchObject({ imageWidth: 40, imageHeight: 20 });
    expect(quadrantsOf(pixels, 20, 20)).toBe('BW/BW');
  });

  const tooLarge = /^decode: expected at most 268402689 pixels, received 16384 × 16383\. Resize or tile it first\.$/;

  test('more pixels than the limit, by the header alone', async () => {
    for (const lenient of [false, true]) {
      const decoded = decodeBytes(emptyPng(16384, 16383), {}, { lenient });
      await expect(decoded).rejects.toThrow(complaint('E_IMAGE', tooLarge));
    }
  });

  test('at the limit the header is no reason', async () => {
    await expect(decodeBytes(emptyPng(16383, 16383))).rejects.toThrow(
      complaint('E_IMAGE', /^decode: expected a whole image/),
    );
  });
});

describe.each(INTERPOLATIONS)('damage, %s', (interpolation) => {
  const damaged =
    /^decode: expected a whole image, received a damaged one \(.+\)\. The option lenient \(--lenient\) uses the part that can be decoded\.$/;

  test.each([
    ['JPEG', quadrants(256, 256).jpeg()],
    ['PNG', quadrants(256, 256).png({ compressionLevel: 0 })],
  ])('a truncated %s: refused, or its upper part', async (_, image) => {
    const whole = await image.toBuffer();
    const bytes = whole.subarray(0, Math.floor(whole.length * 0.7));
    await expect(decodeBytes(bytes, { interpolation })).rejects.toThrow(complaint('E_IMAGE', damaged));
    const target = { width: 32, height: 32, interpolation };
    const { pixels, geometry, damage } = await decodeBytes(bytes, target, { lenient: true });
    expect(damage).toMatch(/^[^\n]+$/);
    expect(geometry).toMatchObject({ imageWidth: 256, imageHeight: 256 });
    expect(quadrantsOf(pixels, 32, 32)).toMatch(/^RG/);
  });

  test('a whole image has no damage, lenient or not', async () => {
    for (const lenient of [false, true]) {
      const fitted = await decode(flat(green).png(), { interpolation }, { lenient });
      expect('damage' in fitted).toBe(false);
    }
  });

  test('a remark about a TIFF tag is none', async () => {
    const { pixels } = await decodeBytes(await tiffWithOddTag(green), { interpolation });
    expectColour(pixels, green, 0);
  });

  test('a TIFF with such a remark and broken pixels', async () => {
    const tiff = await tiffWithOddTag(green);
    await expect(decodeBytes(tiff.fill(0xff, 8, 24), { interpolation })).rejects.toThrow(complaint('E_IMAGE', damaged));
  });
});

describe('what is no image', () => {
  const formats = 'an image \\(JPEG, PNG, WebP, AVIF, TIFF, GIF or SVG\\)';

  test.each([
    ['no bytes', Buffer.alloc(0), 'no bytes at all'],
    ['a text', Buffer.from('Not an image at all.\n'), 'bytes of another format'],
    ['zeros', Buffer.alloc(1000), 'bytes of another format'],
  ])('%s', async (_, bytes, received) => {
    for (const lenient of [false, true]) {
      const message = new RegExp(`^decode: expected ${formats}, received ${received}\\.$`);
      await expect(decodeBytes(bytes, {}, { lenient })).rejects.toThrow(complaint('E_IMAGE', message));
    }
  });

  test('the start of a JPEG, without its size', async () => {
    const jpeg = await flat(green).jpeg().toBuffer();
    for (const lenient of [false, true]) {
      const message = /^decode: expected a whole image, received a damaged one \(.+\)\./;
      await expect(decodeBytes(jpeg.subarray(0, 30), {}, { lenient })).rejects.toThrow(complaint('E_IMAGE', message));
    }
  });

  test('a file of the same kinds', async () => {
    const folder = await temporaryFolder();
    const paths = { empty: join(folder, 'empty.jpg'), text: join(folder, 'text.jpg') };
    await writeFile(paths.empty, '');
    await writeFile(paths.text, 'text');
    await expect(decodePath(paths.empty)).rejects.toThrow(complaint('E_IMAGE', /received no bytes at all\.$/));
    await expect(decodePath(paths.text)).rejects.toThrow(complaint('E_IMAGE', /received bytes of another format\.$/));
    await expect(decodePath(folder)).rejects.toThrow(complaint('E_IO', /^the file cannot be read: it is a folder$/));
    await expect(decodePath(join(folder, 'none.jpg'))).rejects.toThrow(complaint('E_IO', /^no such file$/));
  });

  test('a device, which would never end', async () => {
    await expect(decodePath(devNull)).rejects.toThrow(
      complaint('E_IO', /^the file cannot be read: it is not a regular file$/),
    );
  });
});

test('a file is decoded by its content, whatever its name', async () => {
  const path = join(await temporaryFolder(), 'a picture.txt');
  await writeFile(path, await flat(green).png().toBuffer());
  expectColour((await decodePath(path)).pixels, green, 0);
});

function options(given: Partial<DecodeOptions> = {}): DecodeOptions {
  return { background: '#ffffff', lenient: false, ...given };
}

async function decode(image: Sharp, ...rest: DecodeRest): Promise<FittedImage> {
  return decodeBytes(await image.toBuffer(), ...rest);
}

type DecodeRest = [target?: Partial<InputSpec>, given?: Partial<DecodeOptions>];

function decodeBytes(bytes: Uint8Array, ...rest: DecodeRest): Promise<FittedImage> {
  return decodeSource({ kind: 'bytes', bytes }, ...rest);
}

function decodePath(path: string): Promise<FittedImage> {
  return decodeSource({ kind: 'path', path });
}

function decodeSource(source: ImageSource, target?: Partial<InputSpec>, given?: Partial<DecodeOptions>) {
  return decodeImage(source, inputSpec({ width: 16, height: 16, ...target }), options(given));
}

function expectColour(pixels: Uint8Array, colour: Colour, tolerance: number): void {
  expect(pixels.length).toBeGreaterThan(0);
  for (let i = 0; i < pixels.length; i++) {
    if (Math.abs(pixels[i] - colour[i % 3]) <= tolerance) continue;
    expect.fail(
      `pixel ${Math.floor(i / 3)}: received ${pixels.subarray(i - (i % 3), i - (i % 3) + 3)}, expected ${colour}`,
    );
  }
}
