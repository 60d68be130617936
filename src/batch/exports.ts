import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../files/write-whole.js';
import { cocoDataset, cocoResults } from '../formats/coco.js';
import { cocoCategoryIds } from '../labels/coco-ids.js';
import { resultLabels } from '../labels/label-map.js';
import type { Run } from './read-run.js';

const COCO_DATASET = 'coco.json';
const COCO_RESULTS = 'coco-results.json';

/** Writes `coco.json` (dataset form, with scores) and `coco-results.json` (results form), over the run's thresholds. */
export async function writeExports(run: Run, ids: ReadonlyMap<string, number>): Promise<void> {
  const { spec } = run.header;
  const labels = resultLabels(spec.labels, spec.parents);
  const coco = { labels, categoryIds: cocoCategoryIds(labels), imageId: (image: string) => ids.get(image)! };
  const results = () => run.results(run.header.thresholds);
  await writeWhole(join(run.folder, COCO_DATASET), cocoDataset(results, coco));
  await writeWhole(join(run.folder, COCO_RESULTS), cocoResults(results, coco));
}

export async function removeExports(folder: string): Promise<void> {
  for (const file of [COCO_DATASET, COCO_RESULTS]) await rm(join(folder, file), { force: true });
}
