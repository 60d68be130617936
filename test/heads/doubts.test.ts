import { describe, expect, test } from 'vitest';
import { doubtsOf } from '../../src/heads/doubts.js';
import type { HeadSpec } from '../../src/heads/index.js';
import { complaint } from '../support/complaint.js';
import { geometryOf } from '../support/geometry.js';
import { tensor } from '../support/head.js';

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const dense: HeadSpec = {
  family: 'boxes-scores',
  boxes: 'boxes',
  scores: 'scores',
  layout: 'rows',
  activation: 'none',
  boxFormat: 'xyxy',
  boxUnit: 'input-pixels',
  suppress: true,
};
const finished: HeadSpec = {
  family: 'rows',
  output: 'scores',
  count: null,
  columns: { all: 6, box: 0, score: 4, class: 5 },
  boxFormat: 'xyxy',
  boxUnit: 'input-pixels',
};

const zero = /^Every score of the model's first run is 0: .* its head is not "boxes-scores"\. sigbox inspect /;
const some = /^Output "scores" has NaN or infinity: boxes that depend on it are left out\./;
const nothing = /^Output "scores" is nothing but NaN or infinity: nothing is found\./;

describe('two rows of two classes', () => {
  const rows: [string, number[], Partial<HeadSpec>, RegExp | null][] = [
    ['scores', [0, 0.5, 0, 0], {}, null],
    ['the least score there is', [0, 0, 0, 2 ** -149], {}, null],
    ['all 0', [0, 0, 0, 0], {}, zero],
    ['negative: no probabilities', [-3, -4, -5, -6], {}, zero],
    ['logits far down', [-90, -90, -90, -90], { activation: 'sigmoid' }, null],
    ['logits of −∞', new Array(4).fill(-infinity), { activation: 'sigmoid' }, zero],
    ['one is not a number', [0, nan, 0, 0.5], {}, some],
    ['one is infinite', [0, 0.5, infinity, 0], {}, some],
    ['not a number, all of them', [nan, nan, nan, nan], {}, nothing],
  ];

  test.each(rows)('%s', (_, scores, changes, doubt) => {
    const found = doubts({ ...dense, ...changes } as HeadSpec, [1, 2, 2], scores);
    expect(found).toEqual(doubt === null ? [] : [expect.stringMatching(doubt)]);
  });

  test('boxes that are not numbers', () => {
    const tensors = {
      boxes: { dims: [1, 2, 4], data: new Float32Array(8).fill(nan) },
      scores: tensor([1, 2, 2], [1, 1, 1, 1]),
    };
    expect(doubtsOf(tensors, dense, geometryOf(4, 4), 2)).toEqual([
      expect.stringMatching(/^Output "boxes" is nothing but NaN/),
    ]);
  });

  test('an output that the head does not read may hold anything', () => {
    const tensors = { ...outputs([1, 2, 2], [0, 1, 0, 1]), other: tensor([1], [nan]) };
    expect(doubtsOf(tensors, dense, geometryOf(4, 4), 2)).toEqual([]);
  });

  test('candidates that were found already are no doubt', () => {
    expect(doubtsOf(outputs([1, 2, 2], [0, 0, 0, 0]), dense, geometryOf(4, 4), 2, 1)).toEqual([]);
  });
});

test('no rows at all', () => {
  expect(doubts(dense, [1, 0, 2], [])).toEqual(['Output "boxes" of the model is empty: nothing is found.']);
});

describe('where the graph leaves out what it is not sure of', () => {
  test.each([
    ['no rows', [0, 6], []],
    ['padding', [1, 6], [0, 0, 0, 0, 0, 0]],
  ])('%s is no doubt', (_, dims, values) => {
    expect(doubts(finished, dims, values)).toEqual([]);
  });

  test('NaN is one', () => {
    expect(doubts(finished, [1, 6], [0, 0, 1, 1, nan, 0])).toEqual([expect.stringMatching(some)]);
  });
});

test('outputs of another head', () => {
  const message = /^output "scores": expected dims \[1, n, 2\]/;
  expect(() => doubts(dense, [1, 4, 3], new Array(12).fill(0))).toThrow(complaint('E_MODEL', message));
});

function doubts(head: HeadSpec, dims: number[], values: number[]) {
  return doubtsOf(outputs(dims, values), head, geometryOf(4, 4), 2);
}

function outputs(dims: number[], values: number[]) {
  const rows = dims.at(-2)!;
  return { boxes: tensor([1, rows, 4], new Array(rows * 4).fill(1)), scores: tensor(dims, values) };
}
