import { join } from 'node:path';
import { complain, SigboxError } from '../errors.js';
import { type Annotations, annotationsOf, chosenLabels, datasetOfResults } from '../formats/annotations.js';
import { givenNumbers } from '../formats/coco/given-numbers.js';
import { type ExportReport, writeFormats } from '../formats/export-annotations.js';
import { readDataset } from '../formats/read-dataset.js';
import { linkImages } from '../formats/yolo/link-images.js';
import { readLabelMap } from '../identify/sidecars/label-map.js';
import { regionMap, rulesNeedScores } from '../postprocess/regions/map-regions.js';
import type { Dataset } from '../types/annotations.js';
import type { DetectionResult } from '../types/detections.js';
import { checkExportOptions, type ExportOptions } from './export-options.js';
import { isBucket } from './inputs/bucket-inputs.js';
import { annotationsOfRun } from './outputs/exports.js';
import type { Run } from './record/read-run.js';

/** What can be exported: a run, a dataset, or results of `detect` and `detectAll`, whose images have names. */
export type ExportSource = Run | Dataset | readonly DetectionResult[];

/**
 * Writes annotations in any number of formats. Each file appears under its name only when it is whole. The same annotations
 * and options give the same bytes.
 *
 *     const run = await readRun('annotated');
 *     await exportAnnotations(run, { formats: ['yolo'], scoreThreshold: 0.5 }); // into annotated/yolo
 *     await exportAnnotations(await readDataset('instances.json'), { formats: ['voc'], out: '.' });
 *
 * @param source  not changed; a run is read image by image, however large it is
 * @returns what was written, and images that a format can't hold, with reasons: those are left out of it
 * @throws SigboxError E_ARGUMENT  an option that can't be right, a label that does not occur, a score below the floor of the
 *   run, results without names of images. E_IO  a file can't be read or written
 */
export async function exportAnnotations(source: ExportSource, options: ExportOptions): Promise<ExportReport> {
  const where = 'exportAnnotations';
  const given = checkExportOptions(options, where);
  const run = 'header' in source ? source : null;
  const {
    formats,
    confidence,
    labelsAs,
    imageIds,
    imageRoot,
    map,
    include,
    exclude,
    sources = [],
    out = run?.folder,
  } = given;
  const pictures = formats.includes('yolo') ? picturesFor(given.linkImages, run, where) : null;
  if (out === undefined) {
    throw new SigboxError('E_ARGUMENT', `${where}: options.out is missing: name a folder for what is written.`);
  }
  const all = run === null ? annotationsOf(datasetFrom(source as Dataset, where)) : overThresholds(run, given);
  const { scoreThreshold, labelThresholds } = given;
  const thresholds = run === null ? { scoreThreshold, labelThresholds } : {}; // those of a run are applied as it is read
  const annotations = chosenLabels(await mapped(all, map), { ...thresholds, include, exclude });
  const numbers = imageIds === undefined ? undefined : givenNumbers(await readDataset(imageIds, { from: 'coco' }));
  const report = await writeFormats(annotations, { out, formats, numbers, sources, confidence, labelsAs, imageRoot });
  if (pictures !== null) await linkImages(join(out, 'yolo'), pictures);
  return report;
}

/** The folder of the pictures that a link is to lead to; null: none is wanted. */
function picturesFor(wanted: ExportOptions['linkImages'], run: Run | null, where: string): string | null {
  if (wanted === undefined || wanted === false) return null;
  const folder = wanted === true ? run?.header.inputs.root : wanted;
  if (folder !== undefined && !isBucket(folder)) return folder;
  const expected = 'the folder of the pictures for options.linkImages';
  const mend = 'On the command line --images names it.';
  throw complain('E_ARGUMENT', { where, expected, received: folder ?? wanted, mend });
}

function datasetFrom(source: Dataset | readonly DetectionResult[], where: string): Dataset {
  if ('images' in source) return source;
  const nameless = source.findIndex(({ image }) => image === null);
  if (nameless < 0) return datasetOfResults(source);
  const mend = 'Give them one: { ...result, image: "a.jpg" }.';
  throw complain('E_ARGUMENT', { where, expected: `a name for the image of result ${nameless}`, received: null, mend });
}

async function mapped(annotations: Annotations, given: ExportOptions['map']): Promise<Annotations> {
  if (given === undefined) return annotations;
  const { map, where } = await readLabelMap(given, annotations.labels);
  if (map.rules !== undefined) throw rulesNeedScores(where);
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
function overThresholds(run: Run, { scoreThreshold, labelThresholds, calibration }: ExportOptions): Annotations {
  const { thresholds, options } = run.header;
  const floor = options.scoreThreshold;
  const asked = scoreThreshold !== undefined || labelThresholds !== undefined;
  const wanted = {
    scoreThreshold: scoreThreshold ?? thresholds.scoreThreshold,
    labelThresholds: labelThresholds ?? (asked ? {} : thresholds.labelThresholds),
  };
  if (calibration !== undefined) return annotationsOfRun(run, { ...wanted, calibration });
  const lowest = Math.min(wanted.scoreThreshold, ...Object.values(wanted.labelThresholds));
  if (lowest >= floor) return annotationsOfRun(run, wanted);
  const mend = `Nothing lower was recorded: annotate again with --floor ${lowest}.`;
  throw complain('E_ARGUMENT', { where: '--score', expected: `a number from ${floor} on`, received: lowest, mend });
}
