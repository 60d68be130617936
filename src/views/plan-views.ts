import { SigboxError } from '../errors.js';
import type { TileGrid } from './tile-options.js';

/** One way in which a model sees an image: a part of it, in pixels of the upright image. */
export interface View {
  kind: 'tile' | 'whole';
  left: number;
  top: number;
  width: number;
  height: number;
  /** Which of its sides lie inside the image, so that objects there are cut: a bit mask of `SIDE`. */
  inner: number;
}

export const SIDE = { left: 1, top: 2, right: 4, bottom: 8 } as const;

/** More views of one image are refused: it would take hours, and is most likely a slip. */
const MOST_VIEWS = 10_000;

/**
 * The views of an image: tiles of one size, row by row, then the whole image if the plan asks for it. Tiles are spread
 * evenly, so that none is a sliver and each overlap is at least the one that the plan asks for.
 *
 * @returns one view, the whole image, if it fits into a tile
 * @throws SigboxError E_ARGUMENT  more than 10,000 views
 */
export function planViews(image: { width: number; height: number }, tiles: TileGrid): View[] {
  const whole: View = { kind: 'whole', left: 0, top: 0, ...image, inner: 0 };
  if (image.width <= tiles.width && image.height <= tiles.height) return [whole];
  const lefts = starts(image.width, tiles.width, tiles.overlapX);
  const tops = starts(image.height, tiles.height, tiles.overlapY);
  const count = lefts.length * tops.length + (tiles.whole ? 1 : 0);
  if (count > MOST_VIEWS) throw tooMany(count, image, tiles);
  const [width, height] = [Math.min(tiles.width, image.width), Math.min(tiles.height, image.height)];
  const views = tops.flatMap((top) =>
    lefts.map((left): View => {
      const view = { kind: 'tile' as const, left, top, width, height };
      return { ...view, inner: innerSides(view, image) };
    }),
  );
  return tiles.whole ? [...views, whole] : views;
}

/** Where the tiles of one direction begin. */
function starts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [0];
  const gaps = Math.ceil((length - side) / (side - overlap));
  return Array.from({ length: gaps + 1 }, (_, i) => Math.round((i * (length - side)) / gaps));
}

function innerSides(view: Omit<View, 'inner'>, image: { width: number; height: number }): number {
  return (
    (view.left > 0 ? SIDE.left : 0) |
    (view.top > 0 ? SIDE.top : 0) |
    (view.left + view.width < image.width ? SIDE.right : 0) |
    (view.top + view.height < image.height ? SIDE.bottom : 0)
  );
}

function tooMany(count: number, image: { width: number; height: number }, tiles: { width: number; height: number }) {
  const message =
    `tiles: an image of ${image.width} × ${image.height} pixels would be looked at ${count} times in tiles of ` +
    `${tiles.width} × ${tiles.height}; at most ${MOST_VIEWS} times are possible. Use larger tiles or less overlap.`;
  return new SigboxError('E_ARGUMENT', message);
}
