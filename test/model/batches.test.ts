import { expect, test } from 'vitest';
import { joinFeeds, sliceOutputs } from '../../src/model/batches.js';
import { tensor } from '../support/head.js';

const feeds = (...values: number[]) => ({
  images: { type: 'float32' as const, dims: [1, values.length], data: Float32Array.from(values) },
});

test('the last picture fills the rest of a batch', () => {
  const joined = joinFeeds([feeds(1, 2), feeds(3, 4)], 4);
  expect(joined.images).toEqual({ type: 'float32', dims: [4, 2], data: Float32Array.of(1, 2, 3, 4, 3, 4, 3, 4) });
});

test('outputs of one picture; what has no batch is all of theirs', () => {
  const outputs = { boxes: tensor([2, 3], [1, 2, 3, 4, 5, 6]), anchors: tensor([3], [7, 8, 9]) };
  expect(sliceOutputs(outputs, 1, 2)).toEqual({ boxes: tensor([1, 3], [4, 5, 6]), anchors: tensor([3], [7, 8, 9]) });
});
