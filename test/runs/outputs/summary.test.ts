import { expect, test } from 'vitest';
import { countedFrom, Tally } from '../../../src/runs/outputs/summary.js';
import { summaryText } from '../../../src/runs/outputs/summary-text.js';
import { resultOf } from '../../formats/results.js';

const results = [
  resultOf('a.jpg', [
    [0, 0, 9, 9],
    [1, 0.5],
  ]),
  resultOf('b.jpg', [
    [0, 0, 9, 9],
    [2, 0.1],
  ]),
];
const told = { failures: [], rules: [], notBegun: 0, otherFiles: 0, done: 0, seconds: 0 };

test.each([
  ['of a run for evaluation counts from the usual score on, and says so', 0.001, 0.35, 1],
  ['of another run counts from its own thresholds', 0.05, undefined, 0],
])('a summary %s', (_, scoreThreshold, from, empty) => {
  expect(countedFrom({ scoreThreshold })).toBe(from);
  const tally = new Tally(from);
  for (const result of results) tally.add(result);
  expect(tally).toMatchObject({ images: 2, empty });
  const { images, labels, damaged } = tally;
  const text = summaryText('out', { images, empty, damaged, labels, countedFrom: from, ...told });
  expect(text.includes('Counted from score 0.35 on')).toBe(from !== undefined);
  expect(text.includes('truck') || text.includes('car')).toBe(from === undefined);
});
