import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createDetector } from '../src/detector.js';
import type { ModelSpec } from '../src/identify/spec/model-spec.js';
import type { DetectOptions } from '../src/options/detect-options.js';
import type { RawPixels } from '../src/types/pictures.js';
import { complaint } from './support/complaint.js';
import { inputSpec } from './support/input-spec.js';
import { type ModelGiven, onnxModel } from './support/onnx.js';
import { temporaryFolder } from './support/temporary-folder.js';

const picture: RawPixels = { data: new Uint8Array(64 * 64 * 3).fill(99), width: 64, height: 64, channels: 3 };
const spec: ModelSpec = {
  name: 'test',
  input: inputSpec({ width: 64, height: 64 }),
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
  labels: ['cat', 'dog'],
};
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

async function detect(rows: number[][], changes: Partial<ModelGiven> = {}, options: DetectOptions = {}) {
  const file = join(await temporaryFolder(), 'model.onnx');
  const outputs = [{ name: 'out', dims: [1, rows.length, 6], values: rows.flat() }];
  await writeFile(file, onnxModel({ outputs, ...changes }));
  await using detector = await createDetector({ model: file, spec, workers: 0, ...options });
  const before = [...detector.warnings];
  const { detections } = await detector.detect(picture);
  await detector.detect(picture);
  return { detections, before, warnings: detector.warnings };
}

describe('numbers that are none never reach a result', () => {
  const good = [8, 8, 40, 40, 0.75, 0];
  const rows: [string, number[]][] = [
    ['NaN for a score', [8, 8, 40, 40, nan, 0]],
    ['infinity for a score', [8, 8, 40, 40, infinity, 0]],
    ['NaN for an edge', [nan, 8, 40, 40, 0.9, 0]],
    ['infinity for an edge', [8, 8, infinity, 40, 0.9, 0]],
    ['NaN all over', new Array(6).fill(nan)],
  ];

  test.each(rows)('%s: left out, and a warning', async (_, bad) => {
    const { detections, warnings } = await detect([bad, good]);
    const label = { label: 'cat', classId: 0, score: 0.75 };
    expect(detections).toEqual([{ box: [8, 8, 40, 40], ...label, labels: [label] }]);
    expect(warnings).toEqual([
      expect.stringMatching(/^Output "out" has NaN or infinity: boxes that depend on it are left out/),
    ]);
  });

  test('nothing but NaN: no detection, and a warning', async () => {
    const { detections, warnings } = await detect([new Array(6).fill(nan)]);
    expect(detections).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^Output "out" is nothing but NaN/)]);
  });

  test.each([
    ['some', [good, rows[1]![1]], /^Output "out" has NaN or infinity/],
    ['nothing else', [new Array(6).fill(nan)], /^Output "out" is nothing but NaN/],
    ['scores of 0', [[8, 8, 40, 40, 0, 0]], /^Every score of the model's first run is 0/],
  ] as const)('%s in tiles: a warning, told once', async (_, given, message) => {
    const { warnings } = await detect(given as never, {}, { tiles: 40 });
    expect(warnings).toEqual([expect.stringMatching(message)]);
  });

  test('in half precision', async () => {
    const outputs = [{ name: 'out', dims: [1, 2, 6], values: [...good, ...rows[1]![1]], type: 'float16' as const }];
    const { detections, warnings } = await detect([], { outputs });
    expect(detections).toHaveLength(1);
    expect(warnings).toHaveLength(1);
  });
});

describe('warnings of the first picture', () => {
  test('scores that are all 0, told once', async () => {
    const { before, warnings } = await detect([[8, 8, 40, 40, 0, 0]]);
    expect(before).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^Every score of the model's first run is 0/)]);
  });

  test.each([
    ['scores below the threshold', [[8, 8, 40, 40, 0.01, 0]]],
    ['scores above it', [[8, 8, 40, 40, 0.9, 0]]],
  ])('%s are no fault', async (_, rows) => {
    expect((await detect(rows)).warnings).toEqual([]);
  });
});

describe('several at one time, in one process', () => {
  const sample = (name: string) => fileURLToPath(new URL(`../samples/${name}.jpg`, import.meta.url));
  const images = ['street', 'crossing', 'table'].map(sample);

  test('give what they give one after the other, whatever thresholds and models', async () => {
    const file = join(await temporaryFolder(), 'model.onnx');
    await writeFile(file, onnxModel({ outputs: [{ name: 'out', dims: [1, 1, 6], values: [8, 8, 40, 40, 0.75, 0] }] }));
    await using builtin = await createDetector({ workers: 0 });
    await using other = await createDetector({ model: file, spec, workers: 0 });
    const jobs = [0.35, 0.001, 0].flatMap((scoreThreshold) =>
      images.flatMap((image) => [builtin, other].map((detector) => () => detector.detect(image, { scoreThreshold }))),
    );
    const alone = [];
    for (const job of jobs) alone.push(await job());
    expect(await Promise.all(jobs.map((job) => job()))).toEqual(alone);
    expect(new Set(alone.map(({ detections }) => JSON.stringify(detections))).size).toBeGreaterThan(6);
  });
});

test('a provider that is not to be had', async () => {
  const provider = process.platform === 'darwin' ? 'dml' : 'coreml';
  const message = new RegExp(`^provider ${provider}: cannot be used`);
  await expect(createDetector({ provider, workers: 0 })).rejects.toThrow(complaint('E_ARGUMENT', message));
});
