import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type HeadSpec, headOf } from '../../src/heads/index.js';
import { selectClasses } from '../../src/heads/selection.js';
import { suppress } from '../../src/postprocess/suppress/suppress.js';
import type { Tensors } from '../../src/types/model.js';
import type { Geometry } from '../../src/types/pictures.js';
import { geometryOf } from './geometry.js';
import { tensor } from './head.js';
import type { OutputGiven } from './onnx.js';
import { planFor } from './plan.js';

/** Raw outputs of a detector, and what its own post-processing makes of them; test/fixtures/make says how it was made. */
export interface Golden {
  name: string;
  /** Width and height, pixels; the image is stretched into the input. */
  input: [number, number];
  image: [number, number];
  space: 'input' | 'image';
  scoreThreshold: number;
  iouThreshold: number;
  /** Only the best class of each row counts. */
  single?: boolean;
  /** Of the file that gave the outputs. */
  metadata?: Record<string, string>;
  outputs: Record<string, { dims: number[]; data: number[]; declared?: (number | string)[] }>;
  /** Best first: class, score, and box in pixels of `space`. */
  detections: [classId: number, score: number, x1: number, y1: number, x2: number, y2: number][];
}

export function readGolden(file: string): Golden[] {
  const url = new URL(`../fixtures/goldens/${file}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { cases: Golden[] }).cases;
}

export function goldenOf(file: string, name: string): Golden {
  return readGolden(file).find((golden) => golden.name === name)!;
}

export function tensorsOf({ outputs }: Golden): Tensors {
  return Object.fromEntries(Object.entries(outputs).map(([name, { dims, data }]) => [name, tensor(dims, data)]));
}

/** For a model that gives these outputs, whatever it is fed. */
export function outputsOf({ outputs }: Golden, changes: Record<string, Partial<OutputGiven>> = {}): OutputGiven[] {
  return Object.entries(outputs).map(([name, { data, ...output }]) => ({
    name,
    ...output,
    values: data,
    ...changes[name],
  }));
}

/** Asserts that a head makes of the golden's outputs what the family's own post-processing makes of them. */
export function expectGolden(golden: Golden, spec: HeadSpec, classes: number, background?: 'first' | 'last'): void {
  const [width, height] = golden.input;
  const [imageWidth, imageHeight] = golden.image;
  const geometry: Geometry = geometryOf(width, height, { imageWidth, imageHeight });
  const labelled = Uint16Array.from({ length: classes }, (_, i) => i).slice(
    background === 'first' ? 1 : 0,
    background === 'last' ? -1 : undefined,
  );
  const scoreThresholds = new Float64Array(classes).fill(Number.NaN);
  for (const classId of labelled) scoreThresholds[classId] = golden.scoreThreshold;
  const selection = selectClasses({ scoreThresholds, labelled, single: golden.single ?? false });
  const head = headOf(spec);
  const found = head.candidates(tensorsOf(golden), spec, geometry, selection);
  expect(found.space).toBe(golden.space);
  const suppression = head.needsSuppression(spec) ? 'nms' : 'none';
  const plan = planFor(classes, { iouThreshold: golden.iouThreshold, maxDetections: 1000, suppression });
  const { keep: kept } = suppress(found, plan);
  expect(kept).toHaveLength(golden.detections.length);
  for (const [i, [classId, score, ...box]] of golden.detections.entries()) {
    const candidate = kept[i];
    expect(found.classIds[candidate], `class of detection ${i}`).toBe(classId);
    expectWithin(found.scores[candidate], score, 1e-6, `score of detection ${i}`); // float32's last bit but a few
    for (const [k, side] of box.entries()) {
      expectWithin(found.boxes[4 * candidate + k], side, 1e-3, `side ${k} of detection ${i}`); // pixels
    }
  }
}

function expectWithin(received: number, expected: number, tolerance: number, what: string): void {
  const difference = Math.abs(received - expected);
  expect(difference, `${what}: received ${received}, expected ${expected}`).toBeLessThanOrEqual(tolerance);
}
