import { openSync, read, statSync } from 'node:fs';
import { promisify } from 'node:util';
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { reason, SigboxError } from '../errors.js';
import { closeRead } from '../files/read-file.js';
import type { InputSpec } from '../types/model.js';
import type { FittedImage, Geometry, ImageSource, RawPixels } from '../types/pictures.js';
import { decoding } from './decoding.js';
import { readDeepTiff } from './deep-tiff.js';
import { fitImage } from './fit.js';
import { isLosslessJpeg } from './lossless-jpeg.js';
import { resize } from './resize/resize.js';
import { missingCodec, unreadableKind } from './unreadable.js';

export interface DecodeOptions {
  /** Colour under transparent pixels, #rrggbb. */
  background: string;
  /** Use what can be decoded of a damaged image. */
  lenient: boolean;
}

/** Images of more pixels are refused before they are decoded: 2^14 × 2^14 less one, libvips' own safe limit. */
const PIXEL_LIMIT = 0x3fff * 0x3fff;
const FORMATS = 'JPEG, PNG, WebP, AVIF, TIFF, GIF or SVG';

type FailOn = 'none' | 'error' | 'warning';
type Input = Uint8Array | { data: Uint8Array; options: SharpOptions };

/**
 * Decodes an image, turns it upright by its EXIF orientation and resizes it, by the interpolation that the input asks
 * for, to where it lies in a model's input. Memory stays bounded, however large the image.
 *
 * Any colour space and depth becomes 8-bit sRGB by the embedded profile, transparency is laid over `background`, of an
 * animation or a multi-page file the first frame is the picture.
 *
 * @throws SigboxError E_IO  the file can't be read. E_IMAGE  not an image, too large, or (unless lenient) damaged.
 */
export async function decodeImage(
  source: ImageSource,
  target: InputSpec,
  options: DecodeOptions,
): Promise<FittedImage> {
  return decodeAs(source, { geometryOf: (size) => fitImage(size, target, target.fit), ...target }, options);
}

/** The same in the image's full size, for a model that is to look at parts of it. */
export function decodeFull(source: ImageSource, options: DecodeOptions): Promise<FittedImage> {
  return decodeAs(source, { geometryOf: unresized, interpolation: 'antialias' }, options);
}

/** Pixels resized to where `geometry` has them. */
export function resizePixels(
  pixels: RawPixels,
  geometry: Geometry,
  { interpolation }: Pick<InputSpec, 'interpolation'>,
  options: DecodeOptions,
): Promise<FittedImage> {
  return decodeAs({ kind: 'raw', pixels }, { geometryOf: () => geometry, interpolation }, options);
}

function unresized({ width, height }: { width: number; height: number }): Geometry {
  const sides = { imageWidth: width, imageHeight: height, fittedWidth: width, fittedHeight: height };
  return { ...sides, offsetX: 0, offsetY: 0, inputWidth: width, inputHeight: height };
}

interface Target extends Pick<InputSpec, 'interpolation'> {
  geometryOf(upright: { width: number; height: number }): Geometry;
}

async function decodeAs(source: ImageSource, target: Target, options: DecodeOptions): Promise<FittedImage> {
  const stored = await readStored(source);
  try {
    return await decoding.shared(() => decode(stored, target, options, false));
  } catch (error) {
    if (!(error instanceof SigboxError)) throw error;
    return decoding.alone(() => decode(stored, target, options, true));
  }
}

/** @param isAlone  whether nothing else is decoded meanwhile: only then is what libvips remarks about this image */
async function decode(stored: Input, target: Target, options: DecodeOptions, isAlone: boolean): Promise<FittedImage> {
  const input = await inputOf(stored);
  const { orientation, ...size } = await uprightSize(input);
  const geometry = target.geometryOf(size);
  const shrinks = canShrink(input);
  const resizeAs = (failOn: FailOn) => {
    const opened = () => inSrgb(input, options.background, failOn);
    return resize({ open: opened, orientation, shrinks }, geometry, target.interpolation);
  };
  try {
    return { pixels: await (isAlone ? resizeWhole(resizeAs) : resizeAs('warning')), geometry };
  } catch (cause) {
    const damage = linesOf(cause).join('; ');
    if (!options.lenient || !isAlone) throw damaged(damage, cause);
    const pixels = await resizeAs('none').catch(() => {
      throw damaged(damage, cause);
    });
    return { pixels, geometry, damage };
  }
}

/**
 * The same picture in its full size, for drawing into: upright, 8-bit sRGB, laid over `background`. Decoded by whoever
 * asks it for bytes.
 *
 * @throws SigboxError E_IO  the file can't be read. E_IMAGE  it is empty, or a lossless JPEG that is damaged.
 */
export async function openUpright(source: ImageSource, { background, lenient }: DecodeOptions): Promise<Sharp> {
  const input = await inputOf(await readStored(source));
  const upright = inSrgb(input, background, lenient ? 'none' : 'error').autoOrient();
  if (canShrink(input)) return upright;
  const { width, height } = await uprightSize(input);
  return upright.extract({ left: 0, top: 0, width, height });
}

/** Whether libvips may shrink an image while it loads it; it never does before an extract. */
function canShrink(input: Input): boolean {
  return !(input instanceof Uint8Array && isLosslessJpeg(input));
}

/** What there is to decode: a file is read once. */
async function readStored(source: ImageSource): Promise<Input> {
  if (source.kind === 'raw') {
    const { data, width, height, channels } = source.pixels;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return { data: bytes, options: { raw: { width, height, channels } } };
  }
  const bytes = source.kind === 'bytes' ? source.bytes : await readRegularFile(source.path);
  if (bytes.length === 0) {
    throw new SigboxError('E_IMAGE', `decode: expected an image (${FORMATS}), received no bytes at all.`);
  }
  return bytes;
}

async function inputOf(stored: Input): Promise<Input> {
  if (!(stored instanceof Uint8Array)) return stored;
  const unreadable = unreadableKind(stored);
  if (unreadable !== null) throw unreadable;
  return (await readDeepTiff(stored, { limitInputPixels: PIXEL_LIMIT })) ?? stored;
}

/**
 * A named pipe or a device would wait for ever: only regular files are read. Only reading itself is waited for, and once:
 * in a worker every wait ends behind the inference of another image.
 */
async function readRegularFile(path: string): Promise<Uint8Array> {
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new Error(found.isDirectory() ? 'it is a folder' : 'it is not a regular file');
    const file = openSync(path, 'r');
    try {
      return await readBytes(file, found.size);
    } finally {
      closeRead(file);
    }
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SigboxError('E_IO', missing ? 'no such file' : `the file cannot be read: ${reason(cause)}`, { cause });
  }
}

const readPart = promisify(read);

/** @returns fewer bytes where the file has become shorter */
async function readBytes(file: number, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await readPart(file, bytes, done, size - done, null);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** Size after EXIF orientation, and that orientation (1 where there is none), from the header alone. */
async function uprightSize(input: Input): Promise<{ width: number; height: number; orientation: number }> {
  let size: { width: number; height: number; orientation: number };
  try {
    const { autoOrient, orientation = 1 } = await open(input, { limitInputPixels: false, failOn: 'none' }).metadata();
    size = { ...autoOrient, orientation };
  } catch (cause) {
    const unknown = /unsupported image format/.test(reason(cause));
    if (!unknown) throw damaged(linesOf(cause).join('; '), cause);
    const message = `decode: expected an image (${FORMATS}), received bytes of another format.`;
    throw new SigboxError('E_IMAGE', message, { cause });
  }
  if (size.width * size.height <= PIXEL_LIMIT) return size;
  throw new SigboxError(
    'E_IMAGE',
    `decode: expected at most ${PIXEL_LIMIT} pixels, received ${size.width} × ${size.height}. Resize or tile it first.`,
  );
}

/**
 * Fails on anything that libvips or a codec finds wrong, except for remarks about TIFF tags: those leave every pixel
 * whole, and GeoTIFF writers cause them often.
 */
async function resizeWhole(resizeAs: (failOn: FailOn) => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await resizeAs('warning');
  } catch (error) {
    const remarks = remarksOf(error);
    if (remarks !== null && remarks.length > 0 && remarks.every(isAboutTags)) return resizeAs('error');
    throw error;
  }
}

/** What was remarked where libvips took a warning for an error; null for other errors. */
function remarksOf(error: unknown): string[] | null {
  const [first, ...remarks] = linesOf(error);
  if (!first?.startsWith('Warning treated as error')) return null;
  return remarks.filter((remark) => !/^error in tile \d+ x \d+$/.test(remark)); // only says that it stopped
}

function isAboutTags(remark: string): boolean {
  return /\b(array tag|unknown field with tag|tag ignored)\b/i.test(remark);
}

/** The lines of an error's message, each once: codecs say the same thing for every tile and scan. */
function linesOf(error: unknown): string[] {
  const message = error instanceof Error ? error.message : String(error);
  return [...new Set(message.trim().split(/\s*\n\s*/))];
}

function inSrgb(input: Input, background: string, failOn: FailOn): Sharp {
  return open(input, { limitInputPixels: PIXEL_LIMIT, failOn }).flatten({ background }).toColourspace('srgb');
}

function open(input: Input, options: SharpOptions): Sharp {
  return input instanceof Uint8Array ? sharp(input, options) : sharp(input.data, { ...input.options, ...options });
}

/** What codecs and libvips say when the machine, not the image, is at fault. */
const EXHAUSTED =
  /out of memory|cannot allocate|can't allocate|unable to allocate|insufficient memory|bad_alloc|(creating|create|start) thread|resource temporarily unavailable|too many open files/i;

function damaged(why: string, cause: unknown): SigboxError {
  if (EXHAUSTED.test(why)) {
    const message = `decode: this machine had too little memory, or too few threads, for the image (${why}). Try it again.`;
    return new SigboxError('E_WORKER', message, { cause });
  }
  const codec = missingCodec(why);
  if (codec !== null) return codec;
  return new SigboxError(
    'E_IMAGE',
    `decode: expected a whole image, received a damaged one (${why}). ` +
      'The option lenient (--lenient) uses the part that can be decoded.',
    { cause },
  );
}
