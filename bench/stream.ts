import { fileURLToPath } from 'node:url';
import { compileAssembly } from '../scripts/kernels/compile.js';
import { type Contender, contenderOf } from './rivals/rival.js';

// Node's types know no DOM, whose types hold WebAssembly.
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const WebAssembly: any;

const PAGE = 65536;

/** Reads an array once, with SIMD: less than that no post-processing can cost. */
export async function openStream(data: Float32Array): Promise<Contender> {
  const memory = new WebAssembly.Memory({ initial: 2 + Math.ceil(data.byteLength / PAGE) });
  const wasm = await compileAssembly('bench/assembly/stream.ts', fileURLToPath(new URL('..', import.meta.url)));
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
  const own = new Float32Array(memory.buffer, PAGE, data.length);
  const length = data.length - (data.length % 32);
  const read = () => {
    const start = performance.now();
    const bits: number = instance.exports.stream(PAGE, length);
    const ms = performance.now() - start;
    if (bits === 0) throw new Error('bench: nothing was read.');
    return { ms, kept: 0, sum: 0 };
  };
  return contenderOf(() => own.set(data), read);
}
