import { type OptionsOf, option, optionsCheck, type SettledOptions, withDefaults } from '../check/option.js';
import { oneOf, tuple, word } from '../check/shapes.js';
import { flag, notNegative } from '../check/words.js';
import { POSTPROCESS_OPTIONS } from '../postprocess/options/postprocess-options.js';
import { DEFAULT_BACKGROUND } from '../types/pictures.js';
import { AUGMENT_OPTIONS } from '../views/augment-options.js';
import { TILE_OPTIONS } from '../views/tile-options.js';
import { VOTE_OPTIONS } from '../views/vote-options.js';

const colour = word<string>(
  'a colour like #ffffff',
  (value) => typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value),
);

/** How images are read. */
export const DECODING_OPTIONS = {
  /** Colour under transparent pixels, #rrggbb. Default '#ffffff' */
  background: option(colour, {
    default: DEFAULT_BACKGROUND,
    words: { background: { form: 'text', value: '#RRGGBB', help: 'Colour under transparent pixels' } },
  }),
  /** Use the part of a damaged image that can be decoded, and report it in the result's `damage`. Default false */
  lenient: option(flag, {
    default: false,
    words: { lenient: { form: 'switch', help: 'Use what can be decoded of damaged images' } },
  }),
};

/** How an image becomes detections. */
export const DETECT_OPTIONS = {
  ...POSTPROCESS_OPTIONS,
  ...TILE_OPTIONS,
  ...AUGMENT_OPTIONS,
  ...VOTE_OPTIONS,
  ...DECODING_OPTIONS,
};

const CALL_OPTIONS = {
  ...DETECT_OPTIONS,
  /** On abort the promise rejects with the signal's reason; an image that no worker has begun is never begun. */
  signal: option(word<AbortSignal>('an AbortSignal', (value) => value instanceof AbortSignal)),
};

const EXPLAIN_OPTIONS = {
  ...CALL_OPTIONS,
  /** [x, y] in pixels of the upright image: only what is at this place. Default: all regions, and the nearest misses */
  at: option(tuple('[x, y] in pixels', notNegative, 2)),
};

const ALL_OPTIONS = {
  ...CALL_OPTIONS,
  /** What happens when an image fails: the iteration throws, or it yields `{ image, error }` and continues. Default 'throw' */
  errors: option(oneOf('throw', 'yield'), { default: 'throw' }),
};

/** How an image becomes detections; every option has a default. */
export interface DetectOptions extends OptionsOf<typeof DETECT_OPTIONS> {}

/** Options of `detect`. */
export interface DetectCallOptions extends OptionsOf<typeof CALL_OPTIONS> {}

/** Options of `explain`. */
export interface ExplainCallOptions extends OptionsOf<typeof EXPLAIN_OPTIONS> {}

/** Options of `detectAll`. */
export interface DetectAllOptions extends OptionsOf<typeof ALL_OPTIONS> {}

/** With every default in place. */
export type SettledDetect = SettledOptions<typeof DETECT_OPTIONS>;

export const checkDetectOptions = optionsCheck(DETECT_OPTIONS);
export const checkCallOptions = optionsCheck(CALL_OPTIONS);
export const checkExplainOptions = optionsCheck(EXPLAIN_OPTIONS);
export const checkAllOptions = optionsCheck(ALL_OPTIONS);

/** @param given  checked */
export function settleDetect(given: DetectOptions): SettledDetect {
  return withDefaults(DETECT_OPTIONS, given, given.preset);
}
