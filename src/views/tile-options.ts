import { option } from '../check/option.js';
import { word } from '../check/shapes.js';
import { flag, notNegative } from '../check/words.js';
import { SigboxError } from '../errors.js';
import type { TileGrid } from '../types/plan.js';

/** Size of a tile: a side or both, in pixels; or 'auto', the size of the model's input. */
export type TileSize = number | readonly [width: number, height: number] | string;

const tileSize = word<TileSize>(
  'a side in pixels, [width, height], "WIDTHxHEIGHT" or "auto"',
  (value) => value === 'auto' || sidesOf(value as TileSize) !== null,
);

/** In which parts a model looks at a large image. */
export const TILE_OPTIONS = {
  /**
   * Cut images into tiles of this size and look at each, for objects that are small in a large image: a side in pixels,
   * [width, height], "WIDTHxHEIGHT", or 'auto' for the model's input size. Images that fit into one tile are not cut.
   * Default: no tiles
   */
  tiles: option(tileSize, {
    words: {
      tiles: {
        form: 'text',
        value: 'N|WxH|auto',
        help: 'Cut large images into tiles of this size',
        otherwise: 'no tiles',
      },
    },
  }),
  /** How far neighbouring tiles overlap at least: a fraction of the tile below 1, or pixels from 1 on. Default 0.2 */
  tileOverlap: option(notNegative, {
    default: 0.2,
    words: {
      'tile-overlap': { form: 'number', help: 'Overlap of neighbouring tiles: a fraction, or pixels from 1 on' },
    },
  }),
  /** With tiles, also look at the whole image, for objects that are larger than a tile. Default true */
  wholeImage: option(flag, {
    default: true,
    words: { whole: { form: 'switch', help: 'With --tiles, look at the whole image as well' } },
  }),
};

/** @returns null if it is no size */
function sidesOf(size: TileSize): [number, number] | null {
  const sides = typeof size === 'string' ? size.split('x').map(Number) : typeof size === 'number' ? [size] : size;
  const valid = Array.isArray(sides) && sides.every((side) => Number.isInteger(side) && side > 0);
  if (!valid || sides.length < 1 || sides.length > 2) return null;
  return [sides[0]!, sides[1] ?? sides[0]!];
}

/**
 * Tiles as a plan has them.
 *
 * @param options  with their defaults
 * @param input    size of the model's input
 * @returns null: images are not cut
 * @throws SigboxError E_ARGUMENT  an overlap of a whole tile or more
 */
export function tilePlan(
  { tiles, tileOverlap, wholeImage }: { tiles?: TileSize; tileOverlap: number; wholeImage: boolean },
  input: { width: number; height: number },
): TileGrid | null {
  if (tiles === undefined) return null;
  const [width, height] = tiles === 'auto' ? [input.width, input.height] : sidesOf(tiles)!;
  const overlap = (side: number) => (tileOverlap < 1 ? Math.ceil(side * tileOverlap) : tileOverlap);
  const [overlapX, overlapY] = [overlap(width), overlap(height)];
  if (overlapX < width && overlapY < height) return { width, height, overlapX, overlapY, whole: wholeImage };
  const expected = `expected options.tileOverlap to be a fraction below 1, or less than a tile of ${width} × ${height} pixels`;
  throw new SigboxError('E_ARGUMENT', `tiles: ${expected}, received ${tileOverlap}. Use 0.2.`);
}
