import type { CalibrationFound } from '../../learn/calibration/calibrate.js';
import { CALIBRATE_OPTIONS } from '../../learn/calibration/calibrate-options.js';
import { counted, printable } from '../../text/printable.js';
import { command } from '../command.js';
import { LEARNING_FILES } from '../options/learning.js';
import { splitReading } from '../options/reading.js';
import { estimate, signedEstimate } from '../output/estimate.js';
import { printRemarks } from '../output/remarks.js';
import { table } from '../output/table.js';

const { kind, scope, minExamples, folds, seed } = CALIBRATE_OPTIONS;

export const calibrateCommand = command({
  name: 'calibrate',
  summary: 'Calibrate scores on labelled images',
  usage: 'GROUND_TRUTH RUN --out FILE',
  about:
    'Calibrates scores, so that about 80 % of the detections scored 0.8 are correct, and measures the gain on held-out images.',
  operands: { min: 2, max: 2, what: 'a ground truth and the folder of a run' },
  options: { kind, scope, minExamples, ...LEARNING_FILES, folds, seed },
  examples: [
    ['sigbox calibrate instances.json run --out thresholds.json', 'Curves, into the file that sigbox tune writes too'],
    ['sigbox detect a.jpg --thresholds thresholds.json', 'Detect with them'],
  ],
  writesFiles: true,

  async run({ operands, options }) {
    const { reading, others } = splitReading(options);
    const { json = false, out, map, ...how } = others;
    const [{ readLesson }, { calibrate: calibrateScores }, { writeThresholdsFile }] = await Promise.all([
      import('../../learn/inputs/read-lesson.js'),
      import('../../learn/calibration/calibrate.js'),
      import('../../learn/thresholds/thresholds-file.js'),
    ]);
    const [path, run] = operands as [string, string];
    const lesson = await readLesson({ groundTruth: path, run, out, map, reading });
    printRemarks(path, lesson);
    const { groundTruth, results, file, recorded, about } = lesson;
    const learning = { ...how, recorded, about, ...(file !== undefined && { file }) };
    const found = calibrateScores(groundTruth, results, learning);
    await writeThresholdsFile(out, found.file);
    for (const remark of found.remarks) process.stderr.write(`sigbox: ${printable(remark)}\n`);
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : asText(found, out));
    return 0;
  },
});

function asText(found: CalibrationFound, out: string): string {
  const { chosen, trials, significant, own } = found;
  const line = (what: string, { before, after, gain }: CalibrationFound['error']) =>
    `  ${what}  ${estimate(before)} before, ${estimate(after)} after, better by ${signedEstimate(gain)}`;
  const tried = trials.map(({ kind, scope, loss, error }) => [
    `${kind}, ${scope === 'shared' ? 'shared' : 'per label'}`,
    loss.toFixed(4),
    error.toFixed(4),
  ]);
  const curves = `${chosen.kind}, ${own.length === 0 ? 'shared' : `${counted(own.length, 'label')} with a curve of its own`}`;
  return [
    `${counted(found.images, 'image')}, ${counted(found.detections, 'detection')}; on images held out (${found.folds} folds):`,
    line('D-ECE', found.error),
    line('D-ECE with position and size', found.positionError),
    line('−log likelihood', found.loss),
    `${significant ? curves : 'scores stay as they are'}: ${printable(out)}`,
    table(['tried', '−log likelihood', 'D-ECE'], tried),
  ].join('\n');
}
