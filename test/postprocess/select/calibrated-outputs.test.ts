import { expect, test } from 'vitest';
import { calibrated, type HeadSpec, postprocess } from '../../../src/postprocess/index.js';
import type { PostprocessOptions } from '../../../src/postprocess/options/postprocess-options.js';
import type { Calibration } from '../../../src/types/options.js';

/** Two rows of box (cxcywh) and scores for car, truck and person. */
const outputs = {
  out: { dims: [1, 2, 7], data: [10, 10, 10, 10, 0.6, 0.5, 0.1, 50, 50, 10, 10, 0.2, 0.3, 0.4] },
};
const head: HeadSpec = {
  family: 'yolo',
  output: 'out',
  layout: 'rows',
  objectness: false,
  activation: 'none',
  boxFormat: 'cxcywh',
  boxUnit: 'input-pixels',
  suppress: true,
};
const spec = {
  head,
  labels: ['car', 'truck', 'person'],
  parents: [{ label: 'vehicle', below: ['car', 'truck'], score: 'noisy-or' as const }],
  input: { width: 100, height: 100, fit: 'stretch' as const },
};
const doubled: Calibration = { kind: 'platt', slope: 1, intercept: Math.log(2) };

function labelsOf(options: PostprocessOptions): string[][] {
  const { detections } = postprocess(outputs, spec, { image: { width: 100, height: 100 }, ...options });
  return detections.map(({ labels }) => labels.map(({ label, score }) => `${label} ${score.toFixed(3)}`));
}

test('thresholds are in calibrated scores, and parents come of these', () => {
  const [car, truck, person] = [0.6, 0.5, 0.4].map((score) => calibrated(doubled, score).toFixed(3));
  const vehicle = (1 - (1 - calibrated(doubled, 0.6)) * (1 - calibrated(doubled, 0.5))).toFixed(3);
  const calibration = { shared: doubled };
  expect(labelsOf({ scoreThreshold: 0.5, calibration })).toEqual([
    [`vehicle ${vehicle}`, `car ${car}`, `truck ${truck}`],
    [`person ${person}`],
  ]);
  expect(labelsOf({ scoreThreshold: 0.58, calibration })).toEqual([
    [`vehicle ${vehicle}`, `car ${car}`, `truck ${truck}`],
  ]);
});

test('the best label of a row is the best after calibration', () => {
  const calibration = { labels: { truck: doubled } };
  const single = { labels: 'single' as const, exclude: ['vehicle'], scoreThreshold: 0.3 };
  expect(labelsOf(single)).toEqual([['car 0.600'], ['person 0.400']]);
  expect(labelsOf({ ...single, calibration })).toEqual([['truck 0.667'], ['truck 0.462']]);
});
