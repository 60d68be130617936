import { option } from '../../check/option.js';
import { flag } from '../../check/words.js';
import { counted, printable } from '../../text/printable.js';
import type { Detection, DetectionResult } from '../../types/detections.js';
import { command } from '../command.js';
import { DETECTION_OPTIONS } from '../options/detection.js';
import { SOME_FAILED } from '../output/status.js';
import { table } from '../output/table.js';

const JSON_OPTION = {
  /** Print JSON Lines. Default false */
  json: option(flag, {
    default: false,
    words: { json: { form: 'switch', help: 'Print one JSON object per image and line', common: true } },
  }),
};

export const detectCommand = command({
  name: 'detect',
  summary: 'Find objects in images and print them',
  usage: 'IMAGE…',
  about: 'Finds objects in image files, folders and glob patterns, and prints them; - is an image on standard input.',
  operands: { min: 1, what: 'one or more images', pictures: true },
  options: { ...JSON_OPTION, ...DETECTION_OPTIONS },
  examples: [
    ['sigbox detect street.jpg', 'A table of the objects in a picture'],
    ['sigbox detect photos --only car,person', 'Cars and people in all pictures of a folder'],
    ['sigbox detect *.jpg --json --score 0.5 --score person=0.3', 'JSON Lines; people from a lower score on'],
    ['curl -s https://example.com/a.jpg | sigbox detect -', 'A picture from the web'],
  ],
  notes:
    'Exit status: 0 all images, 3 some of several failed (each is named), 64 usage, 65 not an image, 66 no such file, 70 model.',

  async run({ operands, options: { json = false, ...detection } }) {
    const [{ expandInputs }, { openDetector, printWarnings }, { toJsonLine }] = await Promise.all([
      import('../../runs/inputs/expand-inputs.js'),
      import('../options/open-detector.js'),
      import('../../formats/jsonl/jsonl.js'),
    ]);
    const images = await expandInputs(operands);
    const print = (result: DetectionResult) => process.stdout.write(json ? toJsonLine(result) : asTable(result));
    const [first, ...others] = images;
    if (others.length === 0) {
      // In process: for a single image, starting a worker takes longer than the inference.
      await using detector = await openDetector(detection, { workers: 0 });
      using _warnings = printWarnings(detector);
      print(await detector.detect(inputOf(first!)));
      return 0;
    }
    await using detector = await openDetector(detection);
    using _warnings = printWarnings(detector);
    let status = 0;
    for await (const outcome of detector.detectAll(images.map(inputOf), { errors: 'yield' })) {
      if ('error' in outcome) {
        process.stderr.write(`sigbox: ${printable(outcome.error.message)}\n`);
        status = SOME_FAILED;
      } else print(outcome);
    }
    return status;
  },
});

function inputOf(image: string) {
  return image === '-' ? process.stdin : image;
}

function asTable({ image, width, height, detections, removed = [], damage, notes = [] }: DetectionResult): string {
  const name = printable(image ?? 'standard input');
  const head = `${name}  ${width} × ${height}, ${counted(detections.length, 'region')}`;
  const damaged = damage === undefined ? [] : [`damaged, decoded in part: ${printable(damage)}`];
  const remark = [...damaged, ...notes].map((line) => `  ${line}\n`).join('');
  const rows = detections.flatMap(({ box, labels }) =>
    labels.map(({ label, score, by }, i) => {
      const name = by === undefined ? printable(label) : `${printable(label)} (by rule)`;
      const edges = i === 0 ? box.map((edge) => edge.toFixed(0)) : ['', '', '', ''];
      return [i === 0 ? name : `+ ${name}`, score.toFixed(2), ...edges];
    }),
  );
  const ruled = [...detections.filter(({ violated }) => violated !== undefined), ...removed].map(ruleLine);
  return `${head}\n${remark}${table(['label', 'score', 'x1', 'y1', 'x2', 'y2'], rows)}${ruled.join('')}\n`;
}

/** Which rules a region violated, and what they took away. */
function ruleLine({
  violated = [],
  dropped = [],
  ...region
}: Pick<Detection, 'violated' | 'dropped'> & object): string {
  const of = 'label' in region ? String(region.label) : 'no label left';
  const without = dropped.map(({ label, score }) => `without ${label} ${score.toFixed(2)}`);
  return `  ${printable([`rules: ${of}`, ...without].join(', '))}: ${printable(violated.join('; '))}\n`;
}
