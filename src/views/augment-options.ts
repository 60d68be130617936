import { option } from '../check/option.js';
import { list, word } from '../check/shapes.js';
import type { Augmentation, Flip } from '../types/views.js';

/** One more look at an image: a scale, a flip or both. */
export type GivenLook = string | number;

const look = word<GivenLook>(
  "a scale above 0, 'flip', 'flip-vertical', or both as '0.83:flip'",
  (value) => augmentationOf(value) !== null,
);

/** In which further ways a model looks at an image. */
export const AUGMENT_OPTIONS = {
  /**
   * Look at each image, or tile, again: mirrored ('flip', 'flip-vertical'), smaller or larger (0.83), or both ('0.83:flip'), and
   * join what is found. ['0.83:flip', 0.67] is what augment=True of Ultralytics does. Default: no more than once
   */
  augment: option(list('an array of scales and flips', look), {
    words: {
      augment: {
        form: 'list',
        value: 'flip,0.83,…',
        help: 'GivenLook again, mirrored or at other scales: flip, flip-vertical, 0.83, 0.83:flip; separated by commas',
        otherwise: 'one look',
      },
    },
  }),
};

const FLIPS: Readonly<Record<string, Flip>> = { flip: 'horizontal', 'flip-vertical': 'vertical' };

/** @returns null if it says neither a scale nor a flip */
export function augmentationOf(look: unknown): Augmentation | null {
  if (typeof look !== 'string' && typeof look !== 'number') return null;
  const [first, second, ...more] = String(look).split(':') as [string, ...string[]];
  if (more.length > 0) return null;
  const [scale, flip] = first in FLIPS ? [second, first] : [first, second];
  const found = { scale: scale === undefined ? 1 : Number(scale || Number.NaN), flip: flipOf(flip) };
  return found.scale > 0 && Number.isFinite(found.scale) && found.flip !== null ? (found as Augmentation) : null;
}

function flipOf(word: string | undefined): Flip | null {
  return word === undefined ? 'none' : (FLIPS[word] ?? null);
}
