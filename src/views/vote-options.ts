import { option } from '../check/option.js';
import { count } from '../check/words.js';

/** How models are joined, if there are several. */
export const VOTE_OPTIONS = {
  /** With several models: only boxes that at least this many of them found. Default 1 */
  minModels: option(count, {
    words: {
      'min-models': {
        form: 'number',
        help: 'With several models, only boxes that at least this many found',
        otherwise: '1',
      },
    },
  }),
};
