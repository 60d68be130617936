import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDetector } from '../../src/detector.js';
import type { ModelSpec } from '../../src/identify/spec/model-spec.js';
import type { DetectorOptions, GivenModel } from '../../src/options/detector-options.js';
import { fuseBoxes } from '../../src/postprocess/api/fuse-boxes.js';
import { suppress } from '../../src/postprocess/suppress/suppress.js';
import type { RawPixels } from '../../src/types/pictures.js';
import { complaint } from '../support/complaint.js';
import { inputSpec } from '../support/input-spec.js';
import { onnxModel } from '../support/onnx.js';
import { planFor } from '../support/plan.js';
import { type SuppressionGolden, suppressionGoldens } from '../support/suppression-golden.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const picture: RawPixels = { data: new Uint8Array(64 * 64 * 3).fill(99), width: 64, height: 64, channels: 3 };

/** x1, y1, x2, y2, and a score for each label. */
type Row = number[];

/** A model that finds these, whatever it sees. */
async function model(name: string, labels: (string | null)[], rows: Row[], side = 64): Promise<GivenModel> {
  const file = join(await temporaryFolder(), `${name}.onnx`);
  const values = rows.flatMap((row) => [...row.slice(0, 4).map((value) => (value * side) / 64), ...row.slice(4)]);
  const inputs = [{ name: 'images', dims: [1, 3, side, side] }];
  const outputs = [{ name: 'out', dims: [1, rows.length, 4 + labels.length], values }];
  await writeFile(file, onnxModel({ inputs, outputs }));
  const spec: ModelSpec = {
    name,
    input: inputSpec({ width: side, height: side }),
    head: {
      family: 'yolo',
      output: 'out',
      layout: 'rows',
      objectness: false,
      activation: 'none',
      boxFormat: 'xyxy',
      boxUnit: 'input-pixels',
      suppress: true,
    },
    labels,
  };
  return { model: file, spec };
}

async function found(models: GivenModel[], options: DetectorOptions = {}) {
  await using detector = await createDetector({ models, workers: 0, ...options });
  const { detections } = await detector.detect(picture);
  return detections.map(({ label, score, box }) => [label, Math.round(score * 1e4) / 1e4, ...box.map(Math.round)]);
}

const CAT: Row = [8, 8, 40, 40, 0.8, 0];

describe('several models', () => {
  test('labels are united by name, whatever their numbers and the size of the input', async () => {
    const a = await model('a', ['cat', 'dog'], [CAT, [10, 42, 30, 60, 0, 0.6]]);
    const b = await model(
      'b',
      ['bird', null, 'cat'],
      [
        [9, 8, 40, 40, 0, 0.9, 0.7],
        [50, 50, 60, 60, 0.5, 0, 0],
      ],
      128,
    );
    expect(await found([a, b])).toEqual([
      ['cat', 0.8, 8, 8, 40, 40],
      ['dog', 0.6, 10, 42, 30, 60],
      ['bird', 0.5, 50, 50, 60, 60],
    ]);
    await using detector = await createDetector({ models: [a, b], workers: 0 });
    expect(detector.labels).toEqual(['cat', 'dog', 'bird']);
    expect(detector.models.map(({ weight }) => weight)).toEqual([1, 1]);
  });

  test('in worker processes', async () => {
    const [a, b] = [await model('a', ['cat', 'dog'], [CAT]), await model('b', ['cat'], [[50, 50, 60, 60, 0.5]])];
    expect(await found([a, b], { workers: 1 })).toEqual(await found([a, b]));
  });

  test('a map gives one name to labels of several models', async () => {
    const a = await model('a', ['cat', 'dog'], [CAT]);
    const b = await model('b', ['kitten'], [[9, 8, 40, 40, 0.9]]);
    expect(await found([a, b], { map: { labels: { kitten: 'cat' } } })).toEqual([['cat', 0.9, 9, 8, 40, 40]]);
    expect(await found([a, b], { map: { labels: { kitten: 'cat' }, parents: { pet: ['cat', 'dog'] } } })).toHaveLength(
      1,
    );
  });

  test('weights: of scores by the largest, or in the mean of wbf', async () => {
    const a = await model('a', ['cat'], [[8, 8, 40, 40, 0.8]]);
    const b = await model(
      'b',
      ['cat'],
      [
        [8, 8, 40, 44, 0.9],
        [50, 50, 60, 60, 0.6],
      ],
    );
    expect(await found([a, { ...b, weight: 0.5 }], { scoreThreshold: 0.2 })).toEqual([
      ['cat', 0.8, 8, 8, 40, 40],
      ['cat', 0.3, 50, 50, 60, 60],
    ]);
    const fused = await found([a, { ...b, weight: 3 }], { scoreThreshold: 0.2, suppression: 'wbf' });
    expect(fused[0]).toEqual(['cat', Math.round(((0.8 + 2.7) / 4) * 1e4) / 1e4, 8, 8, 40, 43]);
  });

  test.each(['nms', 'wbf', 'nmw', 'soft-gaussian'] as const)(
    '%s: what only one model found, with two votes',
    async (suppression) => {
      const a = await model(
        'a',
        ['cat'],
        [
          [8, 8, 40, 40, 0.8],
          [50, 8, 60, 20, 0.9],
          [50, 9, 60, 20, 0.9],
        ],
      );
      const b = await model('b', ['cat'], [[8, 8, 40, 42, 0.7]]);
      const labels = await found([a, b], { minModels: 2, suppression });
      expect(labels.every(([, , x1]) => x1 === 8)).toBe(true);
      expect(labels.length).toBeGreaterThan(0);
      expect((await found([a, b], { suppression })).length).toBeGreaterThan(labels.length);
    },
  );

  test('each model has its own calibration and thresholds', async () => {
    const a = await model('a', ['cat'], [[8, 8, 40, 40, 0.8]]);
    const b = await model(
      'b',
      ['cat'],
      [
        [50, 50, 60, 60, 0.6],
        [5, 50, 15, 60, 0.4],
      ],
    );
    const thresholds = {
      calibration: { shared: { kind: 'temperature', temperature: 2 } },
      scoreThreshold: 0.5,
    } as const;
    const half = 1 / (1 + Math.exp(-Math.log(0.6 / 0.4) / 2));
    expect(await found([a, { ...b, thresholds }])).toEqual([
      ['cat', 0.8, 8, 8, 40, 40],
      ['cat', Math.round(half * 1e4) / 1e4, 50, 50, 60, 60],
    ]);
  });

  test('labels that are wanted may be of one model only', async () => {
    const a = await model('a', ['cat', 'dog'], [CAT, [10, 42, 30, 60, 0, 0.6]]);
    const b = await model('b', ['bird', 'cat'], [[50, 50, 60, 60, 0.5, 0]]);
    expect(await found([a, b], { include: ['bird'] })).toEqual([['bird', 0.5, 50, 50, 60, 60]]);
    expect(await found([a, b], { labelThresholds: { bird: 0.6, dog: 0.7 } })).toEqual([['cat', 0.8, 8, 8, 40, 40]]);
  });

  test('with tiles and flips', async () => {
    const a = await model('a', ['cat'], [CAT]);
    const b = await model('b', ['cat'], [[8, 8, 40, 41, 0.9]]);
    const boxes = await found([a, b], { tiles: 40, augment: ['flip'] });
    expect(boxes.length).toBeGreaterThan(1);
  });
});

describe('refused', () => {
  const both = async (changes: Partial<GivenModel> = {}) => [
    await model('a', ['cat'], [[8, 8, 40, 40, 0.8]]),
    { ...(await model('b', ['cat'], [[8, 8, 40, 40, 0.8]])), ...changes },
  ];

  test.each<[string, () => Promise<DetectorOptions>, RegExp]>([
    [
      'no label that two models have',
      async () => ({ models: [await model('a', ['cat'], []), await model('c', ['kitten'], [])] }),
      /^model .*a\.onnx: expected labels of which another model has one, received "cat"\. A map \(--map\)/,
    ],
    ['one model', async () => ({ models: (await both()).slice(1) }), /expected options\.models to be 2 or more models/],
    ['a weight of 0', async () => ({ models: await both({ weight: 0 }) }), /options\.models\.1/],
    [
      'a weight of 0 behind a colon',
      async () => ({ models: (await both()).map(({ model }, i) => `${String(model)}:${1 - i}`) }),
      /^model .*b\.onnx: expected a positive weight behind the colon, received "?0"?\./,
    ],
    [
      'a model besides',
      async () => ({ model: 'x.onnx', models: await both() }),
      /^models: expected no model beside several models, received "x\.onnx"\./,
    ],
    [
      'more votes than models',
      async () => ({ models: await both(), minModels: 3 }),
      /^detect: expected options\.minModels up to 2, of so many models, received 3\./,
    ],
    [
      'votes of one model',
      async () => ({ minModels: 2 }),
      /^detect: expected no minModels beside one model, received 2\./,
    ],
    ['another’s label', async () => ({ models: await both(), include: ['dog'] }), /dog/],
  ])('%s', async (_, options, message) => {
    await expect(createDetector({ workers: 0, ...(await options()) })).rejects.toThrow(
      complaint('E_ARGUMENT', message),
    );
  });
});

/** Goldens of ensemble-boxes with several models: suppression fuses as `fuseBoxes` does. */
const ensembles = suppressionGoldens('suppression').filter(({ models }) => models !== undefined);

test.each(ensembles.map((golden) => [golden.name, golden] as const))('as ensemble-boxes: %s', (_, golden) => {
  const { boxes, scores, classIds, models = [], options, fused = [] } = golden as Required<SuppressionGolden>;
  const { method = 'wbf', weights = models.map(() => 1), scoreThreshold = 0, fusedScore = 'avg' } = options;
  if (options.allowOverflow === true) return; // an option of fuseBoxes alone
  const owners = models.flatMap((count, model) => Array.from({ length: count }, () => model));
  const used = [...scores.keys()].filter((i) => Math.fround(scores[i]!) >= scoreThreshold && scores[i]! > 0);
  const candidates = {
    rows: Uint32Array.from(used),
    classIds: Uint16Array.from(used, (i) => classIds[i]!),
    scores: Float32Array.from(used, (i) => scores[i]!),
    boxes: Float32Array.from(used.flatMap((i) => boxes[i]!)),
    models: Uint16Array.from(used, (i) => owners[i]!),
    space: 'image' as const,
  };
  const { iouThreshold = 0.55 } = options;
  const plan = planFor(1 + Math.max(...classIds), {
    ...{ suppression: method, iouThreshold, fusedScore },
    ...{ scoreThreshold: 0, maxDetections: 1e6 },
  });
  const kept = suppress(candidates, { ...plan, modelWeights: weights });
  expect(kept.keep.length).toBe(fused.length);
  const byFuseBoxes = fuseBoxes(
    models.map((_, model) => {
      const own = [...scores.keys()].filter((i) => owners[i] === model);
      return {
        boxes: Float32Array.from(own.flatMap((i) => boxes[i]!)),
        scores: Float32Array.from(own, (i) => scores[i]!),
        classIds: Uint16Array.from(own, (i) => classIds[i]!),
      };
    }),
    options,
  );
  for (const [i, [classId, score]] of fused.entries()) {
    expect(candidates.classIds[kept.keep[i]!]).toBe(classId);
    expect(Math.abs(kept.scores[i]! - score!)).toBeLessThan(1e-6); // float32
    for (let k = 4 * i; k < 4 * i + 4; k++) expect(kept.boxes[k]! / byFuseBoxes.boxes[k]!).toBeCloseTo(1, 5);
  }
});
