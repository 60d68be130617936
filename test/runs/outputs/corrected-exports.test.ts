import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotationsOfRun, correctedResults } from '../../../src/runs/outputs/exports.js';
import { appendCorrection } from '../../../src/runs/record/corrections.js';
import { readRun } from '../../../src/runs/record/read-run.js';
import type { Box } from '../../../src/types/detections.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { recordOf, regionOf, writeRun } from '../runs.js';

const box: Box = [1, 2, 30.5, 40];
const found = regionOf(box, [2, 0.9]);
const corrected = regionOf([5, 5, 50, 60], [1, 1], [3, 0.2]);

test('exports have what people corrected, over whatever thresholds, and the record stays as it is', async () => {
  const folder = join(await temporaryFolder(), 'run');
  await writeRun(folder, { results: [recordOf('a.jpg', found), recordOf('b.jpg', found), recordOf('c.jpg', found)] });
  const size = { width: 640, height: 480 };
  await appendCorrection(folder, { image: 'b.jpg', ...size, reviewed: true, edited: true, regions: [corrected] });
  await appendCorrection(folder, { image: 'c.jpg', ...size, reviewed: true, edited: true, regions: [] });
  const run = await readRun(folder);
  const thresholds = { scoreThreshold: 0.5, labelThresholds: {} };
  const images = [];
  for await (const image of annotationsOfRun(run, thresholds).images()) images.push(image);
  expect(images.map(({ regions }) => regions.map(({ labels }) => labels.map(({ label }) => label)))).toEqual([
    [['car']],
    [['person', 'truck']],
    [],
  ]);
  const records = [];
  for await (const { detections } of run.results('unfiltered')) records.push(detections);
  expect(records).toEqual([[found], [found], [found]]);
});

test('without corrections results are those of the record', async () => {
  const folder = join(await temporaryFolder(), 'run');
  await writeRun(folder, { results: [recordOf('a.jpg', found)] });
  const results = [];
  for await (const result of correctedResults(await readRun(folder), { scoreThreshold: 0.5, labelThresholds: {} })) {
    results.push(result);
  }
  expect(results).toEqual([recordOf('a.jpg', found)]);
});
