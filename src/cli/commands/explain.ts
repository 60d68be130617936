import { option } from '../../check/option.js';
import { list, refine } from '../../check/shapes.js';
import { count, flag, text } from '../../check/words.js';
import { command } from '../command.js';
import { DETECTION_OPTIONS } from '../options/detection.js';

const isNumber = (word: string) => /^\d+(\.\d+)?$/.test(word.trim());

const OWN = {
  /** Only what is at this pixel of the image: [x, y] */
  at: option(
    refine(list('numbers', text), 'two numbers, x,y in pixels', (words) => words.length === 2 && words.every(isNumber)),
    {
      words: {
        at: { form: 'list', value: 'X,Y', help: 'Only what is at this pixel of the upright image', common: true },
      },
    },
  ),
  /** How many classes are shown of each place, besides its labels. Default 3 */
  top: option(count, {
    default: 3,
    words: { top: { form: 'number', help: 'How many classes are shown of each place, besides its labels' } },
  }),
  /** Print JSON. Default false */
  json: option(flag, {
    default: false,
    words: { json: { form: 'switch', help: 'Print JSON, with the scores of all classes', common: true } },
  }),
};

export const explainCommand = command({
  name: 'explain',
  summary: 'Say why regions have their labels, and what was nearly found',
  usage: 'IMAGE',
  about:
    'Prints the scores of all classes at each region of an image, the threshold that each met or missed, what suppressed what, what rules changed, and the places that nearly became regions.',
  operands: { min: 1, max: 1, what: 'one image', pictures: true },
  options: { ...OWN, ...DETECTION_OPTIONS },
  examples: [
    ['sigbox explain street.jpg', 'Why the regions of a picture have their labels'],
    ['sigbox explain street.jpg --at 810,400', 'What the model saw at a place, also where nothing was found'],
    ['sigbox explain street.jpg --json', 'All of it, as JSON'],
  ],
  notes:
    'logit: ln(s / (1 − s)) of the model’s own score s. softmax: what a softmax over the same logits would have said.\nExit status: 0, 64 usage, 65 not an image, 66 no such file, 70 model.',

  async run({ operands: [image], options: { at, top = 3, json = false, ...detection } }) {
    const [{ openDetector, printWarnings }, { explanationText }, { toJson }] = await Promise.all([
      import('../options/open-detector.js'),
      import('../output/explanation-text.js'),
      import('../../text/json-number.js'),
    ]);
    await using detector = await openDetector(detection, { workers: 0 });
    using _warnings = printWarnings(detector);
    const [x, y] = (at ?? []).map(Number);
    const place = x === undefined || y === undefined ? {} : { at: [x, y] as [number, number] };
    const explanation = await detector.explain(image === '-' ? process.stdin : image!, place);
    process.stdout.write(
      json ? `${toJson(explanation)}\n` : explanationText(explanation, { top, whole: at !== undefined }),
    );
    return 0;
  },
});
