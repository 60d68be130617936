/**
 * What it costs to bring a model's output to the kernels: written there by onnxruntime, as a session does it, or made anew
 * by onnxruntime and copied. The model does nothing but change a sign, so that its own time is small.
 *
 *     npm run bench -- zero-copy
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { writeOnnx } from '../models/build/onnx-writer.js';
import { memory } from './built.js';
import { elapsed, interleave, printTable, timing } from './measure.js';

const ROUNDS = 31;
const SHAPES = [
  [1, 84, 8400],
  [1, 25200, 85],
  [1, 1207, 8400],
];
let sum = 0;

for (const dims of SHAPES) {
  const session = await InferenceSession.create(modelOf(dims), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const length = dims.reduce((product, dim) => product * dim, 1);
  const input = memory.allocateFloat32(length).fill(1);
  const held = memory.allocateFloat32(length);
  const feeds = { given: new Tensor('float32', input, dims) };
  const fetches = { changed: new Tensor('float32', held, dims) };
  const samples = await interleave(
    {
      'new, then copied': () =>
        elapsed(async () => {
          const { changed } = await session.run(feeds);
          held.set(changed!.data as Float32Array);
          sum += held[length - 1]!;
        }),
      'new, not copied': () =>
        elapsed(async () => {
          const { changed } = await session.run(feeds);
          sum += (changed!.data as Float32Array)[length - 1]!;
        }),
      'into kernel memory': () =>
        elapsed(async () => {
          await session.run(feeds, fetches);
          sum += held[length - 1]!;
        }),
    },
    { rounds: ROUNDS, warmUp: 3 },
  );
  const rows = Object.entries(samples).map(([output, found]) => ({ output, ...timing(found, 2) }));
  printTable(`[${dims.slice(1).join(', ')}], ${((4 * length) / 1e6).toFixed(1)} MB: ms of a run`, rows);
  await session.release();
}
console.log(`\nsum of results: ${sum}`);

function modelOf(dims: number[]): Uint8Array {
  return writeOnnx({
    name: 'sign',
    nodes: [{ opType: 'Neg', name: 'neg', inputs: ['given'], outputs: ['changed'] }],
    initializers: [],
    inputs: [{ name: 'given', dims }],
    outputs: [{ name: 'changed', dims }],
    metadata: {},
  });
}
