import { basename } from 'node:path';
import { type OptionsOf, option } from '../../check/option.js';
import { list } from '../../check/shapes.js';
import { flag, text } from '../../check/words.js';
import type { NamedResults } from '../../compare/compare.js';
import { COMPARE_OPTIONS } from '../../compare/options.js';
import { printable } from '../../text/printable.js';
import { command } from '../command.js';
import { READING_OPTIONS, splitReading } from '../options/reading.js';
import { comparisonText } from '../output/comparison-text.js';
import { printRemarks } from '../output/remarks.js';

const { iouThreshold: matchIou, ...SETTINGS } = COMPARE_OPTIONS;

const OPTIONS = {
  /** Fields of COCO images, or CSV files, to compare by. */
  slice: option(list('names of fields or CSV files', text), {
    words: {
      slice: {
        form: 'texts',
        value: 'FIELD|FILE',
        completes: 'files',
        help: 'Compare by a field of the COCO images too, or by the columns of a CSV whose first column names the image',
        common: true,
      },
    },
  }),
  /** File for a chart. */
  chart: option(text, {
    words: {
      chart: {
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'SVG file for a chart of the differences',
        common: true,
      },
    },
  }),
  /** Print JSON. Default false */
  json: option(flag, {
    default: false,
    words: { json: { form: 'switch', help: 'Print every number, as JSON', common: true } },
  }),
  ...READING_OPTIONS,
  matchIou,
  ...SETTINGS,
};

type Options = OptionsOf<typeof OPTIONS>;

export const compareCommand = command({
  name: 'compare',
  summary: 'Compare models on the same ground truth, with confidence intervals',
  usage: 'GROUND_TRUTH A B [C …]',
  about:
    'Says whether B (and C …) is better than A: every number with its difference, a 95 % interval from a paired bootstrap over ' +
    'images, and a verdict; per label, by parts of the images, and image by image. A, B … are folders of runs, COCO results, ' +
    'or annotations with scores.',
  operands: { min: 3, max: 20, what: 'a ground truth and the results of two or more models' },
  options: OPTIONS,
  examples: [
    ['sigbox compare instances.json run-a run-b', 'Is run-b better than run-a?'],
    ['sigbox compare instances.json a.json b.json --slice time_of_day', 'By day and night, a field of the COCO images'],
  ],
  notes: 'The same seed gives the same numbers. Exit status: 0, 64 usage, 66 a file that cannot be read.',
  writesFiles: true,

  async run({ operands: [groundTruth, ...results], options }) {
    return compareFiles(groundTruth!, results, options);
  },
});

async function compareFiles(path: string, files: readonly string[], options: Options): Promise<number> {
  const [{ compare: compareModels }, { readGroundTruth }, { readResults }, slicing] = await Promise.all([
    import('../../compare/compare.js'),
    import('../../learn/inputs/read-ground-truth.js'),
    import('../../learn/inputs/read-results.js'),
    import('../../learn/inputs/read-slices.js'),
  ]);
  const { reading, others } = splitReading(options);
  const { slice = [], chart, json = false, matchIou: iouThreshold, ...settings } = others;
  const groundTruth = await readGroundTruth(path, reading, slicing.imageFieldsOf(slice));
  printRemarks(path, groundTruth);
  const models: NamedResults[] = [];
  for (const file of files) {
    const { results } = await readResults(file, groundTruth, reading);
    printRemarks(file, results);
    models.push({ name: nameOf(file, files), results });
  }
  const comparison = compareModels(groundTruth, models, {
    ...settings,
    ...(iouThreshold !== undefined && { iouThreshold }),
    slices: await slicing.readSlices(slice, groundTruth),
  });
  for (const warning of comparison.warnings) process.stderr.write(`sigbox: ${printable(warning)}\n`);
  process.stdout.write(json ? `${JSON.stringify(comparison)}\n` : comparisonText(comparison));
  if (chart !== undefined) {
    const { comparisonChart } = await import('../../charts/comparison-chart.js');
    const { writeWhole } = await import('../../files/write-whole.js');
    await writeWhole(chart, [comparisonChart(comparison)]);
  }
  return 0;
}

/** The last part of a path, if that tells the models apart. */
function nameOf(file: string, files: readonly string[]): string {
  const short = (each: string) => basename(each).replace(/\.json(\.gz)?$/i, '');
  return files.filter((other) => short(other) === short(file)).length === 1 ? short(file) : file;
}
