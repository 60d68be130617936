import type { TileGrid } from '../../types/plan.js';
import type { Augmentation } from '../../types/views.js';
import { planViews } from '../../views/plan-views.js';

/** In how many looks an image of a size is seen. */
export interface ViewCount {
  width: number;
  height: number;
  tiles: number;
  /** Looks in all, with those at the whole image and those that are augmented. */
  looks: number;
}

/** Sizes that are counted unless one is given: a video's, a photograph's, an aerial picture's. */
const USUAL_SIZES: readonly (readonly [width: number, height: number])[] = [
  [1920, 1080],
  [4000, 3000],
  [12000, 9000],
];

/** @throws SigboxError E_ARGUMENT  too many looks at the size that was given */
export function countViews(
  { tiles, augment }: { tiles: TileGrid | null; augment: readonly Augmentation[] },
  size: readonly [width: number, height: number] | undefined,
): ViewCount[] {
  return (size === undefined ? USUAL_SIZES : [size]).map(([width, height]) => {
    const views = planViews({ width, height }, tiles, augment);
    const own = views.filter(({ kind, augmentation }) => kind === 'tile' && augmentation === undefined);
    return { width, height, tiles: own.length, looks: views.length };
  });
}

/** @param seconds  that one inference took */
export function viewCountText({ width, height, tiles, looks }: ViewCount, seconds: number | null): string {
  const time =
    seconds === null ? '' : `, about ${Number((looks * seconds).toPrecision(2))} s of inference on one thread`;
  const parts = tiles === 0 ? 'as a whole' : `${tiles} tiles`;
  return `an image of ${width} × ${height}: ${parts}, ${looks} ${looks === 1 ? 'look' : 'looks'}${time}`;
}
