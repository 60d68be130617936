import type { Command } from './command.js';
import { readTeaching, type TeachingArguments, teachingOptions } from './teaching.js';
import { single } from './values.js';

export interface TuneArguments extends TeachingArguments {
  aim: string | undefined;
}

export const tune: Command<TuneArguments> = {
  name: 'tune',
  summary: 'Find score thresholds from labelled images',

  describe: (parser) =>
    parser
      .usage(
        '$0 tune GROUND_TRUTH RUN --out FILE\n\nFinds the score thresholds, and the suppression where the run can tell, that serve ' +
          'an aim best, and says what they gain on images that they were not fitted to.',
      )
      .options({
        aim: {
          string: true,
          requiresArg: true,
          describe: 'f1, f0.5, precision>=0.9, recall>=0.95. Default: f1, its mean over labels',
        },
        'min-examples': {
          string: true,
          requiresArg: true,
          describe: 'Labels with fewer ground truths use the shared threshold. Default: 10',
        },
        ...teachingOptions,
      })
      .example('$0 annotate images --out run --no-pictures --iou 0.7', 'A run that tells much: from score 0.05 on')
      .example('$0 tune instances.json run --out thresholds.json', 'The best mean F1')
      .example('$0 detect a.jpg --thresholds thresholds.json', 'What that has found'),

  read: (operands, values) => ({ ...readTeaching('tune', operands, values), aim: single(values, 'aim') }),

  run: async (args) => (await import('../commands/tune.js')).tune(args),
};
