import sharp from 'sharp';
import { reason, SigboxError } from '../errors.js';

/**
 * The size of an image file's upright picture, from its header.
 *
 * @throws SigboxError E_IMAGE  it can't be read as an image
 */
export async function imageSize(file: string): Promise<{ width: number; height: number }> {
  try {
    const { autoOrient } = await sharp(file, { limitInputPixels: false, failOn: 'none' }).metadata();
    return autoOrient;
  } catch (cause) {
    throw new SigboxError('E_IMAGE', `${file}: its size cannot be read: ${reason(cause)}.`, { cause });
  }
}
