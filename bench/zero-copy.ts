/**
 * What it costs to bring a model's output to the kernels: written there by onnxruntime, as a session does it, or made anew
 * by onnxruntime and copied. The model does nothing but change a sign, so that its own time is small. Then, of the built-in
 * model and of those that are named, where each output lies when its head reads it.
 *
 *     npm run bench -- zero-copy
 *     tsx bench/zero-copy.ts [model.onnx …]
 */
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { writeOnnx } from '../scripts/model/onnx-writer.js';
import { decode, detector, feeds, heads, memory, session } from './built.js';
import { elapsed, interleave, printTable, timing } from './measure.js';

const ROUNDS = 31;
const SHAPES = [
  [1, 84, 8400],
  [1, 25200, 85],
  [1, 1207, 8400],
];
let sum = 0;

for (const dims of SHAPES) {
  const signs = await InferenceSession.create(modelOf(dims), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const length = dims.reduce((product, dim) => product * dim, 1);
  const input = memory.allocateFloat32(length).fill(1);
  const held = memory.allocateFloat32(length);
  const given = { given: new Tensor('float32', input, dims) };
  const fetches = { changed: new Tensor('float32', held, dims) };
  const samples = await interleave(
    {
      'new, then copied': () =>
        elapsed(async () => {
          const { changed } = await signs.run(given);
          held.set(changed!.data as Float32Array);
          sum += held[length - 1]!;
        }),
      'new, not copied': () =>
        elapsed(async () => {
          const { changed } = await signs.run(given);
          sum += (changed!.data as Float32Array)[length - 1]!;
        }),
      'into kernel memory': () =>
        elapsed(async () => {
          await signs.run(given, fetches);
          sum += held[length - 1]!;
        }),
    },
    { rounds: ROUNDS, warmUp: 3 },
  );
  const rows = Object.entries(samples).map(([output, found]) => ({ output, ...timing(found, 2) }));
  printTable(`[${dims.slice(1).join(', ')}], ${((4 * length) / 1e6).toFixed(1)} MB: ms of a run`, rows);
  await signs.release();
}
await printOutputs([undefined, ...process.argv.slice(2)]);
console.log(`\nsum of results: ${sum}`);

/** Of each output that a head reads, on a second image, when dims that the file leaves open are known. */
async function printOutputs(models: (string | undefined)[]): Promise<void> {
  const rows: Record<string, string | number>[] = [];
  for (const model of models) {
    await using opened = await detector.createDetector({ ...(model === undefined ? {} : { model }), workers: 0 });
    const { file, spec } = opened;
    const names = heads.headOf(spec.head).outputs(spec.head);
    const open = await session.openSession(file, { input: spec.input, outputs: names, threads: 1 });
    const bytes = await readFile(new URL('../samples/street.jpg', import.meta.url));
    const how = { background: '#ffffff', lenient: false };
    const fitted = await decode.decodeImage({ kind: 'bytes', bytes }, spec.input, how);
    for (const image of [1, 2]) {
      using turn = await open.turn();
      const outputs = await turn.run(feeds.makeFeeds(fitted, spec.input, turn.picture));
      if (image === 1) continue;
      for (const name of names) {
        const { dims, data } = outputs[name]!;
        const read = memory.homeOf(data) === null ? 'copied' : 'where it was written';
        rows.push({ model: spec.name, head: spec.head.family, output: name, dims: `[${dims.join(', ')}]`, read });
      }
    }
    await open.close();
  }
  printTable('Outputs of heads', rows);
}

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
