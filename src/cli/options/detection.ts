import { type OptionsOf, option } from '../../check/option.js';
import { text } from '../../check/words.js';
import { DECODING_OPTIONS } from '../../options/detect-options.js';
import {
  type DetectorOptions,
  MAP_OPTIONS,
  MODEL_OPTIONS,
  RULE_OPTIONS,
  RUNNING_OPTIONS,
  SEVERAL_OPTIONS,
} from '../../options/detector-options.js';
import { POSTPROCESS_OPTIONS } from '../../postprocess/options/postprocess-options.js';
import { AUGMENT_OPTIONS } from '../../views/augment-options.js';
import { TILE_OPTIONS } from '../../views/tile-options.js';
import { VOTE_OPTIONS } from '../../views/vote-options.js';
import { grouped } from '../command.js';

/** Options that sigbox tune and sigbox calibrate have found. */
export const THRESHOLDS_OPTIONS = {
  /** Path of a thresholds file; options given besides win. Of several models: their files, separated by commas. */
  thresholds: option(text, {
    words: {
      thresholds: {
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'Thresholds file of sigbox tune or calibrate; options given besides win; of several models A,B',
      },
    },
  }),
};

/** What every command that detects understands. */
export const DETECTION_OPTIONS = {
  ...grouped('Scores, labels and suppression', {
    ...POSTPROCESS_OPTIONS,
    ...MAP_OPTIONS,
    ...RULE_OPTIONS,
    ...THRESHOLDS_OPTIONS,
  }),
  ...grouped('Model', { ...MODEL_OPTIONS, ...SEVERAL_OPTIONS, ...RUNNING_OPTIONS }),
  ...grouped('Several looks at an image', { ...TILE_OPTIONS, ...AUGMENT_OPTIONS, ...VOTE_OPTIONS }),
  ...grouped('Reading pictures', DECODING_OPTIONS),
};

export type DetectionOptions = OptionsOf<typeof DETECTION_OPTIONS>;

/** Those of them that `createDetector` takes, and those that are left. */
export function splitDetection<Options extends DetectionOptions>(options: Options) {
  const { thresholds, ...rest } = options;
  const entries = Object.entries(rest);
  const isDetector = ([name]: [string, unknown]) => name !== 'thresholds' && Object.hasOwn(DETECTION_OPTIONS, name);
  return { thresholds, detector: Object.fromEntries(entries.filter(isDetector)) as DetectorOptions };
}
