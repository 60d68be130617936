import { fileURLToPath } from 'node:url';
import type { Sharp } from 'sharp';
import { complain, reason, SigboxError } from '../errors.js';
import type { ImageSource, RawPixels } from '../types/pictures.js';

/**
 * What can be detected on: a path, a file or data URL, an encoded image's bytes, a Blob or File of them, a stream of them, a
 * sharp instance, raw pixels.
 *
 * A sharp instance stands for the picture it would write with its EXIF kept, seen upright: its own operations apply
 * first, and boxes are in pixels of what they give. A path or bytes are faster: they are decoded at the size needed.
 *
 * Bytes and pixels are not copied, but read when the image's turn comes: they have to stay unchanged until its result is
 * there. A buffer that is filled again and again, as a camera's, is to be copied first.
 */
export type ImageInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | AsyncIterable<Uint8Array | string>
  | ReadableStream<Uint8Array>
  | Sharp
  | RawPixels;

/** @throws SigboxError E_ARGUMENT  neither a list of images, nor anything else that gives one after another */
export function requireImages(images: unknown): void {
  const where = 'detectAll';
  const one = typeof images === 'string' || images instanceof URL || ArrayBuffer.isView(images);
  const given = typeof images === 'object' && images !== null;
  if (given && !one && (Symbol.asyncIterator in images || Symbol.iterator in images)) return;
  const mend = one ? { mend: 'A single image goes into an array: [image].' } : {};
  const expected = 'images, as an array, iterator or stream';
  throw complain('E_ARGUMENT', { where, expected, received: images, ...mend });
}

/** A name for messages and results: the path or URL that was given, or a file's name; else null, as for data: URLs. */
export function imageName(image: ImageInput): string | null {
  if (isDataUrl(image)) return null;
  if (typeof image === 'string') return image;
  if (image instanceof URL) return image.href;
  return image instanceof Blob && 'name' in image ? String(image.name) : null;
}

function isDataUrl(image: unknown): image is string | URL {
  return /^data:/i.test(image instanceof URL ? image.protocol : typeof image === 'string' ? image.slice(0, 5) : '');
}

/**
 * Brings an image into a form that can be sent to a worker. Streams are read to their end.
 *
 * @throws SigboxError E_ARGUMENT  not an image input. E_IMAGE  a sharp instance that fails. E_IO  a stream that fails.
 */
export async function imageSource(image: ImageInput): Promise<ImageSource> {
  if (isDataUrl(image)) return { kind: 'bytes', bytes: await bytesOfDataUrl(image) };
  if (typeof image === 'string') return pathSource(image);
  if (image instanceof URL) return urlSource(image);
  if (image instanceof Uint8Array) return { kind: 'bytes', bytes: image };
  if (image instanceof ArrayBuffer) return { kind: 'bytes', bytes: new Uint8Array(image) };
  if (image instanceof Blob) return { kind: 'bytes', bytes: await bytesOfBlob(image) };
  if (typeof image === 'object' && image !== null) {
    if (isSharp(image)) return { kind: 'bytes', bytes: await renderedBytes(image) };
    if (isStream(image)) return { kind: 'bytes', bytes: await collect(image) };
    if (isRaw(image)) return { kind: 'raw', pixels: checkedPixels(image) };
  }
  throw notAnImage(image);
}

function notAnImage(received: unknown) {
  const expected = 'an image (path, file or data URL, bytes, Blob, stream, sharp instance or raw pixels)';
  return complain('E_ARGUMENT', { where: 'detect', expected, received });
}

async function bytesOfBlob(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw new SigboxError('E_IO', `detect: the Blob can’t be read: ${reason(cause)}.`, { cause });
  }
}

/** Node reads data: URLs as it fetches others; nothing leaves the process. */
async function bytesOfDataUrl(url: string | URL): Promise<Uint8Array> {
  try {
    return new Uint8Array(await (await fetch(url)).arrayBuffer());
  } catch (cause) {
    const received = String(url).slice(0, 60);
    const expected = 'a data: URL such as data:image/jpeg;base64,…';
    throw complain('E_ARGUMENT', { where: 'detect', expected, received, cause });
  }
}

function pathSource(path: string): ImageSource {
  if (path.length > 1000 && /^[\w+/=\s-]+$/.test(path)) {
    const mend = 'Pass its bytes: Buffer.from(text, "base64").';
    throw complain('E_ARGUMENT', { where: 'detect', expected: 'a path', received: 'base64', mend });
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) {
    const mend = path.startsWith('file:') ? 'Pass new URL(…).' : 'Fetch it first and pass its bytes.';
    throw complain('E_ARGUMENT', { where: 'detect', expected: 'a path', received: path, mend });
  }
  return { kind: 'path', path };
}

function urlSource(url: URL): ImageSource {
  const [where, received] = ['detect', url.href];
  if (url.protocol !== 'file:') {
    const mend = 'Fetch it first and pass its bytes.';
    throw complain('E_ARGUMENT', { where, expected: 'a file: URL', received, mend });
  }
  try {
    return { kind: 'path', path: fileURLToPath(url) };
  } catch (cause) {
    throw complain('E_ARGUMENT', {
      where,
      expected: 'a file: URL that is a path',
      received,
      mend: `${reason(cause)}.`,
      cause,
    });
  }
}

function isSharp(image: object): image is Sharp {
  return 'toBuffer' in image && 'metadata' in image && 'clone' in image;
}

function isStream(image: object): image is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in image;
}

function isRaw(image: object): image is RawPixels {
  return 'data' in image;
}

async function renderedBytes(image: Sharp): Promise<Uint8Array> {
  try {
    return await image.clone().keepExif().tiff({ compression: 'none' }).toBuffer();
  } catch (cause) {
    throw new SigboxError('E_IMAGE', `detect: the sharp instance failed: ${reason(cause)}.`, { cause });
  }
}

async function collect(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of stream) {
      if (!(part instanceof Uint8Array)) throw new Error(`it gave ${typeof part} instead of bytes`);
      parts.push(part);
    }
  } catch (cause) {
    throw new SigboxError('E_IO', `detect: the image stream failed: ${reason(cause)}.`, { cause });
  }
  return Buffer.concat(parts);
}

function checkedPixels({ data, width, height, channels }: RawPixels): RawPixels {
  const where = 'detect';
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!bytes) throw complain('E_ARGUMENT', { where, expected: 'raw.data to be a Uint8Array', received: data });
  for (const [name, value] of Object.entries({ width, height })) {
    if (Number.isInteger(value) && value > 0) continue;
    throw complain('E_ARGUMENT', { where, expected: `raw.${name} to be a positive integer`, received: value });
  }
  if (![1, 2, 3, 4].includes(channels)) {
    throw complain('E_ARGUMENT', { where, expected: 'raw.channels from 1 to 4', received: channels });
  }
  const length = width * height * channels;
  if (data.length !== length) {
    const expected = `raw.data of ${width} × ${height} × ${channels} = ${length} bytes`;
    throw complain('E_ARGUMENT', { where, expected, received: data.length });
  }
  return { data, width, height, channels };
}
