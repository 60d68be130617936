import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { reason, SigboxError } from '../errors.js';

/** What tells pictures apart, and how large one is. */
export interface FileFacts {
  /** Pixels of the upright image; null: it can't be decoded. */
  size: { width: number; height: number } | null;
  /** Of its bytes. */
  sha256: string;
  /** 64 bits that similar pictures have nearly in common; null: it can't be decoded, or is of one shade. */
  hash: bigint | null;
}

/** A picture with fewer ones or zeros than this among its bits is nearly of one shade, like many others. */
const MIN_BITS = 8;

/**
 * Size and hashes of an image file. The second hash says for 8 × 8 places whether the picture gets brighter to the right.
 *
 * @throws SigboxError E_IO  it can't be read
 * Source: dHash, N. Krawetz, Kind of Like That (2013)
 */
export async function imageFacts(file: string): Promise<FileFacts> {
  const bytes = await readFile(file).catch((cause) => {
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  try {
    const { autoOrient: size } = await sharp(bytes, { failOn: 'none' }).metadata();
    const image = sharp(bytes, { failOn: 'none' }).autoOrient().flatten().greyscale();
    const pixels = await image.resize(9, 8, { fit: 'fill' }).raw().toBuffer();
    return { size, sha256, hash: differences(pixels) };
  } catch {
    return { size: null, sha256, hash: null };
  }
}

/** @param pixels  [8, 9] brightness */
function differences(pixels: Uint8Array): bigint | null {
  let hash = 0n;
  let ones = 0;
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      const isBrighter = pixels[9 * y + x + 1]! > pixels[9 * y + x]!;
      hash = (hash << 1n) | (isBrighter ? 1n : 0n);
      if (isBrighter) ones++;
    }
  }
  return ones < MIN_BITS || ones > 64 - MIN_BITS ? null : hash;
}
