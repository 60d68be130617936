import type { Box } from '../../types/detections.js';
import { malformed } from '../reading/malformed.js';

/**
 * The box around what a brush has painted: pixels whose alpha is not 0.
 *
 * @param rle     runs of bytes of an RGBA picture, in bits, as Label Studio packs them
 * @param width   of that picture, pixels
 * @returns null where nothing is painted
 * @throws SigboxError E_IO  data that is cut off, or is no picture of that size
 *
 * Source: label_studio_sdk.converter.brush, decode_rle
 */
export function boxAroundBrush(
  rle: readonly number[],
  { width, height }: { width: number; height: number },
  where: string,
): Box | null {
  const read = bitReader(rle, where);
  const length = read(32);
  if (length !== width * height * 4) throw malformed(where, `${width} × ${height} RGBA pixels`, `${length} bytes`);
  const wordSize = read(5) + 1;
  const runSizes = [read(4) + 1, read(4) + 1, read(4) + 1, read(4) + 1];
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < length; ) {
    const isRun = read(1) === 1;
    const end = Math.min(length, at + 1 + read(runSizes[read(2)]!));
    const value = isRun ? read(wordSize) : 0;
    for (; at < end; at++) {
      const painted = (isRun ? value : read(wordSize)) > 0;
      if (painted && at % 4 === 3) enlarge(box, ((at - 3) / 4) % width, Math.floor(at / 4 / width));
    }
  }
  return box[2] < 0 ? null : box;
}

function enlarge(box: Box, x: number, y: number): void {
  box[0] = Math.min(box[0], x);
  box[1] = Math.min(box[1], y);
  box[2] = Math.max(box[2], x + 1);
  box[3] = Math.max(box[3], y + 1);
}

/** Reads so many bits as a number, the highest first. */
function bitReader(bytes: readonly number[], where: string): (bits: number) => number {
  let at = 0;
  return (bits) => {
    let value = 0;
    for (let i = 0; i < bits; i++, at++) {
      const byte = bytes[at >> 3];
      if (byte === undefined) throw malformed(where, 'a whole mask', `${bytes.length} bytes of one`);
      value = value * 2 + ((byte >> (7 - (at & 7))) & 1);
    }
    return value;
  };
}
