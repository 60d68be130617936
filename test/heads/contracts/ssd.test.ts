import { describe, expect, test } from 'vitest';
import type { SsdHeadSpec } from '../../../src/heads/contracts/ssd.js';
import { headOf } from '../../../src/heads/index.js';
import { type ClassChoice, selectClasses } from '../../../src/heads/selection.js';
import type { Tensor, Tensors } from '../../../src/types/model.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';

const geometry = geometryOf(200, 100);
const spec: SsdHeadSpec = {
  family: 'ssd',
  scores: 'logits',
  boxes: 'encodings',
  anchors: 'anchors',
  activation: 'none',
  boxScales: [10, 20, 5, 4],
};
const ssd = headOf(spec);

/** y1, x1, y2, x2: 20 pixels high from row 40 on, 100 wide from column 50 on. */
const anchor = [0.4, 0.25, 0.6, 0.75];
/** The two classes behind the background. */
const both = { scoreThresholds: Float64Array.of(Number.NaN, 0.5, 0.5), labelled: Uint16Array.of(1, 2), single: false };

describe('boxes', () => {
  const rows: [string, { encoding: number[]; anchor?: number[]; box: number[] }][] = [
    ['no offset: the anchor', { encoding: [0, 0, 0, 0], box: [50, 40, 150, 60] }],
    ['ty moves by anchor heights', { encoding: [10, 0, 0, 0], box: [50, 60, 150, 80] }],
    ['tx moves by anchor widths', { encoding: [0, -10, 0, 0], box: [0, 40, 100, 60] }],
    ['th is the logarithm of a factor', { encoding: [0, 0, 5 * Math.log(2), 0], box: [50, 30, 150, 70] }],
    ['tw as well', { encoding: [0, 0, 0, 4 * Math.log(0.5)], box: [75, 40, 125, 60] }],
    ['all at once', { encoding: [10, -10, 5 * Math.log(2), 4 * Math.log(0.5)], box: [25, 50, 75, 90] }],
    ['past the edges: not clipped', { encoding: [-50, 40, 0, 0], box: [250, -60, 350, -40] }],
    ['an anchor without area', { encoding: [9, 9, 9, 9], anchor: [0.5, 0.5, 0.5, 0.5], box: [100, 50, 100, 50] }],
    ['not a number', { encoding: [0, Number.NaN, 0, 0], box: [Number.NaN, 40, Number.NaN, 60] }],
  ];

  describe.each(rows)('%s', (_, { encoding, anchor: own = anchor, box }) => {
    test.each([
      ['[1, n, 4]', [1, 3, 4]],
      ['[1, n, 1, 4]', [1, 3, 1, 4]],
    ])('encodings as %s', (__, dims) => {
      const outputs = {
        logits: tensor([1, 3, 3], [0, 0, 0, 0, 0.75, 0.25, 0, 0, 0]), // row 1 it is
        encodings: tensor(dims, [1, 2, 3, 4, ...encoding, 5, 6, 7, 8]),
        anchors: tensor([1, 3, 4], [0, 0, 1, 1, ...own, 0, 0, 1, 1]),
      };
      const { rows: found, boxes } = candidates(outputs);
      expect([...found]).toEqual([1]);
      // Coordinates below 512 come from fractions stored as float32, about 2^-24 of the input each.
      for (const [i, expected] of box.entries()) expectAt(boxes, i, expected, 1e-4);
    });
  });
});

describe('scores', () => {
  const ln3 = Math.log(3);
  const rows: [string, { activation: SsdHeadSpec['activation']; raw: number[]; scores: number[]; single: number[] }][] =
    [
      ['none: scores as they are', { activation: 'none', raw: [0.9, 0.75, 0.5], scores: [0.75, 0.5], single: [0.75] }],
      [
        'sigmoid: each class for itself',
        { activation: 'sigmoid', raw: [9, ln3, 0], scores: [0.75, 0.5], single: [0.75] },
      ],
      ['softmax: background takes its share', { activation: 'softmax', raw: [ln3, ln3, 0], scores: [], single: [] }],
      ['softmax: the rest', { activation: 'softmax', raw: [0, Math.log(6), 0], scores: [0.75], single: [0.75] }],
      ['not a number', { activation: 'sigmoid', raw: [0, Number.NaN, 0], scores: [0.5], single: [0.5] }],
    ];

  describe.each(rows)('%s', (_, { activation, raw, ...expected }) => {
    test.each([false, true])('single: %s', (single) => {
      const found = candidates(outputsOf(raw), { ...spec, activation }, { ...both, single });
      const scores = single ? expected.single : expected.scores;
      expect(found.scores).toHaveLength(scores.length);
      // log and exp in double precision, stored as float32.
      for (const [i, score] of scores.entries()) expectAt(found.scores, i, score, 1e-7);
    });
  });

  test('a score threshold is met by the logit that gives it, and by none below', () => {
    const sigmoid = { ...spec, activation: 'sigmoid' } as const;
    const selection = { ...both, scoreThresholds: Float64Array.of(Number.NaN, 0.5, 0.75) };
    const logits = [0, -1e-7, 1.0986, 0, 0, 1.0987]; // ln 3 = 1.09861…
    const { rows: found, classIds } = candidates(outputsOf(logits), sigmoid, selection);
    expect([...found]).toEqual([1, 1]);
    expect([...classIds]).toEqual([1, 2]);
  });

  test('threshold 0 takes every labelled class', () => {
    const selection = { ...both, scoreThresholds: new Float64Array(3) };
    const outputs = outputsOf([5, -1000, Number.NEGATIVE_INFINITY]);
    const { classIds, scores } = candidates(outputs, { ...spec, activation: 'sigmoid' }, selection);
    expect([...classIds]).toEqual([1, 2]);
    expect([...scores]).toEqual([0, 0]);
  });
});

test('a row stands once per class; rows ascend', () => {
  const { rows, classIds, boxes } = candidates(outputsOf([0, 0.9, 0.8, 0, 0, 0, 0, 0, 0.7]));
  expect([...rows]).toEqual([0, 0, 2]);
  expect([...classIds]).toEqual([1, 2, 2]);
  expect(boxes).toHaveLength(12);
  expect(boxes.slice(0, 4)).toEqual(boxes.slice(4, 8));
});

test.each([
  ['no rows', []],
  ['nothing over its threshold', [1, 0.25, 0.25]],
])('%s', (_, raw) => {
  const { rows, classIds, scores, boxes } = candidates(outputsOf(raw));
  expect([rows.length, classIds.length, scores.length, boxes.length]).toEqual([0, 0, 0, 0]);
});

test('names its outputs in the order scores, boxes, anchors', () => {
  expect(ssd.outputs(spec)).toEqual(['logits', 'encodings', 'anchors']);
});

describe('outputs that do not fit the spec', () => {
  const two = outputsOf([0, 0, 0, 0, 0, 0]);
  const rows: [string, Tensors, RegExp][] = [
    [
      'one is missing',
      { logits: two.logits, encodings: two.encodings },
      /^output "anchors": expected an output of the model, received "logits, encodings"\. Correct the head in the spec\.$/,
    ],
    [
      'another number of classes',
      { ...two, logits: tensor([1, 3, 2], new Array(6).fill(0)) },
      /^output "logits": expected dims \[1, n, 3\], received "\[1, 3, 2\]"\. The spec \(labels, head\) must belong to this model\.$/,
    ],
    ['classes before rows', { ...two, logits: tensor([1, 3, 2], []) }, /^output "logits": expected dims \[1, n, 3\]/],
    ['a batch', { ...two, logits: tensor([2, 1, 3], new Array(6).fill(0)) }, /received "\[2, 1, 3\]"/],
    ['too few dims', { ...two, logits: tensor([2, 3], new Array(6).fill(0)) }, /received "\[2, 3\]"/],
    [
      'anchors of three numbers',
      { ...two, anchors: tensor([1, 2, 3], []) },
      /^output "anchors": expected dims \[1, n, 4\]/,
    ],
    [
      'more encodings than anchors',
      { ...two, encodings: tensor([1, 3, 4], new Array(12).fill(0)) },
      /^output "logits": expected dims \[1, 3, n\], received "\[1, 2, 3\]"/,
    ],
    [
      'encodings per class',
      { ...two, encodings: tensor([1, 2, 3, 4], new Array(24).fill(0)) },
      /^output "encodings": expected dims \[1, n, 4\], received "\[1, 2, 3, 4\]"/,
    ],
    [
      'more scores than anchors',
      { ...two, logits: tensor([1, 3, 3], new Array(9).fill(0)) },
      /^output "logits": expected dims \[1, 2, n\], received "\[1, 3, 3\]"/,
    ],
  ];

  test.each(rows)('%s', (_, outputs, message) => {
    expect(() => candidates(outputs)).toThrow(complaint('E_MODEL', message));
  });
});

function candidates(outputs: Tensors, head = spec, choice: ClassChoice = both) {
  return ssd.candidates(outputs, head, geometry, selectClasses(choice));
}

/** Raw scores of background and two classes; every box is the anchor. */
function outputsOf(raw: number[]) {
  const n = raw.length / 3;
  return {
    logits: tensor([1, n, 3], raw),
    encodings: tensor([1, n, 4], new Array(4 * n).fill(0)),
    anchors: tensor([1, n, 4], Array.from({ length: n }, () => anchor).flat()),
  };
}

function tensor(dims: number[], values: number[]): Tensor {
  return { dims, data: Float32Array.from(values) };
}

function expectAt(values: Float32Array, i: number, expected: number, tolerance: number): void {
  if (Number.isNaN(expected)) expect(values[i], `[${i}]`).toBeNaN();
  else
    expect(Math.abs(values[i] - expected), `[${i}]: received ${values[i]}, expected ${expected}`).toBeLessThan(
      tolerance,
    );
}
