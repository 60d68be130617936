import { extname } from 'node:path';
import type { Sharp } from 'sharp';
import { reason, SigboxError } from '../errors.js';
import { DEFAULT_BACKGROUND, openUpright } from '../image/decode.js';
import type { DetectionResult } from '../types.js';
import { overlay } from './overlay.js';

export interface DrawOptions {
  /** Name of the picture; its ending, .jpg, .png or .webp, says the format. */
  file: string;
  /** Colour under transparent pixels, #rrggbb. Default white */
  background?: string | undefined;
  /** Draw into what can be decoded of a damaged image. Default false */
  lenient?: boolean | undefined;
}

/**
 * Draws the regions of a result into its picture: each label as a tag of its own with its score, in the label's colour.
 *
 * @param path    of the image that was detected on
 * @param result  what was found there
 * @returns the encoded picture: upright, sRGB, of the result's size, without transparency
 * @throws SigboxError E_IO  the image can't be read. E_IMAGE  it can't be decoded or is no longer of the result's size.
 */
export async function drawPicture(path: string, result: DetectionResult, options: DrawOptions): Promise<Uint8Array> {
  const { file, background = DEFAULT_BACKGROUND, lenient = false } = options;
  const picture = await openUpright({ kind: 'path', path }, { background, lenient });
  const boxes = Buffer.from(await overlay(result));
  try {
    const drawn = picture.composite([{ input: boxes, limitInputPixels: false }]).removeAlpha();
    const { data, info } = await encode(drawn, extname(file)).toBuffer({ resolveWithObject: true });
    const { width, height } = result;
    if (info.width === width && info.height === height) return data;
    throw new Error(`it is ${info.width} × ${info.height} now and was ${width} × ${height}`);
  } catch (cause) {
    throw new SigboxError('E_IMAGE', `the picture cannot be drawn: ${reason(cause)}.`, { cause });
  }
}

function encode(picture: Sharp, ending: string): Sharp {
  if (/^\.png$/i.test(ending)) return picture.png();
  if (/^\.webp$/i.test(ending)) return picture.webp({ quality: 90 });
  return picture.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }); // coloured text blurs with less
}
