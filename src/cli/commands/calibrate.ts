import { type CalibrationFound, calibrate as calibrateScores } from '../../learn/calibration/calibrate.js';
import { writeThresholdsFile } from '../../learn/thresholds/thresholds-file.js';
import { readLesson } from '../input/read-lesson.js';
import type { CalibrateArguments } from '../options/calibrate-words.js';
import { estimate, signedEstimate } from '../output/estimate.js';
import { count, printable } from '../output/printable.js';
import { table } from '../output/table.js';

/** `sigbox calibrate`. @returns the exit status */
export async function calibrate(args: CalibrateArguments): Promise<number> {
  const { groundTruth, results, file, recorded, about } = await readLesson(args);
  const found = calibrateScores(groundTruth, results, {
    ...args.folding,
    ...args.how,
    ...(file !== undefined && { file }),
    ...{ recorded, about },
  });
  await writeThresholdsFile(args.out, found.file);
  for (const remark of found.remarks) process.stderr.write(`sigbox: ${printable(remark)}\n`);
  process.stdout.write(args.json ? `${JSON.stringify(found)}\n` : asText(found, args.out));
  return 0;
}

function asText(found: CalibrationFound, out: string): string {
  const { chosen, trials, significant, own } = found;
  const line = (what: string, { before, after, gain }: CalibrationFound['error']) =>
    `  ${what}  ${estimate(before)} before, ${estimate(after)} after, better by ${signedEstimate(gain)}`;
  const tried = trials.map(({ kind, scope, loss, error }) => [
    `${kind}, ${scope === 'shared' ? 'shared' : 'per label'}`,
    loss.toFixed(4),
    error.toFixed(4),
  ]);
  const curves = `${chosen.kind}, ${own.length === 0 ? 'shared' : `${count(own.length, 'label')} with a curve of its own`}`;
  return [
    `${count(found.images, 'image')}, ${count(found.detections, 'detection')}; on images held out (${found.folds} folds):`,
    line('D-ECE', found.error),
    line('D-ECE with position and size', found.positionError),
    line('−log likelihood', found.loss),
    `${significant ? curves : 'scores stay as they are'}: ${printable(out)}`,
    table(['tried', '−log likelihood', 'D-ECE'], tried),
  ].join('\n');
}
