import { expect, test, vi } from 'vitest';
import { KernelMemory } from '../../../src/kernels/memory.js';
import { allocateFloat32, postprocess } from '../../../src/postprocess/index.js';
import { complaint } from '../../support/complaint.js';
import { randomNumbers } from '../../support/random.js';

test('an output in memory of the kernels gives what it gives elsewhere, again and again', () => {
  const head = {
    family: 'yolo',
    output: 'out',
    layout: 'columns',
    objectness: false,
    activation: 'sigmoid',
    boxFormat: 'cxcywh',
    boxUnit: 'input-pixels',
    suppress: true,
  } as const;
  const spec = { head, labels: ['cat', 'dog'], input: { width: 64, height: 64, fit: 'stretch' as const } };
  const [rows, image] = [200, { width: 64, height: 64 }];
  const held = allocateFloat32(6 * rows);
  expect([...held].every((value) => value === 0)).toBe(true);
  for (const seed of [1, 2, 3]) {
    const random = randomNumbers(seed);
    const data = Float32Array.from({ length: 6 * rows }, (_, i) =>
      i < 4 * rows ? 10 + 20 * random() : 6 * random() - 5,
    );
    held.set(data);
    const [there, here] = [data, held].map((each) =>
      postprocess({ out: { dims: [1, 6, rows], data: each } }, spec, { image, scoreThreshold: 0.2 }),
    );
    expect(here).toEqual(there);
    expect(here!.detections.length).toBeGreaterThan(3);
    expect(held).toEqual(data);
  }
});

test('an array of nothing', () => {
  expect(allocateFloat32(0)).toEqual(new Float32Array(0));
});

test.each([-1, 1.5, '4', Number.NaN, undefined, null, 2 ** 31, 2 ** 30, Infinity])(
  'refuses a length of %s',
  (length) => {
    const message =
      /^allocateFloat32: expected length to be a whole number from 0 to 1071644672, received ("4"|[^"]+)\.$/;
    expect(() => allocateFloat32(length as number)).toThrow(complaint('E_ARGUMENT', message));
  },
);

test('refuses a length that no memory is left for', () => {
  const hold = vi.spyOn(KernelMemory.prototype, 'hold').mockImplementation(() => {
    throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
  });
  const message = /^allocateFloat32: expected length to be one that there is memory for, received 5000000\.$/;
  expect(() => allocateFloat32(5_000_000)).toThrow(complaint('E_ARGUMENT', message));
  hold.mockRestore();
});
