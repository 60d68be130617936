import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluationTables } from '../../src/evaluate/tables/evaluation-tables.js';
import { readDataset } from '../../src/formats/read-dataset.js';
import { calibrate } from '../../src/learn/calibration/calibrate.js';
import { calibrationError } from '../../src/learn/calibration/calibration-error.js';
import { labelCurve } from '../../src/learn/calibration/label-curve.js';
import { compareForAim, countHeldOut } from '../../src/learn/statistics/held-out.js';
import { matchResults } from '../../src/learn/statistics/match-results.js';
import { tune } from '../../src/learn/thresholds/tune.js';
import { calibrated } from '../../src/postprocess/options/calibration.js';
import { readRun } from '../../src/runs/record/read-run.js';
import type { Dataset } from '../../src/types/annotations.js';
import type { DetectionResult } from '../../src/types/detections.js';
import { data, describeWithData } from '../support/data.js';
import { sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const seed = 1;
const aim = { kind: 'f', beta: 1 } as const;

let groundTruth: Dataset;

/** Every other image: what one half teaches is held against the other. */
function half(odd: number): Dataset {
  return { ...groundTruth, images: groundTruth.images.filter((_, i) => i % 2 === odd) };
}

async function record(model: string[]): Promise<DetectionResult[]> {
  const out = await temporaryFolder();
  await sigbox([
    'annotate',
    data('coco-val-128', 'images'),
    '--out',
    join(out, 'run'),
    '--no-pictures',
    '--quiet',
    ...model,
  ]);
  const results: DetectionResult[] = [];
  for await (const result of (await readRun(join(out, 'run'))).results('unfiltered')) results.push(result);
  return results;
}

/** Of the images of a half. */
function ofHalf(results: DetectionResult[], { images }: Dataset): DetectionResult[] {
  const names = new Set(images.map(({ image }) => image));
  return results.filter(({ image }) => names.has(image!));
}

/** The gain in macro F1 on one half, with thresholds from the other. */
function gainOn(odd: number, results: DetectionResult[]) {
  const [learnt, other] = [half(1 - odd), half(odd)];
  const { options, comparison } = tune(learnt, ofHalf(results, learnt));
  const tables = evaluationTables(other, ofHalf(results, other));
  const matched = matchResults(tables, tables.detections);
  const thresholdOf = (label: string) => options.labelThresholds?.[label] ?? options.scoreThreshold!;
  const before = countHeldOut(matched, () => 0.35);
  const after = countHeldOut(matched, (_, classId) => thresholdOf(matched.labels[classId]!));
  return { adopted: comparison.significant, ...compareForAim(before, after, matched, { aim, seed }).gain };
}

/** D-ECE on one half before and after, with curves from the other. */
function errorsOn(odd: number, results: DetectionResult[]) {
  const [learnt, other] = [half(1 - odd), half(odd)];
  const { options, significant } = calibrate(learnt, ofHalf(results, learnt));
  const tables = evaluationTables(other, ofHalf(results, other));
  const matched = matchResults(tables, tables.detections);
  const scores = matched.scores.map((score, i) => {
    const curve = labelCurve(options.calibration ?? {}, matched.labels[matched.classIds[i]!]!);
    return curve === null ? score : calibrated(curve, score);
  });
  const once = new Uint32Array(matched.images).fill(1);
  const [before, after] = [matched, { ...matched, scores }].map((each) => calibrationError(each)(once));
  return { adopted: significant, before: before!, after: after! };
}

describeWithData('what one half of coco-val-128 teaches, on the other half', () => {
  test('yolov8n_int8_msh: what is adopted raises macro F1 and lowers D-ECE, and something is', async () => {
    groundTruth = await readDataset(data('coco-val-128', 'instances.json'));
    const results = await record(['--model', data('models', 'yolov8n_int8_msh.onnx')]);
    const gains = [0, 1].map((odd) => gainOn(odd, results));
    for (const { adopted, value } of gains) {
      if (adopted) expect(value).toBeGreaterThan(0.01);
      else expect(value).toBe(0);
    }
    expect(gains.some(({ adopted }) => adopted)).toBe(true);
    for (const odd of [0, 1]) expectLowerError(errorsOn(odd, results));
  }, 120_000);

  test('the built-in model: thresholds raise it, or are not adopted; calibration lowers D-ECE', async () => {
    groundTruth = await readDataset(data('coco-val-128', 'instances.json'));
    const results = await record([]);
    for (const odd of [0, 1]) {
      const { adopted, value } = gainOn(odd, results);
      if (adopted) expect(value).toBeGreaterThan(0);
      else expect(value).toBe(0);
      expect(expectLowerError(errorsOn(odd, results))).toBe(true);
    }
  }, 120_000);
});

/** @returns whether calibration was adopted */
function expectLowerError({ adopted, before, after }: ReturnType<typeof errorsOn>): boolean {
  if (adopted) expect(after).toBeLessThan(before);
  else expect(after).toBe(before);
  return adopted;
}
