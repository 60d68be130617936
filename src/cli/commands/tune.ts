import type { LabelRates, LabelTuning } from '../../learn/thresholds/describe-labels.js';
import type { Tuning } from '../../learn/thresholds/tune.js';
import { TUNE_OPTIONS } from '../../learn/thresholds/tune-options.js';
import { counted, printable } from '../../text/printable.js';
import { command } from '../command.js';
import { LEARNING_FILES } from '../options/learning.js';
import { splitReading } from '../options/reading.js';
import { estimate, signedEstimate } from '../output/estimate.js';
import { printRemarks } from '../output/remarks.js';
import { table } from '../output/table.js';

const { aim, minExamples, folds, seed } = TUNE_OPTIONS;

export const tuneCommand = command({
  name: 'tune',
  summary: 'Find score thresholds from labelled images',
  usage: 'GROUND_TRUTH RUN --out FILE',
  about:
    'Finds the score thresholds that serve an aim best, and the suppression (of all methods that do not fuse boxes, if the run recorded its candidates), and measures ' +
    'the gain on held-out images.',
  operands: { min: 2, max: 2, what: 'a ground truth and the folder of a run' },
  options: { aim, minExamples, ...LEARNING_FILES, folds, seed },
  examples: [
    ['sigbox annotate images --out run --no-pictures --iou 0.7', 'A run to learn from: it records from score 0.05 on'],
    ['sigbox tune instances.json run --out thresholds.json', 'The thresholds with the best mean F1'],
    ['sigbox detect a.jpg --thresholds thresholds.json', 'Detect with them'],
  ],
  writesFiles: true,

  async run({ operands, options }) {
    const { reading, others } = splitReading(options);
    const { json = false, out, map, ...how } = others;
    const [{ readLesson }, { tune: tuneThresholds }, { writeThresholdsFile }] = await Promise.all([
      import('../../learn/inputs/read-lesson.js'),
      import('../../learn/thresholds/tune.js'),
      import('../../learn/thresholds/thresholds-file.js'),
    ]);
    const [path, run] = operands as [string, string];
    const { groundTruth, results, file, remarks, ...recorded } = await readLesson({
      ...{ groundTruth: path, run, out, map, reading, recalls: true },
    });
    printRemarks(path, { remarks });
    const tuning = tuneThresholds(groundTruth, results, { ...how, ...recorded, ...(file !== undefined && { file }) });
    await writeThresholdsFile(out, tuning.file);
    for (const remark of tuning.remarks) process.stderr.write(`sigbox: ${printable(remark)}\n`);
    process.stdout.write(json ? `${JSON.stringify(tuning)}\n` : asText(tuning, out));
    return 0;
  },
});

function asText({ comparison, suppression, options, labels, ...tuning }: Tuning, out: string): string {
  const { measure, before, after, gain, significant } = comparison;
  const { scoreThreshold, labelThresholds = {} } = options;
  const own = Object.keys(labelThresholds).length;
  const lines = [
    `${counted(tuning.images, 'image')}, ${counted(tuning.groundTruths, 'ground truth')}, aim ${tuning.aim}; on held-out images (${tuning.folds} folds):`,
    `  ${measure}  ${estimate(before)} by default, ${estimate(after)} tuned, gain ${signedEstimate(gain)}`,
    suppressionLine(suppression),
    significant
      ? `score threshold ${scoreThreshold}, ${counted(own, 'label')} with their own: ${printable(out)}`
      : `the default is kept, score threshold ${scoreThreshold}: ${printable(out)}`,
  ];
  const sorted = [...labels].sort((a, b) => b.groundTruths - a.groundTruths);
  const head = [
    'label',
    'ground truths',
    'threshold',
    'precision',
    'recall',
    ...(significant ? ['by default', 'recall'] : []),
  ];
  return `${lines.join('\n')}\n${table(
    head,
    sorted.map((label) => labelRow(label, significant)),
  )}`;
}

function suppressionLine({ tried, chosen, gain }: Tuning['suppression']): string {
  if (gain === null) return '  suppression  not tried';
  const { suppression, iouThreshold, measure = 'iou', scope = 'class' } = chosen;
  const further = [measure === 'iou' ? '' : `, ${measure}`, scope === 'class' ? '' : ', all labels together'].join('');
  const what = `${suppression} ${iouThreshold}${further}`;
  return `  suppression  ${what}; ${tried.length} others tried, gain ${signedEstimate(gain)}`;
}

/** @param tuned  whether thresholds are those that were tuned; if not, only the default is of interest */
function labelRow({ label, groundTruths, threshold, tooFew, before, after }: LabelTuning, tuned: boolean): string[] {
  const shares = ({ precision, recall }: LabelRates) => [precision?.toFixed(2) ?? '–', recall.toFixed(2)];
  const rates = tuned ? [...shares(after), ...shares(before)] : shares(before);
  return [printable(label), String(groundTruths), `${tuned && tooFew ? '= ' : ''}${threshold}`, ...rates];
}
