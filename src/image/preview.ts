import { reason, SigboxError } from '../errors.js';
import { DEFAULT_BACKGROUND } from '../types/pictures.js';
import { openUpright } from './decode.js';

export interface PreviewOptions {
  /** Longest side, pixels; smaller images keep their size. */
  longest: number;
  /** Of the JPEG, 1 to 100. */
  quality: number;
}

/**
 * An image as a JPEG that any browser shows: upright, sRGB, no metadata. Of a damaged image, the part that can be decoded.
 *
 * @throws SigboxError E_IO  it can't be read. E_IMAGE  it can't be decoded.
 */
export async function previewImage(path: string, { longest, quality }: PreviewOptions): Promise<Uint8Array> {
  const picture = await openUpright({ kind: 'path', path }, { background: DEFAULT_BACKGROUND, lenient: true });
  try {
    return await picture
      .resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality, mozjpeg: false })
      .toBuffer();
  } catch (cause) {
    throw new SigboxError('E_IMAGE', `${path}: cannot be shown: ${reason(cause)}.`, { cause });
  }
}
