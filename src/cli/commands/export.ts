import { join } from 'node:path';
import { type OptionsOf, option } from '../../check/option.js';
import { text } from '../../check/words.js';
import { complain, SigboxError } from '../../errors.js';
import { EXPORT_FILES, EXPORT_LABELS, type ExportOptions } from '../../runs/export-options.js';
import { counted, printable } from '../../text/printable.js';
import type { Dataset } from '../../types/annotations.js';
import { command, grouped } from '../command.js';
import { THRESHOLDS_OPTIONS } from '../options/detection.js';
import { AGAIN_OPTIONS, firstAgain, postprocessAgain } from '../options/postprocess-again.js';
import { READING_OPTIONS, splitReading } from '../options/reading.js';
import { printRemarks } from '../output/remarks.js';
import { SOME_FAILED } from '../output/status.js';

const INPUT = {
  ...READING_OPTIONS,
  /** COCO results: path of the COCO dataset that they are for. */
  dataset: option(text, {
    words: {
      dataset: {
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'COCO results: the COCO dataset that they are for',
      },
    },
  }),
};

const OPTIONS = {
  ...grouped('What is written', EXPORT_FILES),
  ...grouped('Which labels', { ...EXPORT_LABELS, ...THRESHOLDS_OPTIONS }),
  ...grouped('Post-processing again, of a run with candidates, into another folder', AGAIN_OPTIONS),
  ...grouped('What is read', INPUT),
};

type Options = OptionsOf<typeof OPTIONS>;

export const exportCommand = command({
  name: 'export',
  summary: 'Write a run, or any annotations, in other formats',
  usage: 'INPUT --format NAME,… --out FOLDER',
  about: 'Writes the results of a run, without the model, or annotations of one format in others.',
  operands: { min: 1, max: 1, what: 'a run or annotations' },
  options: OPTIONS,
  examples: [
    ['sigbox export annotated --format yolo,cvat --score 0.5', 'A run’s results over a higher score, into its folder'],
    [
      'sigbox export annotated --suppression soft-gaussian --iou 0.6 --format coco --out again',
      'A run with candidates, post-processed again without the model',
    ],
    ['sigbox export instances.json --format voc --out .', 'From COCO to Pascal VOC'],
    ['sigbox export annotated --format yolo --link-images', 'A folder that YOLO’s trainers take as it is'],
    ['sigbox export data.yaml --split val --format coco --out .', 'From YOLO to COCO'],
  ],
  notes: 'Exit status: 0 all images, 3 a format can’t hold some images (each is named), 64 usage.',
  writesFiles: true,
  run: ({ operands, options }) => exportFiles(operands[0]!, options),
});

async function exportFiles(input: string, options: Options): Promise<number> {
  const [{ exists }, { readRun }, { HEADER_FILE }, { exportAnnotations }] = await Promise.all([
    import('../../files/read-file.js'),
    import('../../runs/record/read-run.js'),
    import('../../runs/record/run-header.js'),
    import('../../runs/export-annotations.js'),
  ]);
  const { reading, others } = splitReading(options);
  const { dataset, thresholds, ...rest } = others;
  const wanted =
    rest.linkImages === true && reading.images !== undefined ? { ...rest, linkImages: reading.images } : rest;
  const isRun = reading.from === undefined && (await exists(join(input, HEADER_FILE)));
  const again = firstAgain(options);
  if (again !== undefined && isRun) return postprocessAgain(input, options);
  if (again !== undefined) {
    throw complain('E_ARGUMENT', { where: `options.${again}`, expected: 'the folder of a run', received: input });
  }
  const out = options.out ?? (isRun ? input : undefined);
  if (out === undefined) throw new SigboxError('E_ARGUMENT', '--out is missing: name a folder for what is written.');
  const { written, images, refused } = isRun
    ? await exportAnnotations(await readRun(input), { ...(await withLearnt(wanted, thresholds)), out })
    : await exportAnnotations(await readInput(input, options), { ...wanted, out, sources: [input] });
  for (const { format, image, reason } of refused) {
    process.stderr.write(`sigbox: ${printable(`${image}: left out of ${format}: ${reason}`)}\n`);
  }
  process.stdout.write(
    `${counted(images, 'image')}: ${written.map((name) => printable(join(out, name))).join(', ')}\n`,
  );
  return refused.length > 0 ? SOME_FAILED : 0;
}

/** With the options of a thresholds file that is named. */
async function withLearnt(wanted: ExportOptions, file: string | undefined): Promise<ExportOptions> {
  if (file === undefined) return wanted;
  const { besideThresholds, readThresholds } = await import('../../learn/thresholds/thresholds-file.js');
  const { scoreThreshold, labelThresholds, calibration } = besideThresholds(await readThresholds(file), wanted);
  return {
    ...wanted,
    ...(scoreThreshold !== undefined && { scoreThreshold }),
    ...(labelThresholds !== undefined && { labelThresholds }),
    ...(calibration !== undefined && { calibration }),
  };
}

async function readInput(input: string, options: Options): Promise<Dataset> {
  const { dataset, thresholds } = options;
  if (thresholds !== undefined) {
    throw complain('E_ARGUMENT', { where: '--thresholds', expected: 'the folder of a run', received: input });
  }
  const { readDataset } = await import('../../formats/read-dataset.js');
  const found = await readDataset(input, {
    ...splitReading(options).reading,
    ...(dataset !== undefined && { dataset: await readDataset(dataset, { from: 'coco' }) }),
  });
  printRemarks(input, found);
  return found;
}
