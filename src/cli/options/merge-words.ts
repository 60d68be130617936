import { type Command, requireOperands } from './command.js';
import { single } from './values.js';

export interface MergeArguments {
  folders: string[];
  out: string;
  restart: boolean;
}

export const merge: Command<MergeArguments> = {
  name: 'merge',
  summary: 'Join runs of annotate, as the parts of many machines',

  describe: (parser) =>
    parser
      .usage('$0 merge DIR… --out DIR\n\nJoins runs of the same model and options into one.')
      .options({
        out: { string: true, requiresArg: true, demandOption: true, describe: 'Folder for the joined run' },
        restart: { boolean: true, default: false, describe: 'Remove the run that it holds' },
      })
      .example('$0 merge part1 part2 part3 --out annotated', 'Three parts that --shard made')
      .epilogue('Pictures and crops stay where they are: annotate on the joined run draws those that are missing.'),

  read(folders, values) {
    requireOperands('merge', folders, { least: 1, what: 'one or more folders of runs' });
    return { folders, out: single(values, 'out')!, restart: values.restart === true };
  },

  run: async (args) => (await import('../commands/merge.js')).merge(args),
};
