import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type ImageInput, imageName, imageSource } from '../../src/image/source.js';
import type { RawPixels } from '../../src/types/pictures.js';
import { complaint } from '../support/complaint.js';

const bytes = Uint8Array.of(1, 2, 3, 4);
const pixels: RawPixels = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 };

async function* parts(...given: (Uint8Array | string)[]) {
  yield* given;
}

test.each<[string, ImageInput, RegExp]>([
  [
    'a broken data: URL',
    `data:image/jpeg;base64${'A'.repeat(500_000)}`,
    /^detect: expected a data: URL such as .*, received "data:image/,
  ],
  ['base64 in place of a path', 'QUJD'.repeat(100_000), /^detect: expected a path, received "base64"\. Pass its bytes/],
  ['a URL of the web', `https://x.org/${'a'.repeat(9_000)}`, /Fetch it first and pass its bytes\.$/],
])('%s is refused in a short line', async (_, image, message) => {
  const error = await imageSource(image).catch((thrown: Error) => thrown);
  expect(error).toEqual(complaint('E_ARGUMENT', message));
  expect((error as Error).message.length).toBeLessThan(400);
});

test('names: of a File its own, of a data: URL none', () => {
  expect(imageName(new File([], 'a b.jpg'))).toBe('a b.jpg');
  expect(imageName(new Blob([]))).toBeNull();
  expect(imageName('data:,x')).toBeNull();
  expect(imageName(new URL('data:,x'))).toBeNull();
});

describe('imageSource', () => {
  const strange = join('/photos', 'a b#1%20[x].jpg');
  const rows: [string, ImageInput, unknown][] = [
    ['a path as it is', strange, { kind: 'path', path: strange }],
    ['a Windows path', 'C:\\photos\\a.jpg', { kind: 'path', path: 'C:\\photos\\a.jpg' }],
    ['a file URL', pathToFileURL(strange), { kind: 'path', path: strange }],
    ['bytes', bytes, { kind: 'bytes', bytes }],
    ['a Buffer', Buffer.from(bytes), { kind: 'bytes', bytes: Buffer.from(bytes) }],
    ['a Blob', new Blob([bytes]), { kind: 'bytes', bytes }],
    ['a File', new File([bytes], 'a.jpg'), { kind: 'bytes', bytes }],
    ['a data: URL', 'data:image/jpeg;base64,AQIDBA==', { kind: 'bytes', bytes }],
    ['a data: URL with percent signs', new URL('data:,%01%02%03%04'), { kind: 'bytes', bytes }],
    ['an ArrayBuffer', bytes.slice().buffer, { kind: 'bytes', bytes }],
    ['raw pixels', pixels, { kind: 'raw', pixels }],
    ['raw pixels, with more than they need', { ...pixels, colorSpace: 'srgb' } as RawPixels, { kind: 'raw', pixels }],
    [
      'clamped pixels',
      { ...pixels, data: new Uint8ClampedArray(12) },
      { kind: 'raw', pixels: { ...pixels, data: new Uint8ClampedArray(12) } },
    ],
  ];

  test.each(rows)('%s', async (_, image, source) => {
    expect(await imageSource(image)).toStrictEqual(source);
  });

  test.each([
    ['a Node stream', () => Readable.from([bytes.subarray(0, 1), bytes.subarray(1)])],
    ['a web stream', () => new Blob([bytes.subarray(0, 1), bytes.subarray(1)]).stream()],
    ['a generator', () => parts(bytes.subarray(0, 3), bytes.subarray(3))],
  ])('%s, to its end', async (_, stream) => {
    expect(await imageSource(stream() as ImageInput)).toEqual({ kind: 'bytes', bytes: Buffer.from(bytes) });
  });

  test('a stream without parts', async () => {
    expect(await imageSource(parts())).toEqual({ kind: 'bytes', bytes: Buffer.alloc(0) });
  });

  test('a sharp instance: what it would write, with the EXIF orientation it would keep', async () => {
    const raw = { width: 6, height: 4, channels: 3 } as const;
    const stored = await sharp(Buffer.alloc(72, 99), { raw }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const source = await imageSource(sharp(stored).resize(3, 2));
    if (source.kind !== 'bytes') throw new Error('expected bytes');
    const { autoOrient, orientation } = await sharp(source.bytes).metadata();
    expect({ autoOrient, orientation }).toEqual({ autoOrient: { width: 2, height: 3 }, orientation: 6 });
    const { data } = await sharp(source.bytes).raw().toBuffer({ resolveWithObject: true });
    expect(new Set(data)).toEqual(new Set([99]));
  });

  test('a sharp instance can be used again', async () => {
    const create = { width: 2, height: 2, channels: 3, background: '#123456' } as const;
    const image = sharp(await sharp({ create }).png().toBuffer());
    await imageSource(image);
    expect((await sharp(await image.toBuffer()).metadata()).format).toBe('png');
  });
});

describe('what it refuses', () => {
  const anything = 'an image \\(path, file or data URL, bytes, Blob, stream, sharp instance or raw pixels\\)';
  const fetch = 'Fetch it first and pass its bytes\\.';
  const rows: [string, unknown, string][] = [
    ['nothing', undefined, `${anything}, received undefined\\.`],
    ['null', null, `${anything}, received null\\.`],
    ['a number', 5, `${anything}, received 5\\.`],
    ['an array', [1], `${anything}, received Array of length 1\\.`],
    ['floats', new Float32Array(3), `${anything}, received Float32Array of length 3\\.`],
    ['an object', {}, `${anything}, received an object \\(Object\\)\\.`],
    ['a web address as a URL', new URL('https://a.b/c.jpg'), `a file: URL, received "https://a.b/c.jpg"\\. ${fetch}`],
    ['a web address as a text', 'http://a.b/c.jpg', `a path, received "http://a.b/c.jpg"\\. ${fetch}`],
    ['a file URL as a text', 'file:///c.jpg', 'a path, received "file:///c.jpg"\\. Pass new URL\\(…\\)\\.'],
    [
      'a file URL with an encoded slash',
      new URL('file:///a%2Fb.jpg'),
      'a file: URL that is a path, received "file:///a%2Fb.jpg"\\. .*encoded / .*',
    ],
    [
      'pixels in an array',
      { ...pixels, data: [1, 2, 3] },
      'raw.data to be a Uint8Array, received Array of length 3\\.',
    ],
    [
      '16-bit pixels',
      { ...pixels, data: new Uint16Array(12) },
      'raw.data to be a Uint8Array, received Uint16Array of length 12\\.',
    ],
    ['no width', { ...pixels, width: 0 }, 'raw.width to be a positive integer, received 0\\.'],
    ['half a height', { ...pixels, height: 1.5 }, 'raw.height to be a positive integer, received 1.5\\.'],
    ['five channels', { ...pixels, channels: 5 }, 'raw.channels from 1 to 4, received 5\\.'],
    ['a byte too few', { ...pixels, data: new Uint8Array(11) }, 'raw.data of 2 × 2 × 3 = 12 bytes, received 11\\.'],
    ['a byte too many', { ...pixels, data: new Uint8Array(13) }, 'raw.data of 2 × 2 × 3 = 12 bytes, received 13\\.'],
  ];

  test.each(rows)('%s', async (_, image, message) => {
    const refused = complaint('E_ARGUMENT', new RegExp(`^detect: expected ${message}$`));
    await expect(imageSource(image as ImageInput)).rejects.toThrow(refused);
  });

  test('a stream of texts', async () => {
    const message = /^detect: the image stream failed: it gave string instead of bytes\.$/;
    await expect(imageSource(parts(bytes, 'text'))).rejects.toThrow(complaint('E_IO', message));
  });

  test('a stream that fails', async () => {
    const broken = Readable.from([bytes]);
    broken.destroy(new Error('reset'));
    await expect(imageSource(broken)).rejects.toThrow(complaint('E_IO', /^detect: the image stream failed: reset\.$/));
  });

  test('a sharp instance that fails', async () => {
    const broken = sharp(Buffer.from('no image'));
    const message = /^detect: the sharp instance failed: .*unsupported image format\.$/;
    await expect(imageSource(broken)).rejects.toThrow(complaint('E_IMAGE', message));
  });
});

test('imageName: what was given, where it has a name', () => {
  expect(imageName('a b.jpg')).toBe('a b.jpg');
  expect(imageName(new URL('file:///a%20b.jpg'))).toBe('file:///a%20b.jpg');
  expect(imageName(bytes)).toBeNull();
  expect(imageName(pixels)).toBeNull();
});
