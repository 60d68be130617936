import { join } from 'node:path';
import { complain } from '../../errors.js';
import { exists } from '../../files/read-file.js';
import { type Annotations, annotationsOf, type Choice, chosen } from '../../formats/annotations.js';
import { givenNumbers } from '../../formats/coco/given-numbers.js';
import { exportAnnotations } from '../../formats/export-annotations.js';
import { readDataset } from '../../formats/read-dataset.js';
import { readLabelMap } from '../../identify/sidecars/label-map.js';
import { imageSize } from '../../image/image-size.js';
import { besideThresholds, readThresholds, type TaughtOptions } from '../../learn/thresholds/thresholds-file.js';
import { regionMap } from '../../postprocess/regions/map-regions.js';
import { annotationsOfRun } from '../../runs/outputs/exports.js';
import { type Run, readRun } from '../../runs/record/read-run.js';
import { HEADER_FILE } from '../../runs/record/run-header.js';
import { given as withoutUndefined } from '../options/command.js';
import type { ExportArguments } from '../options/export-words.js';
import { count, printable } from '../output/printable.js';
import { SOME_FAILED } from '../output/status.js';

/** `sigbox export`. @returns the exit status */
export async function exportFiles(args: ExportArguments): Promise<number> {
  const { input, formats, writing, imageIds } = args;
  const isRun = args.reading.from === undefined && (await exists(join(input, HEADER_FILE)));
  const out = args.out ?? (isRun ? input : undefined);
  if (out === undefined) {
    throw complain('E_ARGUMENT', { where: '--out', expected: 'a folder for what is written', received: 'none' });
  }
  const found = isRun ? await fromRun(await readRun(input), args) : await fromFiles(args);
  const annotations = chosen(await mapped(found, args.map), labelsOf(args, isRun));
  const numbers = imageIds === undefined ? undefined : givenNumbers(await readDataset(imageIds, { from: 'coco' }));
  const { written, images, refused } = await exportAnnotations(annotations, {
    ...{ out, formats, numbers, ...writing },
    sources: isRun ? [] : [input],
  });
  for (const { format, image, reason } of refused) {
    process.stderr.write(`sigbox: ${printable(`${image}: left out of ${format}: ${reason}`)}\n`);
  }
  process.stdout.write(`${count(images, 'image')}: ${written.map((name) => printable(join(out, name))).join(', ')}\n`);
  return refused.length > 0 ? SOME_FAILED : 0;
}

/** Which labels are wanted; score thresholds of a run have been applied already. */
function labelsOf({ choice: { scoreThreshold, labelThresholds, ...labels } }: ExportArguments, isRun: boolean): Choice {
  return isRun ? labels : { scoreThreshold, labelThresholds, ...labels };
}

async function mapped(annotations: Annotations, given: string | undefined): Promise<Annotations> {
  if (given === undefined) return annotations;
  const { map, where } = await readLabelMap(given, annotations.labels);
  const { labels, map: mapRegions } = regionMap(annotations.labels, map, where);
  const numbers = labels.map((_, i) => i);
  return {
    labels,
    categoryIds: numbers.map((i) => i + 1),
    classIds: numbers,
    images: async function* () {
      for await (const image of annotations.images()) yield { ...image, regions: mapRegions(image.regions) };
    },
  };
}

/** @throws SigboxError E_ARGUMENT  a score under the floor, from which on the run has recorded */
async function fromRun(run: Run, { choice, thresholds: file }: ExportArguments): Promise<Annotations> {
  const { scoreThreshold, labelThresholds } = choice;
  const given = withoutUndefined({ scoreThreshold, labelThresholds });
  const taught: TaughtOptions =
    file === undefined ? given : besideThresholds<TaughtOptions>(await readThresholds(file), given);
  const { thresholds, options } = run.header;
  const floor = options.scoreThreshold;
  const asked = taught.scoreThreshold !== undefined || taught.labelThresholds !== undefined;
  const wanted = {
    scoreThreshold: taught.scoreThreshold ?? thresholds.scoreThreshold,
    labelThresholds: taught.labelThresholds ?? (asked ? {} : thresholds.labelThresholds),
  };
  if (taught.calibration !== undefined) return annotationsOfRun(run, { ...wanted, calibration: taught.calibration });
  const lowest = Math.min(wanted.scoreThreshold, ...Object.values(wanted.labelThresholds));
  if (lowest >= floor) return annotationsOfRun(run, wanted);
  const mend = `The run recorded from there on: annotate it with --floor ${lowest}.`;
  throw complain('E_ARGUMENT', { where: '--score', expected: `a number from ${floor} on`, received: lowest, mend });
}

async function fromFiles({ input, reading, dataset, thresholds }: ExportArguments): Promise<Annotations> {
  if (thresholds !== undefined) {
    throw complain('E_ARGUMENT', { where: '--thresholds', expected: 'the folder of a run', received: input });
  }
  const known = dataset === undefined ? {} : { dataset: await readDataset(dataset, { from: 'coco' }) };
  return annotationsOf(await readDataset(input, { ...reading, ...known, imageSize }));
}
