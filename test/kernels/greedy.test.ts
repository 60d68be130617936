import { expect, test } from 'vitest';
import { orderByScore } from '../../src/kernels/greedy.js';
import { randomNumbers } from '../support/random.js';

test.each([
  ['nothing', [], []],
  ['one', [0.5], [0]],
  ['ties keep their order', [0.5, 0.75, 0.5, 0.75], [1, 3, 0, 2]],
  ['zero has no sign', [-0, 0, -0], [0, 1, 2]],
  ['negative', [-2, -1, 0, 1e-45, -1e-45, -Infinity, Infinity], [6, 3, 2, 4, 1, 0, 5]],
])('orderByScore: %s', (_, scores, order) => {
  expect([...orderByScore(Float32Array.from(scores))]).toEqual(order);
});

test.each([47, 48, 49, 5000])('orderByScore: as sort, %s scores with ties', (length) => {
  const random = randomNumbers(length);
  const scores = Float32Array.from({ length }, () => Math.round(100 * random() ** 3) / 100);
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  expect([...orderByScore(scores)]).toEqual(order);
});
