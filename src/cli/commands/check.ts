import { basename } from 'node:path';
import { type OptionsOf, option } from '../../check/option.js';
import { list } from '../../check/shapes.js';
import { flag, text } from '../../check/words.js';
import type { AnnotationCheck, CheckedSplit } from '../../doctor/check-annotations.js';
import { CHECK_OPTIONS } from '../../doctor/check-options.js';
import type { FindingPlace } from '../../doctor/finding.js';
import { counted, printable } from '../../text/printable.js';
import { command } from '../command.js';
import { READING_OPTIONS, splitReading } from '../options/reading.js';
import { printRemarks } from '../output/remarks.js';
import { ERRORS_FOUND } from '../output/status.js';

/** Places that are listed for people; JSON has all. */
const MAX_PLACES = 5;

const OPTIONS = {
  /** Annotations of other splits. */
  against: option(list('files or folders of annotations', text), {
    words: {
      against: {
        form: 'texts',
        value: 'FILE',
        completes: 'files',
        help: 'Annotations of another split, whose pictures must not be in this one; its images lie in --images too',
        common: true,
      },
    },
  }),
  /** Print JSON. Default false */
  json: option(flag, {
    default: false,
    words: { json: { form: 'switch', help: 'Print every finding with all places, as JSON', common: true } },
  }),
  ...READING_OPTIONS,
  ...CHECK_OPTIONS,
};

type Options = OptionsOf<typeof OPTIONS>;

export const checkCommand = command({
  name: 'check',
  summary: 'Find mistakes in annotations',
  usage: 'GROUND_TRUTH [RUN]',
  about:
    'Looks for what is wrong with annotations, and says what to do: boxes that are empty, outside their image or there twice; ' +
    'labels that are used once or look alike; with --images, files that are missing, of another size or there twice; with a ' +
    'run, annotations that its detections contradict, the likeliest mistakes first.',
  operands: { min: 1, max: 2, what: 'a ground truth and optionally results' },
  options: OPTIONS,
  examples: [
    ['sigbox check instances.json --images images', 'Annotations and image files'],
    ['sigbox check instances.json run --json', 'Suspected label errors from a run of annotate, for a script'],
    ['sigbox check train.json --against val.json --images images', 'Pictures that leak from one split into the other'],
  ],
  notes: 'Exit status: 0 no errors (warnings do not count), 4 errors, 64 usage, 66 a file that cannot be read.',

  async run({ operands: [groundTruth, results], options }) {
    return checkFiles(groundTruth!, results, options);
  },
});

async function checkFiles(path: string, results: string | undefined, options: Options): Promise<number> {
  const [{ checkAnnotations }, { readGroundTruth }, { readResults }] = await Promise.all([
    import('../../doctor/check-annotations.js'),
    import('../../learn/inputs/read-ground-truth.js'),
    import('../../learn/inputs/read-results.js'),
  ]);
  const { reading, others } = splitReading(options);
  const { against = [], json = false, confident } = others;
  const splitOf = async (file: string): Promise<CheckedSplit> => {
    const groundTruth = await readGroundTruth(file, reading);
    printRemarks(file, groundTruth);
    return { name: basename(file), groundTruth, ...(reading.images !== undefined && { images: reading.images }) };
  };
  const first = await splitOf(path);
  const rest: CheckedSplit[] = [];
  for (const file of against) rest.push(await splitOf(file));
  const found = results === undefined ? undefined : await readResults(results, first.groundTruth, reading);
  const outcome = await checkAnnotations([first, ...rest], {
    ...(found !== undefined && { results: found.results }),
    ...(confident !== undefined && { confident }),
  });
  for (const warning of outcome.warnings) process.stderr.write(`sigbox: ${printable(warning)}\n`);
  process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : asText(outcome));
  return outcome.findings.some(({ severity }) => severity === 'error') ? ERRORS_FOUND : 0;
}

function asText({ images, groundTruths, labels, findings }: AnnotationCheck): string {
  const head = `${counted(images, 'image')}, ${counted(groundTruths, 'ground truth')}, ${counted(labels, 'label')}\n`;
  if (findings.length === 0) return `${head}nothing found\n`;
  const blocks = findings.map(({ severity, what, mend, places }) => {
    const shown = places.slice(0, MAX_PLACES).map((place) => `    ${placeText(place)}\n`);
    const more = places.length > MAX_PLACES ? `    and ${places.length - MAX_PLACES} more: see --json\n` : '';
    return `\n${severity}: ${what} (${places.length}). ${mend}\n${shown.join('')}${more}`;
  });
  return head + blocks.join('');
}

function placeText({ image, label, box, note }: FindingPlace): string {
  const at = box === undefined ? undefined : `[${box.map((edge) => Math.round(edge * 10) / 10).join(', ')}]`;
  return [image, label, at, note]
    .filter((part) => part !== undefined)
    .map(printable)
    .join('  ');
}
