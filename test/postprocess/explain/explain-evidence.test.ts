import { describe, expect, test } from 'vitest';
import { explainCall } from '../../../src/detector/explain-call.js';
import type { ModelSpec } from '../../../src/identify/spec/model-spec.js';
import type { DetectOptions } from '../../../src/options/detect-options.js';
import { planOf } from '../../../src/options/plan.js';
import { gatherEvidence } from '../../../src/postprocess/explain/gather-evidence.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { inputSpec } from '../../support/input-spec.js';

const LABELS = ['car', 'truck', 'person'];

/** Logits by row, and boxes. */
const ROWS: [logits: number[], box: number[]][] = [
  [
    [2, -1, -4],
    [0, 0, 20, 20],
  ], // a car
  [
    [1, 0.5, -4],
    [1, 1, 21, 21],
  ], // the same once more, suppressed; its truck is not
  [
    [-4, -4, -0.5],
    [50, 50, 90, 90],
  ], // a person of 0.38
];

function explain(options: DetectOptions = {}, { at = null as [number, number] | null, more = {} as object } = {}) {
  const spec: ModelSpec = {
    name: 'made up',
    input: inputSpec({ width: 100, height: 100, fit: 'stretch' }),
    head: {
      family: 'boxes-scores',
      ...{ boxes: 'boxes', scores: 'scores', layout: 'rows', activation: 'sigmoid' },
      ...{ boxFormat: 'xyxy', boxUnit: 'input-pixels', suppress: true },
    },
    labels: LABELS,
    ...more,
  };
  const outputs = {
    boxes: { dims: [1, ROWS.length, 4], data: Float32Array.from(ROWS.flatMap(([, box]) => box)) },
    scores: { dims: [1, ROWS.length, 3], data: Float32Array.from(ROWS.flatMap(([logits]) => logits)) },
  };
  const { plan, explanationOf } = explainCall(
    spec,
    { scoreThreshold: 0.5, ...options },
    { at, planned: (given) => planOf(spec, given) },
  );
  return explanationOf(gatherEvidence(outputs, spec.head, { geometry: geometryOf(100, 100), plan: plan.plan, at }));
}

const outcomes = ({ scores }: { scores: { label: string; outcome: string }[] }) =>
  Object.fromEntries(scores.map(({ label, outcome }) => [label, outcome]));

describe('a region', () => {
  const { regions, misses, isSoftmax } = explain({ regionIou: 0.7 });

  test('has the scores of all classes, and what became of each', () => {
    expect(isSoftmax).toBe(false);
    expect(regions).toHaveLength(1);
    expect(regions[0]!.labels.map(({ label }) => label)).toEqual(['car', 'truck']);
    expect(outcomes(regions[0]!)).toEqual({ car: 'label', truck: 'label', person: 'under its threshold' });
  });

  test('each score with its logit, and with what softmax would have said', () => {
    const [car, truck] = regions[0]!.scores;
    expect(car!.logit).toBeCloseTo(2, 4);
    expect(car!.raw).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    expect(car!.softmax).toBeCloseTo(Math.exp(2) / (Math.exp(2) + Math.exp(-1) + Math.exp(-4)), 5);
    expect(car!.threshold).toBe(0.5);
    // The truck is of the second row, where the car scores less.
    expect(truck!.logit).toBeCloseTo(0.5, 4);
    expect(truck!.softmax).toBeCloseTo(Math.exp(0.5) / (Math.exp(1) + Math.exp(0.5) + Math.exp(-4)), 5);
  });

  test('what missed its threshold is among the near misses', () => {
    expect(misses.map(({ scores, box }) => [scores[0]!.label, scores[0]!.score.toFixed(2), box])).toEqual([
      ['person', '0.38', [50, 50, 90, 90]],
    ]);
    expect(outcomes(misses[0]!)).toMatchObject({ person: 'under its threshold' });
  });
});

test('what was suppressed is told with what suppressed it, and by how much', () => {
  const { regions } = explain({ exclude: ['truck'] });
  expect(regions[0]!.suppressed).toHaveLength(1);
  const [car, truck] = regions[0]!.suppressed[0]!.scores;
  expect(car).toMatchObject({ label: 'car', outcome: 'suppressed', by: { label: 'car', iouThreshold: 0.5 } });
  expect(car!.by!.overlap).toBeCloseTo(361 / (400 + 400 - 361), 6);
  expect(truck).toMatchObject({ label: 'truck', outcome: 'not wanted', threshold: null });
});

test('only the best label of a box', () => {
  const { regions } = explain({ labels: 'single', scoreThreshold: 0.25 });
  expect(outcomes(regions[0]!)).toMatchObject({ car: 'label', truck: 'not the best of its box' });
});

test('a limit of labels', () => {
  const { misses } = explain({ scoreThreshold: 0.3, maxDetections: 1 });
  expect(misses.map(outcomes)).toContainEqual(expect.objectContaining({ person: 'beyond a limit' }));
});

test('calibrated scores count; logits are the model’s own', () => {
  const calibration = { shared: { kind: 'temperature' as const, temperature: 2 } };
  const car = explain({ calibration }).regions[0]!.scores[0]!;
  expect(car.logit).toBeCloseTo(2, 4);
  expect(car.score).toBeCloseTo(1 / (1 + Math.exp(-1)), 5);
});

test('one place only', () => {
  const { regions, misses } = explain({}, { at: [60, 60] });
  expect(regions).toEqual([]);
  expect(misses.map(({ box }) => box)).toEqual([[50, 50, 90, 90]]);
  expect(explain({}, { at: [30, 30] })).toMatchObject({ regions: [], misses: [] });
});

test('what rules changed', () => {
  const rule = (text: string, when: string[], anyOf: string[]) => ({ rule: text, when, anyOf });
  const rules = {
    mode: 'repair',
    rules: [rule('car excludes truck', ['car', 'truck'], []), rule('car implies person', ['car'], ['person'])],
  };
  const { regions } = explain({ regionIou: 0.7, labelThresholds: { person: 0.1 } }, { more: { rules } });
  expect(outcomes(regions[0]!)).toEqual({ car: 'label', truck: 'dropped by a rule', person: 'added by a rule' });
  expect(regions[0]!.violated).toEqual(['car excludes truck', 'car implies person']);
});

test('tiles are refused', () => {
  expect(() => explain({ tiles: 50 } as DetectOptions)).toThrow(
    complaint('E_ARGUMENT', /^explain: expected one look by one model, received "?tiles/),
  );
});
