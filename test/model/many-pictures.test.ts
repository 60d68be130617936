import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeOnnx } from '../../scripts/model/onnx-writer.js';
import type { Feeds } from '../../src/model/feeds.js';
import { openSession } from '../../src/model/session.js';
import { inputSpec } from '../support/input-spec.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { castModel } from './small-model.js';

const LENGTH = 24;
const picture = (value: number): Feeds => {
  const data = new Float32Array(LENGTH).fill(value);
  return { images: { type: 'float32', dims: [1, 3, 2, 4], data } };
};

async function open(model: Buffer, batch?: number) {
  const file = join(await temporaryFolder(), 'model.onnx');
  await writeFile(file, model);
  const input = inputSpec({ name: 'images', width: 4, height: 2, ...(batch !== undefined && { batch }) });
  const session = await openSession(file, { input, outputs: ['same'], threads: 1 });
  onTestFinished(() => session.close());
  return session;
}

/** Gives, beside the input, how many pictures the run had: [pictures, 1] */
function countingModel(dim: number | string): Buffer {
  const onnx = writeOnnx({
    name: 'counting',
    nodes: [{ opType: 'ReduceSum', name: 'sum', inputs: ['images'], outputs: ['same'], attributes: { keepdims: 1 } }],
    initializers: [],
    inputs: [{ name: 'images', dims: [dim, 3, 2, 4], type: 1 }],
    outputs: [{ name: 'same', dims: [1, 1, 1, 1], type: 1 }],
    metadata: {},
  });
  return Buffer.from(onnx);
}

test.each([
  ['one picture', 1, undefined, 1],
  ['three', 3, 3, 3],
  ['any number', 'batch', undefined, 4],
] as const)('a model that takes %s: each picture has its own outputs', async (_, dim, batch, most) => {
  const session = await open(castModel('float32', 'float32', [dim, 3, 2, 4]), batch);
  using turn = await session.turn();
  expect(turn.batch).toBe(most);
  const outputs = await turn.runEach([1, 2, 3, 4, 5].map(picture));
  expect(outputs.map(({ same }) => [same.dims, [...new Set(same.data)]])).toEqual(
    [1, 2, 3, 4, 5].map((value) => [[1, 3, 2, 4], [value]]),
  );
});

test('outputs that mix all pictures: the model is given one at a time from then on', async () => {
  const session = await open(countingModel('batch'));
  {
    using turn = await session.turn();
    expect(turn.batch).toBe(4);
    const outputs = await turn.runEach([1, 2].map(picture));
    expect(outputs.map(({ same }) => [...same.data])).toEqual([[LENGTH], [2 * LENGTH]]);
  }
  using next = await session.turn();
  expect(next.batch).toBe(1);
});
