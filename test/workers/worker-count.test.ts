import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { workerCount } from '../../src/workers/worker-count.js';
import { complaint } from '../support/complaint.js';

test.each([
  [undefined, 'cpu', availableParallelism()],
  [undefined, 'cuda', 1],
  [3, 'cpu', 3],
  [0, 'cpu', 0],
])('on Node: %s on %s gives %i', (given, provider, workers) => {
  expect(workerCount(given, provider, { node: '24.0.0' })).toEqual({ workers, warnings: [] });
});

test.each([
  ['Bun', { node: '24.3.0', bun: '1.3.0' }],
  ['Deno', { node: '24.3.0', deno: '2.5.0' }],
])('on %s: none, which a warning says unless it was asked for; others are refused', (runtime, versions) => {
  expect(workerCount(0, 'cpu', versions)).toEqual({ workers: 0, warnings: [] });
  const { workers, warnings } = workerCount(undefined, 'cpu', versions);
  expect(workers).toBe(0);
  expect(warnings).toEqual([expect.stringContaining(`on ${runtime} inference runs in this process`)]);
  const message = new RegExp(`expected options\\.workers to be 0 on ${runtime}.*, received 2\\. Use workers: 0`);
  expect(() => workerCount(2, 'cpu', versions)).toThrow(complaint('E_ARGUMENT', message));
});
