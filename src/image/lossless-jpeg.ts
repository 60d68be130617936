/** Frame headers of lossless processes, Huffman-coded: SOF3 and its differential form SOF7 (ITU-T T.81, table B.1). */
const LOSSLESS_FRAMES = [0xc3, 0xc7];
const START_OF_SCAN = 0xda;

/**
 * Whether bytes are a JPEG of the lossless process, which libjpeg cannot shrink while it loads.
 *
 * @returns false for anything else, also for what is no JPEG or is damaged before its frame
 */
export function isLosslessJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  for (let at = 2; at + 3 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // a fill byte
      continue;
    }
    if (LOSSLESS_FRAMES.includes(marker)) return true;
    if (marker === START_OF_SCAN) return false;
    at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  return false;
}
