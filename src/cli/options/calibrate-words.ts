import type { CalibrateOptions } from '../../learn/calibration/calibrate.js';
import { type Command, given } from './command.js';
import { readTeaching, type TeachingArguments, teachingOptions } from './teaching.js';
import { single } from './values.js';

export interface CalibrateArguments extends TeachingArguments {
  how: Pick<CalibrateOptions, 'kind' | 'scope'>;
}

export const calibrate: Command<CalibrateArguments> = {
  name: 'calibrate',
  summary: 'Calibrate scores on labelled images',

  describe: (parser) =>
    parser
      .usage(
        '$0 calibrate GROUND_TRUTH RUN --out FILE\n\nCalibrates scores, so that about 80 % of the detections scored 0.8 are ' +
          'correct, and measures the gain on held-out images.',
      )
      .options({
        kind: {
          string: true,
          requiresArg: true,
          choices: ['temperature', 'platt', 'isotonic'],
          describe: 'Default: what has the best likelihood',
        },
        scope: {
          string: true,
          requiresArg: true,
          choices: ['shared', 'label'],
          describe: 'One curve, or one for each label that has examples enough. Default: what has the best likelihood',
        },
        'min-examples': {
          string: true,
          requiresArg: true,
          describe: 'Labels with fewer true or false positives use the shared curve. Default: 20',
        },
        ...teachingOptions,
      })
      .example('$0 calibrate instances.json run --out thresholds.json', 'Curves, into the file that tune writes too'),

  read: (operands, values) => ({
    ...readTeaching('calibrate', operands, values),
    how: given({ kind: single(values, 'kind'), scope: single(values, 'scope') }) as CalibrateArguments['how'],
  }),

  run: async (args) => (await import('../commands/calibrate.js')).calibrate(args),
};
