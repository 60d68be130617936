import type { LabelTuning, Rates } from '../../learn/thresholds/describe-labels.js';
import { writeThresholdsFile } from '../../learn/thresholds/thresholds-file.js';
import { type Tuning, tune as tuneThresholds } from '../../learn/thresholds/tune.js';
import { readLesson } from '../input/read-lesson.js';
import type { TuneArguments } from '../options/tune-words.js';
import { estimate, signedEstimate } from '../output/estimate.js';
import { count, printable } from '../output/printable.js';
import { table } from '../output/table.js';

/** `sigbox tune`. @returns the exit status */
export async function tune(args: TuneArguments): Promise<number> {
  const { groundTruth, results, file, floor, recorded, about } = await readLesson(args);
  const tuning = tuneThresholds(groundTruth, results, {
    ...args.folding,
    ...(args.aim !== undefined && { aim: args.aim }),
    ...(file !== undefined && { file }),
    ...{ floor, recorded, about },
  });
  await writeThresholdsFile(args.out, tuning.file);
  for (const remark of tuning.remarks) process.stderr.write(`sigbox: ${printable(remark)}\n`);
  process.stdout.write(args.json ? `${JSON.stringify(tuning)}\n` : asText(tuning, args.out));
  return 0;
}

function asText({ comparison, suppression, options, labels, ...tuning }: Tuning, out: string): string {
  const { measure, before, after, gain, significant } = comparison;
  const { scoreThreshold, labelThresholds = {} } = options;
  const own = Object.keys(labelThresholds).length;
  const lines = [
    `${count(tuning.images, 'image')}, ${count(tuning.groundTruths, 'ground truth')}, aim ${tuning.aim}; on held-out images (${tuning.folds} folds):`,
    `  ${measure}  ${estimate(before)} by default, ${estimate(after)} tuned, gain ${signedEstimate(gain)}`,
    suppressionLine(suppression),
    significant
      ? `score threshold ${scoreThreshold}, ${count(own, 'label')} with their own: ${printable(out)}`
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
  const what = `${chosen.suppression} ${chosen.iouThreshold}`;
  return `  suppression  ${what}; ${tried.length} others tried, gain ${signedEstimate(gain)}`;
}

/** @param tuned  whether thresholds are those that were tuned; if not, only the default is of interest */
function labelRow({ label, groundTruths, threshold, tooFew, before, after }: LabelTuning, tuned: boolean): string[] {
  const shares = ({ precision, recall }: Rates) => [precision?.toFixed(2) ?? '–', recall.toFixed(2)];
  const rates = tuned ? [...shares(after), ...shares(before)] : shares(before);
  return [printable(label), String(groundTruths), `${tuned && tooFew ? '= ' : ''}${threshold}`, ...rates];
}
