import { expect, test } from 'vitest';
import { sigmoid } from '../../../src/kernels/maths/activation.js';
import { kernelMemory } from '../../../src/kernels/memory.js';
import { float32Beside } from '../../support/float32.js';
import { randomNumbers } from '../../support/random.js';

const special = [
  0,
  -0,
  Number.NaN,
  Infinity,
  -Infinity,
  1e-45,
  -1e-45,
  3e38,
  -3e38,
  16.5,
  17.4,
  -18,
  -87,
  -104,
  -745,
  745,
];

test.each([
  ['none', 0],
  ['few', special.length],
  ['many, an odd number', 100_001],
])('the same bits as sigmoid: %s', (_, length) => {
  const random = randomNumbers(length);
  const any = new Float32Array(Uint32Array.from({ length }, () => 2 ** 32 * random()).buffer); // floats of all sizes
  const logits = any.map((value, i) => special[i] ?? (i % 2 ? value : 240 * random() - 120));
  const expected = logits.map(sigmoid);
  const memory = kernelMemory();
  const start = memory.put(logits);
  memory.kernels.sigmoids(start, length);
  expect(memory.copyU32(start, length)).toEqual(new Uint32Array(expected.buffer));
});

test('no float32 lies so between two multiples of ln 2 that it would matter how halves are rounded', () => {
  for (let k = -175; k < 175; k++) {
    const near = Math.fround((k + 0.5) * Math.LN2);
    for (const x of [float32Beside(near, -1), near, float32Beside(near, 1)]) expect(x / Math.LN2).not.toBe(k + 0.5);
  }
});
