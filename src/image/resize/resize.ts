import type { Sharp } from 'sharp';
import type { Geometry, Interpolation } from '../../types/pictures.js';
import { type Axis, resampleRows } from './resample.js';
import { divideIntoStrips, type Strip } from './strips.js';
import { cubicTaps, linearTaps, reversedTaps, type Taps, warpTaps } from './taps.js';

/** A picture as it lies in its file. */
export interface StoredPicture {
  /** A fresh pipeline that decodes it to 8-bit sRGB, not turned upright. */
  open(): Sharp;
  /** EXIF's number, 1 to 8, of how the file's lines and columns lie in the upright picture. */
  orientation: number;
  /** Whether libvips may have it shrunk while it loads; default true. */
  shrinks?: boolean;
}

/**
 * Most bytes of a picture in its full size that are in memory at a time: 33 megapixels. Larger ones are decoded strip by
 * strip, each from the start of the file again, for libvips gives pixels from one place only.
 */
const STRIP_BYTES = 96 * 2 ** 20;
/** The triangle, which is what training pipelines that average use, and moves boxes least between encodings of a picture. */
const ANTIALIAS_KERNEL = 'linear';

/**
 * Turns a picture upright and resizes it to where it lies in a model's input.
 *
 * @returns [fittedHeight, fittedWidth, 3] RGB, 8 bits
 * @throws Error  whatever sharp throws
 */
export function resize(
  picture: StoredPicture,
  geometry: Geometry,
  interpolation: Interpolation,
  stripBytes = STRIP_BYTES,
): Promise<Uint8Array> {
  if (interpolation === 'antialias') return averaged(picture, geometry);
  return interpolated(picture, geometry, tapsAlong(geometry, interpolation), stripBytes);
}

/** The taps of both axes of the upright picture. */
function tapsAlong(geometry: Geometry, interpolation: Interpolation): { x: Taps; y: Taps } {
  const { imageWidth, imageHeight, fittedWidth, fittedHeight, boxes } = geometry;
  if (interpolation === 'bilinear-warp') {
    const { scaleX, scaleY, offsetX, offsetY } = boxes!;
    return {
      x: warpTaps(imageWidth, fittedWidth, { scale: scaleX, offset: offsetX }),
      y: warpTaps(imageHeight, fittedHeight, { scale: scaleY, offset: offsetY }),
    };
  }
  const tapsOf = interpolation === 'bilinear' ? linearTaps : cubicTaps;
  return { x: tapsOf(imageWidth, fittedWidth), y: tapsOf(imageHeight, fittedHeight) };
}

/** In one libvips pipeline: JPEGs shrink while they load, and formats that can be streamed are nowhere whole. */
function averaged({ open, shrinks = true }: StoredPicture, geometry: Geometry): Promise<Uint8Array> {
  const { imageWidth: width, imageHeight: height, fittedWidth, fittedHeight } = geometry;
  const upright = open().autoOrient();
  const loaded = shrinks ? upright : upright.extract({ left: 0, top: 0, width, height });
  return rawPixels(loaded.resize(fittedWidth, fittedHeight, { fit: 'fill', kernel: ANTIALIAS_KERNEL }));
}

/**
 * From pixels in full size, in the order in which the file has them: turning a large picture first would need it whole
 * twice.
 */
async function interpolated(
  { open, orientation }: StoredPicture,
  { imageWidth, imageHeight, fittedWidth, fittedHeight }: Geometry,
  taps: { x: Taps; y: Taps },
  stripBytes: number,
): Promise<Uint8Array> {
  const turned = orientation >= 5; // the file's lines are the picture's columns
  const x = RIGHT_TO_LEFT.includes(orientation) ? reversedTaps(taps.x, imageWidth) : taps.x;
  const y = BOTTOM_TO_TOP.includes(orientation) ? reversedTaps(taps.y, imageHeight) : taps.y;
  const [lines, lineBytes] = turned ? [imageWidth, 3 * imageHeight] : [imageHeight, 3 * imageWidth];
  const target = new Uint8Array(fittedWidth * fittedHeight * 3); // [fittedHeight, fittedWidth, 3]
  for (const strip of divideIntoStrips(turned ? x : y, lines, Math.floor(stripBytes / lineBytes))) {
    const pixels = await readStrip(open(), strip, { lines, width: lineBytes / 3 });
    const across = { step: lineBytes, first: strip.top, from: strip.from, to: strip.to };
    const within = (taps: Taps): Axis => ({ taps, step: 3, first: 0, from: 0, to: taps.places.length / taps.count });
    const axes = turned ? { x: { taps: x, ...across }, y: within(y) } : { x: within(x), y: { taps: y, ...across } };
    resampleRows(pixels, axes, target, fittedWidth);
  }
  return target;
}

/** EXIF orientations whose columns (of turned ones: lines) run from the picture's right to its left, and so on. */
const RIGHT_TO_LEFT = [2, 3, 6, 7];
const BOTTOM_TO_TOP = [3, 4, 7, 8];

function readStrip(image: Sharp, { top, lines }: Strip, whole: { lines: number; width: number }): Promise<Uint8Array> {
  if (lines === whole.lines) return rawPixels(image);
  return rawPixels(image.extract({ left: 0, top, width: whole.width, height: lines }));
}

async function rawPixels(image: Sharp): Promise<Uint8Array> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to sRGB`);
  return data;
}
