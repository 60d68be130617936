import { describe, expect, test } from 'vitest';
import { orderBy, orderByScore, rowNumbers } from '../../../src/evaluate/matching/orders.js';
import { randomNumbers } from '../../support/random.js';

describe('by score', () => {
  test.each([
    ['nothing', [], []],
    ['one', [0.5], [0]],
    ['equal scores stay in their order', [0.5, 0.7, 0.5, 0.7], [1, 3, 0, 2]],
    ['−0 and 0 are equal', [0, -0, 0], [0, 1, 2]],
    ['negative ones last', [-1, 0.1, -2, 0], [1, 3, 0, 2]],
    ['infinite ones', [0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], [2, 0, 1]],
    ['one bit apart', [0.1, 0.1 + 2 ** -56, 0.1], [1, 0, 2]],
    ['denormal ones', [0, Number.MIN_VALUE, 2 * Number.MIN_VALUE], [2, 1, 0]],
  ])('%s', (_, scores, rows) => {
    expect([...orderByScore(rowNumbers(scores.length), Float64Array.from(scores))]).toEqual(rows);
  });

  test('many: as a stable sort has them', () => {
    const random = randomNumbers(7);
    const scores = Float64Array.from({ length: 5000 }, (_, i) =>
      i % 3 === 0 ? Math.round(random() * 50) / 50 : random(),
    );
    const expected = Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a]);
    expect([...orderByScore(rowNumbers(5000), scores)]).toEqual(expected);
  });
});

test('by a whole number: ascending, equal ones in the order given', () => {
  const keys = Uint32Array.of(5, 2 ** 32 - 1, 5, 3_000_000);
  expect([...orderBy(Uint32Array.of(3, 2, 1, 0), keys)]).toEqual([2, 0, 3, 1]);
});

test('the rows given are not changed', () => {
  const rows = rowNumbers(3);
  orderBy(rows, Uint32Array.of(7_000_000, 1, 3000));
  expect([...rows]).toEqual([0, 1, 2]);
});
