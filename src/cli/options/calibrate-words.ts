import type { CalibrateOptions } from '../../learn/calibration/calibrate.js';
import { type Command, given } from './command.js';
import { readTeaching, type TeachingArguments, teachingOptions } from './teaching.js';
import { single } from './values.js';

export interface CalibrateArguments extends TeachingArguments {
  how: Pick<CalibrateOptions, 'kind' | 'scope'>;
}

export const calibrate: Command<CalibrateArguments> = {
  name: 'calibrate',
  summary: 'Make scores the share that is right, from labelled images',

  describe: (parser) =>
    parser
      .usage(
        '$0 calibrate TRUTH RUN --out FILE\n\nFinds curves after which, of labels with a score of 0.8, eight in ten are ' +
          'right, and says by how much that is better on images that they were not fitted to.',
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
        fewest: {
          string: true,
          requiresArg: true,
          describe: 'A label with fewer right or wrong ones has the shared curve. Default: 20',
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
