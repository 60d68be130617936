import { expect, test } from 'vitest';
import { softmax } from '../../../src/postprocess/index.js';
import { complaint } from '../../support/complaint.js';

const logits = [0, 0, 3, 3];

test.each<[string, ArrayLike<number>, number | undefined, number[]]>([
  ['rows', Float32Array.from(logits), 2, [0.5, 0.5, 0.5, 0.5]],
  ['all are one row', Float32Array.of(2, 2, 2, 2), undefined, [0.25, 0.25, 0.25, 0.25]],
  ['double precision', Float64Array.from(logits), 2, [0.5, 0.5, 0.5, 0.5]],
  ['a plain array', logits, 1, [1, 1, 1, 1]],
  ['no rows', [], 3, []],
  ['nothing at all', [], undefined, []],
])('%s', (_, given, classes, scores) => {
  expect(softmax(given, classes)).toEqual(Float32Array.from(scores));
});

test.each<[string, unknown, unknown, RegExp]>([
  ['no classes', logits, 0, /^softmax: expected classes to be a positive integer, received 0\.$/],
  ['fewer than none', logits, -1, /expected classes to be a positive integer, received -1\.$/],
  ['half a class', logits, 1.5, /expected classes to be a positive integer, received 1\.5\.$/],
  ['a text', logits, '2', /expected classes to be a positive integer, received "2"\.$/],
  ['a row that is not full', logits, 3, /^softmax: expected logits in rows of 3, received "4 numbers"\.$/],
  ['no logits', undefined, 2, /^softmax: expected logits to be an array of numbers, received undefined\.$/],
])('%s: refused', (_, given, classes, message) => {
  expect(() => softmax(given as number[], classes as number)).toThrow(complaint('E_ARGUMENT', message));
});
