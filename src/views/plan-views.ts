import { SigboxError } from '../errors.js';
import type { TileGrid } from '../types/plan.js';
import { type Augmentation, SIDE, type View } from '../types/views.js';

/** More views of one image are refused: it would take hours, and is most likely a slip. */
const MOST_VIEWS = 10_000;

/** An image as it is. */
const UNCHANGED: Augmentation = { scale: 1, flip: 'none' };

interface Size {
  width: number;
  height: number;
}

/**
 * The views of an image: tiles of one size, row by row, then the whole image if the plan asks for it; each as it is, then
 * augmented. Tiles are spread evenly, so that none is a sliver and each overlap is at least the one that the plan asks for.
 * An image that fits into a tile is looked at as a whole.
 *
 * @param tiles    null: the image is not cut
 * @param augment  further ways to look at each part
 * @throws SigboxError E_ARGUMENT  more than 10,000 views
 */
export function planViews(image: Size, tiles: TileGrid | null, augment: readonly Augmentation[] = []): View[] {
  const whole: View = { kind: 'whole', left: 0, top: 0, ...image, inner: 0 };
  if (tiles === null || (image.width <= tiles.width && image.height <= tiles.height))
    return augmented([whole], augment);
  const lefts = starts(image.width, tiles.width, tiles.overlapX);
  const tops = starts(image.height, tiles.height, tiles.overlapY);
  const count = (lefts.length * tops.length + (tiles.whole ? 1 : 0)) * (1 + augment.length);
  if (count > MOST_VIEWS) throw tooMany(count, image, tiles);
  const [width, height] = [Math.min(tiles.width, image.width), Math.min(tiles.height, image.height)];
  const views = tops.flatMap((top) =>
    lefts.map((left): View => {
      const view = { kind: 'tile' as const, left, top, width, height };
      return { ...view, inner: innerSides(view, image) };
    }),
  );
  return augmented(tiles.whole ? [...views, whole] : views, augment);
}

/** Whether nothing but the image itself is looked at, as without any of these options. */
export function isOneLook(views: readonly View[]): boolean {
  return views.length === 1 && views[0]!.kind === 'whole' && views[0]!.augmentation === undefined;
}

/** With several scales, the largest views lose what the coarsest level of a model finds, the smallest that of the finest. */
function augmented(views: readonly View[], augment: readonly Augmentation[]): View[] {
  if (augment.length === 0) return [...views];
  const all = [UNCHANGED, ...augment];
  const scales = all.map(({ scale }) => scale);
  const [least, most] = [Math.min(...scales), Math.max(...scales)];
  return views.flatMap((view) =>
    all.map((augmentation): View => {
      const own = augmentation === UNCHANGED ? view : { ...view, augmentation };
      if (least === most) return own;
      if (augmentation.scale === most) return { ...own, without: 'coarsest' };
      return augmentation.scale === least ? { ...own, without: 'finest' } : own;
    }),
  );
}

/** Where the tiles of one direction begin. */
function starts(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [0];
  const gaps = Math.ceil((length - side) / (side - overlap));
  return Array.from({ length: gaps + 1 }, (_, i) => Math.round((i * (length - side)) / gaps));
}

function innerSides(view: Omit<View, 'inner'>, image: Size): number {
  return (
    (view.left > 0 ? SIDE.left : 0) |
    (view.top > 0 ? SIDE.top : 0) |
    (view.left + view.width < image.width ? SIDE.right : 0) |
    (view.top + view.height < image.height ? SIDE.bottom : 0)
  );
}

function tooMany(count: number, image: Size, tiles: Size) {
  const message =
    `tiles: an image of ${image.width} × ${image.height} pixels would be looked at ${count} times in tiles of ` +
    `${tiles.width} × ${tiles.height}; at most ${MOST_VIEWS} times are possible. Use larger tiles or less overlap.`;
  return new SigboxError('E_ARGUMENT', message);
}
