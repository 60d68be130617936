import sharp from 'sharp';
import { reason, SigboxError } from '../errors.js';
import type { Box, DetectionResult } from '../types/detections.js';
import { openAsDetected, type RenderOptions } from './draw-picture.js';
import { encodeAs } from './encode.js';

/**
 * Cuts the regions of a result out of its picture, one after the other; it is decoded once.
 *
 * @param image  its path, or its bytes
 * @param file   its ending says the format, JPEG where that can't be written
 * @returns an encoded picture per detection, in their order: upright, sRGB, whole pixels around the box, at least 1 × 1
 * @throws SigboxError E_IO  the image can't be read. E_IMAGE  it can't be decoded or is no longer of the result's size.
 */
export async function cutCrops(
  image: string | Uint8Array,
  result: DetectionResult,
  { file, ...options }: RenderOptions & { file: string },
): Promise<Uint8Array[]> {
  if (result.detections.length === 0) return [];
  const picture = await openAsDetected(image, result, options);
  try {
    const { data, info } = await picture.removeAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    const crops: Uint8Array[] = [];
    for (const { box } of result.detections) {
      const crop = sharp(data, { raw, limitInputPixels: false }).extract(around(box, info));
      crops.push(await encodeAs(file, crop).toBuffer());
    }
    return crops;
  } catch (cause) {
    throw new SigboxError('E_IMAGE', `the crops cannot be cut: ${reason(cause)}.`, { cause });
  }
}

function around([x1, y1, x2, y2]: Box, image: { width: number; height: number }) {
  const left = Math.min(Math.floor(x1), image.width - 1);
  const top = Math.min(Math.floor(y1), image.height - 1);
  const right = Math.max(Math.min(Math.ceil(x2), image.width), left + 1);
  const bottom = Math.max(Math.min(Math.ceil(y2), image.height), top + 1);
  return { left, top, width: right - left, height: bottom - top };
}
