import type { OwnedFiles } from '../../files/owned-files.js';
import { addFurther, annotationsOfResults, type Survey } from '../../formats/annotations.js';
import { writeFormats } from '../../formats/export-annotations.js';
import { cocoCategoryIds } from '../../labels/coco-ids.js';
import { resultLabels } from '../../labels/label-map.js';
import type { ReadingThresholds } from '../../postprocess/regions/threshold-regions.js';
import { imageIds } from '../inputs/image-ids.js';
import type { RunExports } from '../options.js';
import { readCorrections } from '../record/corrections.js';
import type { Run } from '../record/read-run.js';
import type { RecordedResult } from '../record/record.js';
import type { Failure } from './summary.js';

/** A run's results over score thresholds; of images that people corrected, the regions as they left them. */
export async function* correctedResults(run: Run, thresholds: ReadingThresholds): AsyncGenerator<RecordedResult> {
  const corrections = await readCorrections(run.folder);
  for await (const result of run.results(thresholds)) {
    const regions = corrections.get(result.image)?.regions ?? null;
    yield regions === null ? result : { ...result, detections: regions };
  }
}

/** The same, for exports. */
export function annotationsOfRun(run: Run, thresholds: ReadingThresholds) {
  const { spec } = run.header;
  const labels = resultLabels(spec.labels, spec.parents);
  return annotationsOfResults(() => correctedResults(run, thresholds), {
    labels,
    categoryIds: cocoCategoryIds(labels),
  });
}

/**
 * Writes a run's results, over its own thresholds, in formats.
 *
 * @param images  names of the run's images
 * @param take    gets each result, as it goes through them for the writers
 * @returns images that formats can't represent and leave out, with reasons
 */
export async function writeExports(
  run: Run,
  images: readonly string[],
  { imageIds: dataset, formats, confidence, labelsAs, files }: RunExports & { files: OwnedFiles },
  take: (result: RecordedResult) => Promise<void>,
): Promise<Failure[]> {
  const numbers = dataset === undefined ? undefined : await imageIds(images, dataset);
  const annotations = annotationsOfRun(run, run.header.thresholds);
  const survey = await surveyed(run, take);
  const { refused } = await writeFormats(annotations, {
    out: run.folder,
    formats,
    confidence,
    labelsAs,
    numbers,
    survey,
    files,
  });
  return refused.map(({ format, image, reason }) => ({
    image,
    code: 'E_ARGUMENT',
    message: `left out of ${format}: ${reason}`,
  }));
}

/** What writers need to know beforehand, of all results at one go. */
async function surveyed(run: Run, take: (result: RecordedResult) => Promise<void>): Promise<Survey> {
  const names: string[] = [];
  const further: Survey['further'] = new Map();
  let found = false;
  for await (const result of correctedResults(run, run.header.thresholds)) {
    names.push(result.image);
    if (result.detections.length > 0) found = true;
    for (const { labels } of result.detections) addFurther(further, labels);
    await take(result);
  }
  return { names, ids: undefined, regions: found, scores: found, crowds: false, difficult: false, further };
}
