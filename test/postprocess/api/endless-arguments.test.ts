import { expect, test } from 'vitest';
import { iou, logit, softmax } from '../../../src/postprocess/index.js';

// Arguments that once kept a call from ever returning.

test.each([null, undefined, '0.5', true, Number.NaN, -1, 2])('logit(%o) is NaN', (score) => {
  expect(logit(score as number)).toBeNaN();
});

test('softmax of rows that would not fit into memory', () => {
  expect(softmax(new Float32Array(0), 2 ** 32)).toEqual(new Float32Array(0));
  expect(() => softmax(new Float32Array(4), 2 ** 32)).toThrow(/expected logits in rows of 4294967296/);
});

test('iou with an object in the place of a number', () => {
  expect(iou([0, 0, 1, 1], [0, 0, 1, 1], { length: 1e12 } as never)).toBe(0);
});
