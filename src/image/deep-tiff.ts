import sharp, { type SharpOptions } from 'sharp';
import { reason, SigboxError } from '../errors.js';

/** Pixels of 8 bits, upright. */
export interface RawPicture {
  data: Uint8Array;
  options: { raw: { width: number; height: number; channels: 1 | 2 | 3 | 4 } };
}

/** Depths that libvips turns into 8 bits itself: uint8 and uint16. */
const USUAL = ['uchar', 'ushort'];
/** Grey and red, green, blue; others, as CIELAB, have scales of their own, which libvips knows. */
const SPACES = ['b-w', 'grey16', 'srgb', 'rgb', 'rgb16', 'scrgb', 'multiband'];
const FLOATS = ['float', 'double'];

/**
 * TIFFs of other depths than 8 and 16 bits without sign, as 8-bit pixels. Samples up to 255 are taken as they are, those up
 * to 65,535 are divided by 257, floats up to 1 are multiplied by 255; grey and colour alike, save that floats of colour up to
 * 1 are light and get sRGB's curve. What else there is has no scale that could be told.
 *
 * @returns null of every other picture
 * @throws SigboxError E_IMAGE  negative samples, NaN, or greater ones; a TIFF that can't be decoded
 */
export async function readDeepTiff(bytes: Uint8Array, options: SharpOptions): Promise<RawPicture | null> {
  if (!isTiff(bytes)) return null;
  const { depth, space, format } = await sharp(bytes, { ...options, failOn: 'none' })
    .metadata()
    .catch(() => ({}) as never);
  if (format !== 'tiff' || depth === undefined || USUAL.includes(depth) || !SPACES.includes(space)) return null;
  const { samples, range, info } = await samplesOf(bytes, space, options);
  if (space === 'scrgb' && range.min >= 0 && range.max <= 1) return null; // light: libvips knows what to do
  const scale = scaleOf(range, depth);
  const data = Uint8Array.from(samples, (value) => Math.round(value * scale));
  const { width, height, channels } = info;
  return { data, options: { raw: { width, height, channels: channels as 1 | 2 | 3 | 4 } } };
}

function isTiff([a, b, c, d]: Uint8Array): boolean {
  return (a === 0x49 && b === 0x49 && c === 42 && d === 0) || (a === 0x4d && b === 0x4d && c === 0 && d === 42);
}

async function samplesOf(bytes: Uint8Array, space: string, options: SharpOptions) {
  try {
    const picture = sharp(bytes, options).autoOrient().toColourspace(space).raw({ depth: 'float' });
    const { data, info } = await picture.toBuffer({ resolveWithObject: true });
    const samples = new Float32Array(data.buffer, data.byteOffset, data.length / 4);
    const { channels } = await sharp(bytes, options).stats(); // which knows of negative ones that the colour space has not
    const range = {
      min: Math.min(...channels.map(({ min }) => min)),
      max: Math.max(...channels.map(({ max }) => max)),
    };
    return { samples, range: samples.some(Number.isNaN) ? { min: Number.NaN, max: Number.NaN } : range, info };
  } catch (cause) {
    throw new SigboxError('E_IMAGE', `decode: a TIFF of unusual depth cannot be decoded: ${reason(cause)}.`, { cause });
  }
}

interface Range {
  /** NaN where a sample is. */
  min: number;
  max: number;
}

/** @throws SigboxError E_IMAGE  a range that stands for no scale */
function scaleOf({ min, max }: Range, depth: string): number {
  const isFloat = FLOATS.includes(depth);
  if (min >= 0 && isFloat && max <= 1) return 255;
  // Between the two scales of floats, values may be overexposed light or a very dark picture.
  if (min >= 0 && max <= 255 && (!isFloat || max > 16)) return 1;
  if (min >= 0 && max > 255 && max <= 65535) return 1 / 257;
  const received = Number.isNaN(min) ? 'some that are no numbers' : `${min} to ${max}`;
  const expected = `samples (${depth}) from 0 to ${isFloat ? '1, ' : ''}255 or 65535`;
  throw new SigboxError(
    'E_IMAGE',
    `decode: expected ${expected}, received ${received}. Scale the picture to 8 or 16 bits first.`,
  );
}
