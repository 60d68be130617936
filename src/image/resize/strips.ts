import type { Taps } from './taps.js';

/** Neighbouring lines of a picture as it is stored, and the target pixels across them that they suffice for. */
export interface Strip {
  /** First line, and how many. */
  top: number;
  lines: number;
  /** Target pixels along the axis across the lines, end exclusive. */
  from: number;
  to: number;
}

/**
 * Divides a picture into strips of lines that together make every target pixel; they may share lines.
 *
 * @param taps      along the axis that runs across the lines, upwards or downwards
 * @param lines     of the whole picture. The last strip in memory reaches to its end, so that damage there is seen.
 * @param maxLines  most lines per strip; more only where one target pixel needs more, and by the lines at the end that
 *                  no target pixel needs
 */
export function divideIntoStrips({ count, places }: Taps, lines: number, maxLines: number): Strip[] {
  if (lines <= maxLines) return [{ top: 0, lines, from: 0, to: places.length / count }];
  const strips: Strip[] = [];
  for (let i = 0; i < places.length / count; i++) {
    const own = places.subarray(i * count, (i + 1) * count);
    const [low, high] = [Math.min(...own), Math.max(...own)];
    const strip = strips.at(-1);
    const top = Math.min(strip?.top ?? low, low);
    const bottom = Math.max(strip === undefined ? high : strip.top + strip.lines - 1, high);
    if (strip !== undefined && bottom - top < maxLines)
      Object.assign(strip, { top, lines: bottom - top + 1, to: i + 1 });
    else strips.push({ top: low, lines: high - low + 1, from: i, to: i + 1 });
  }
  const last = strips.reduce((lowest, strip) => (strip.top > lowest.top ? strip : lowest));
  last.lines = lines - last.top;
  return strips;
}
