import { join } from 'node:path';
import { annotationsOfRun } from '../batch/exports.js';
import { type Run, readRun } from '../batch/read-run.js';
import { HEADER_FILE } from '../batch/run-header.js';
import { complain } from '../errors.js';
import { exists } from '../files/read-file.js';
import { type Annotations, annotationsOf, chosen } from '../formats/annotations.js';
import { exportAnnotations } from '../formats/export-annotations.js';
import { givenNumbers } from '../formats/given-numbers.js';
import { readDataset } from '../formats/read-dataset.js';
import { imageSize } from '../image/image-size.js';
import type { ExportArguments } from './arguments/export.js';
import { count, printable } from './printable.js';
import { SOME_FAILED } from './status.js';

/** `sigbox export`. @returns the exit status */
export async function exportFiles(args: ExportArguments): Promise<number> {
  const { input, formats, writing, imageIds } = args;
  const isRun = args.reading.format === undefined && (await exists(join(input, HEADER_FILE)));
  const out = args.out ?? (isRun ? input : undefined);
  if (out === undefined) {
    throw complain('E_ARGUMENT', { where: '--out', expected: 'a folder for what is written', received: 'none' });
  }
  const annotations = isRun ? fromRun(await readRun(input), args) : await fromFiles(args);
  const numbers = imageIds === undefined ? undefined : givenNumbers(await readDataset(imageIds, { format: 'coco' }));
  const { written, images, refused } = await exportAnnotations(annotations, { out, formats, numbers, ...writing });
  for (const { format, image, reason } of refused) {
    process.stderr.write(`sigbox: ${printable(`${image}: left out of ${format}: ${reason}`)}\n`);
  }
  process.stdout.write(`${count(images, 'image')}: ${written.map((name) => printable(join(out, name))).join(', ')}\n`);
  return refused.length > 0 ? SOME_FAILED : 0;
}

/** @throws SigboxError E_ARGUMENT  a score under the floor, from which on the run has recorded */
function fromRun(run: Run, { choice: { scoreThreshold, labelThresholds, ...labels } }: ExportArguments): Annotations {
  const { thresholds, options } = run.header;
  const floor = options.scoreThreshold;
  const asked = scoreThreshold !== undefined || labelThresholds !== undefined;
  const wanted = {
    scoreThreshold: scoreThreshold ?? thresholds.scoreThreshold,
    labelThresholds: labelThresholds ?? (asked ? {} : thresholds.labelThresholds),
  };
  const lowest = Math.min(wanted.scoreThreshold, ...Object.values(wanted.labelThresholds));
  if (lowest >= floor) return chosen(annotationsOfRun(run, wanted), labels);
  const mend = `The run recorded from there on: annotate it with --floor ${lowest}.`;
  throw complain('E_ARGUMENT', { where: '--score', expected: `a number from ${floor} on`, received: lowest, mend });
}

async function fromFiles({ input, reading, dataset, choice }: ExportArguments): Promise<Annotations> {
  const known = dataset === undefined ? {} : { dataset: await readDataset(dataset, { format: 'coco' }) };
  return chosen(annotationsOf(await readDataset(input, { ...reading, ...known, imageSize })), choice);
}
