import { option, requiredOption } from '../../check/option.js';
import { flag } from '../../check/words.js';
import { MAP_OPTIONS } from '../../options/detector-options.js';
import { RUN_OPTIONS } from '../../runs/run-options.js';
import { READING_OPTIONS } from './reading.js';

/** What the commands that learn from labelled images have in common. */
export const LEARNING_FILES = {
  /** Path of the thresholds file to write. */
  out: requiredOption(RUN_OPTIONS.out.schema, {
    words: {
      out: {
        form: 'text',
        short: 'o',
        value: 'FILE',
        completes: 'files',
        help: 'Thresholds file to write; other parts of an existing one are kept',
      },
    },
  }),
  ...READING_OPTIONS,
  /** The label map that the file is to be used with, for ground truth and run alike. */
  map: option(MAP_OPTIONS.map.schema, {
    words: {
      map: {
        form: 'text',
        value: 'FILE|NAME',
        completes: 'maps',
        help: 'The label map that the file is to be used with, for ground truth and run alike; parent labels are not tuned',
      },
    },
  }),
  /** Print JSON. Default false */
  json: option(flag, { default: false, words: { json: { form: 'switch', help: 'Print every number, as JSON' } } }),
};
