import type { Sharp } from 'sharp';
import { reason, SigboxError } from '../errors.js';
import { openUpright } from '../image/decode.js';
import type { Box, DetectionResult } from '../types/detections.js';
import { DEFAULT_BACKGROUND, type ImageSource } from '../types/pictures.js';
import type { Drawable, DrawStyle } from './draw-style.js';
import { encodeAs } from './encode.js';
import { overlay } from './overlay.js';

export interface RenderOptions {
  /** Colour under transparent pixels, #rrggbb. Default white */
  background?: string | undefined;
  /** Use what can be decoded of a damaged image. Default false */
  lenient?: boolean | undefined;
}

export interface DrawOptions extends RenderOptions, DrawStyle {
  /** Name of the picture; its ending says the format, JPEG where that can't be written. */
  file: string;
  /** Pixels; a longer side is brought down to it. Default: the image's own size */
  size?: number | undefined;
}

/**
 * Draws the regions of a result into its picture: each label as a tag of its own with its score, in the label's colour.
 *
 * @param image   its path, or its bytes
 * @param result  what was found there
 * @returns the encoded picture: upright, sRGB, of the result's size or smaller, without transparency
 * @throws SigboxError E_IO  the image can't be read. E_IMAGE  it can't be decoded or is no longer of the result's size.
 */
export async function drawPicture(
  image: string | Uint8Array,
  result: DetectionResult,
  options: DrawOptions,
): Promise<Uint8Array> {
  return drawOn(await openAsDetected(image, result, options), result, options);
}

/** @param picture  of the result's size, upright; consumed */
export async function drawOn(picture: Sharp, result: Drawable, options: DrawOptions): Promise<Uint8Array> {
  const { file, size = Number.POSITIVE_INFINITY, ...style } = options;
  const shown = shrunk(result, size);
  const boxes = Buffer.from(await overlay(shown, style));
  try {
    if (shown !== result) picture.resize(shown.width, shown.height, { fit: 'fill' });
    return await encodeAs(
      file,
      picture.composite([{ input: boxes, limitInputPixels: false }]).removeAlpha(),
    ).toBuffer();
  } catch (cause) {
    throw new SigboxError('E_IMAGE', `the picture cannot be drawn: ${reason(cause)}.`, { cause });
  }
}

/**
 * An image that was detected on, upright.
 *
 * @throws SigboxError E_IO  it can't be read. E_IMAGE  it can't be decoded or is no longer of the result's size.
 */
export async function openAsDetected(
  image: string | Uint8Array,
  { width, height }: DetectionResult,
  { background = DEFAULT_BACKGROUND, lenient = false }: RenderOptions,
): Promise<Sharp> {
  const source: ImageSource =
    typeof image === 'string' ? { kind: 'path', path: image } : { kind: 'bytes', bytes: image };
  const picture = await openUpright(source, { background, lenient });
  const { autoOrient: now } = await picture.metadata().catch((cause) => {
    throw new SigboxError('E_IMAGE', `the picture cannot be drawn: ${reason(cause)}.`, { cause });
  });
  if (now.width === width && now.height === height) return picture;
  const why = `it is ${now.width} × ${now.height} now and was ${width} × ${height}`;
  throw new SigboxError('E_IMAGE', `the picture cannot be drawn: ${why}.`);
}

/** The result of the same picture with its longer side at most `size`. */
function shrunk(result: Drawable, size: number): Drawable {
  const scale = size / Math.max(result.width, result.height);
  if (scale >= 1) return result;
  const width = Math.max(1, Math.round(result.width * scale));
  const height = Math.max(1, Math.round(result.height * scale));
  const [x, y] = [width / result.width, height / result.height];
  const detections = result.detections.map(({ box: [x1, y1, x2, y2], ...rest }) => {
    const box: Box = [x1 * x, y1 * y, x2 * x, y2 * y];
    return { ...rest, box };
  });
  return { ...result, width, height, detections };
}
