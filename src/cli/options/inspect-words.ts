import type { DetectorOptions } from '../../types/options.js';
import { type Command, requireOperands } from './command.js';
import { modelOptions, readModelOptions } from './model.js';
import { single } from './values.js';

export interface InspectArguments {
  detector: Pick<DetectorOptions, 'model' | 'size' | 'labelsFile'>;
  /** Path of a spec. */
  spec: string | undefined;
  json: boolean;
  /** Path for the spec. */
  save: string | undefined;
}

export const inspect: Command<InspectArguments> = {
  name: 'inspect',
  summary: 'Print what a model is',

  describe(parser) {
    const { model: _operand, ...others } = modelOptions;
    return parser
      .usage('$0 inspect [MODEL]\n\nPrints what an ONNX file, or the built-in model, is.')
      .options({
        json: { boolean: true, default: false, describe: 'As JSON, with the spec that --spec takes' },
        save: { string: true, requiresArg: true, describe: 'Write the spec into this file, for --spec' },
        ...others,
      })
      .example('$0 inspect', 'What the built-in model is')
      .example('$0 inspect detector.onnx --save detector.json', 'A file to change and give to --spec');
  },

  read(operands, values) {
    requireOperands('inspect', operands, { least: 0, most: 1, what: 'a model' });
    const detector = readModelOptions({ ...values, model: operands[0] });
    return { detector, spec: single(values, 'spec'), json: values.json === true, save: single(values, 'save') };
  },

  run: async (args) => (await import('../commands/inspect.js')).inspect(args),
};
