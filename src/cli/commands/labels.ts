import { option } from '../../check/option.js';
import { flag } from '../../check/words.js';
import { MAP_OPTIONS, MODEL_OPTIONS } from '../../options/detector-options.js';
import { printable } from '../../text/printable.js';
import { command } from '../command.js';

const { model: _operand, ...GIVEN } = MODEL_OPTIONS;

const OWN = {
  /** Print JSON. Default false */
  json: option(flag, { default: false, words: { json: { form: 'switch', help: 'Print a JSON array' } } }),
};

export const labelsCommand = command({
  name: 'labels',
  summary: 'List the labels of a model',
  usage: '[MODEL]',
  about:
    'Lists the labels of an ONNX file, or of the built-in model, one per line: the names that --only and --score take.',
  operands: { min: 0, max: 1, what: 'a model' },
  options: { ...OWN, ...GIVEN, ...MAP_OPTIONS },
  examples: [
    ['sigbox labels', 'The 80 labels of the built-in model'],
    ['sigbox labels best.onnx', 'The labels of another model'],
    ['sigbox labels --map coco-to-voc', 'The labels under a label map'],
  ],

  async run({ operands: [model], options: { json = false, map, ...given } }) {
    const [{ identify }, { applyLabelMap }, { resultLabels }, { fetchNamed }] = await Promise.all([
      import('../../identify/identify.js'),
      import('../../identify/spec/apply-label-map.js'),
      import('../../labels/label-map.js'),
      import('../options/fetch-named.js'),
    ]);
    const { spec, warnings } = await applyLabelMap(await identify(await fetchNamed(model, given), given), map);
    const names = [...new Set(resultLabels(spec.labels, spec.parents).filter((label) => label !== null))];
    for (const warning of warnings) process.stderr.write(`sigbox: ${printable(warning)}\n`);
    process.stdout.write(json ? `${JSON.stringify(names)}\n` : names.map((name) => `${printable(name)}\n`).join(''));
    return 0;
  },
});
