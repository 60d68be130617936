import { type OptionsOf, option } from '../../check/option.js';
import { text } from '../../check/words.js';
import { SigboxError } from '../../errors.js';
import { DISCOVER_OPTIONS, RUN_OPTIONS } from '../../runs/run-options.js';
import { command, grouped } from '../command.js';
import { DETECTION_OPTIONS } from '../options/detection.js';
import { REPORT_OPTIONS } from '../options/report.js';
import { SOME_FAILED } from '../output/status.js';

const LISTS = {
  /** Path of a list of images. */
  filesFrom: option(text, {
    words: {
      'files-from': {
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'File with a list of images, separated by newlines or zero bytes',
      },
    },
  }),
};

const OPTIONS = {
  ...grouped('What is written', { ...RUN_OPTIONS, ...REPORT_OPTIONS }),
  ...grouped('Which images', { ...DISCOVER_OPTIONS, ...LISTS }),
  ...DETECTION_OPTIONS,
};

export const annotateCommand = command({
  name: 'annotate',
  summary: 'Annotate folders of images into files',
  usage: 'INPUT… --out FOLDER',
  about:
    'Finds objects in folders, image files and glob patterns, and writes annotation files; - is a list of images on ' +
    'standard input. If the folder already contains such a run, sigbox resumes it.',
  operands: { min: 0, what: 'one or more folders, images or patterns', pictures: true, buckets: true },
  options: OPTIONS,
  examples: [
    [
      'sigbox annotate photos --out annotated',
      'Everything below a folder, into annotations.csv, coco.json and pictures/',
    ],
    ['sigbox annotate photos -o annotated --only car,person --format yolo', 'Cars and people, as YOLO labels'],
    [
      "sigbox annotate 'photos/**/*.png' --out annotated --no-pictures",
      'All pictures that match a pattern; none drawn',
    ],
    ['sigbox annotate s3://bucket/photos --out annotated', 'Everything below a prefix of a bucket'],
    ['find . -newer last -print0 | sigbox annotate - --out new', 'The pictures that another program finds'],
    ['sigbox annotate photos --out part3 --shard 3/8', 'An eighth, on one of eight machines; sigbox merge joins them'],
  ],
  notes:
    'Writes the results, over the score threshold: the formats of --format, summary.txt, pictures/ and crops/. Besides them ' +
    'run.json, failures.jsonl, and unfiltered.jsonl: the record, with every label down to the floor. ' +
    'Exit status: 0 all images, 3 some failed (each is named), 64 usage, 130 and 143 interrupted.',
  writesFiles: true,

  check({ operands, options: { filesFrom, json, quiet } }) {
    if (operands.length === 0 && filesFrom === undefined) {
      const message = 'annotate: expected one or more folders, images or patterns. See sigbox annotate --help.';
      throw new SigboxError('E_ARGUMENT', message);
    }
    if (json && quiet) throw new SigboxError('E_ARGUMENT', 'annotate: --json cannot be combined with --quiet.');
  },

  async run({ operands, options }) {
    const [{ annotate: annotateImages }, { onInterrupt }, { readDetectorOptions }, { reporterOf }] = await Promise.all([
      import('../../runs/annotate.js'),
      import('../interrupt.js'),
      import('../options/open-detector.js'),
      import('../output/report.js'),
    ]);
    using interrupt = onInterrupt();
    const { json, quiet, filesFrom, ...run } = options;
    const listed = await readLists(operands, filesFrom);
    const detector = await readDetectorOptions(run);
    const reporter = reporterOf(json ? 'json' : quiet ? 'quiet' : 'people');
    let failed = false;
    try {
      const inputs = operands.filter((input) => input !== '-');
      const own = { ...ownOptions(run), ...detector, listed, signal: interrupt.signal };
      for await (const event of annotateImages(inputs, own)) {
        if (event.type === 'start' && options.workers !== 0) interrupt.listen(); // until then nothing is recorded
        reporter.take(event);
        if (event.type === 'end') failed = event.summary.failures.length > 0;
      }
    } finally {
      reporter.stop();
    }
    return interrupt.status ?? (failed ? SOME_FAILED : 0);
  },
});

/** Options of the run, not of its detector. */
function ownOptions(options: OptionsOf<typeof OPTIONS>): OptionsOf<typeof RUN_OPTIONS> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(RUN_OPTIONS, name))) as never;
}

async function readLists(inputs: readonly string[], filesFrom: string | undefined): Promise<string[]> {
  const { readFileList } = await import('../../runs/inputs/file-list.js');
  const lists = [...(inputs.includes('-') ? ['-'] : []), ...(filesFrom === undefined ? [] : [filesFrom])];
  const read = lists.map((file) => readFileList(file === '-' ? process.stdin : file));
  return (await Promise.all(read)).flat();
}
