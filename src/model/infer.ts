import './telemetry.js'; // before the library is loaded
import './require-runtime.js'; // and before it can fail in words of its own
import { type InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { reason, SigboxError } from '../errors.js';
import { asFloat32 } from '../kernels/maths/as-float32.js';
import type { Tensor, Tensors } from '../types/model.js';
import type { Feed, Feeds } from './feeds.js';
import type { ModelMemory } from './memory.js';

/** A loaded model with the memory of its inputs and outputs. */
export interface Runner {
  file: string;
  session: InferenceSession;
  outputs: string[];
  memory: ModelMemory;
  /** Whether outputs are held once their dims are known. */
  learns: boolean;
}

/** @throws SigboxError E_MODEL  onnxruntime refuses the feeds, or an output has no numbers */
export async function infer(runner: Runner, feeds: Feeds): Promise<Tensors> {
  const { file, session, outputs, memory } = runner;
  const held = outputs.map((name) => [name, memory.output(name)] as const);
  try {
    const results = await runInto(session, feeds, held);
    if (runner.learns) for (const [name, tensor] of held) if (tensor === null) memory.learn(name, results[name]!.dims);
    return Object.fromEntries(held.map(([name, own]) => [name, own ?? floatTensor(file, name, results[name]!)]));
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    if (held.some(([, tensor]) => tensor !== null)) return inferAnew(runner, feeds);
    throw failure(file, cause);
  }
}

/** Another run after one that failed: the model may give other dims than it says, or gave before. */
async function inferAnew({ file, session, outputs, memory }: Runner, feeds: Feeds): Promise<Tensors> {
  try {
    const results = await session.run(ortTensors(feeds), outputs);
    for (const name of outputs) memory.correct(name, results[name]!.dims);
    return Object.fromEntries(outputs.map((name) => [name, floatTensor(file, name, results[name]!)]));
  } catch (cause) {
    throw cause instanceof SigboxError ? cause : failure(file, cause);
  }
}

/** onnxruntime-node writes into the arrays that it is given, but returns copies of them: those are left alone. */
function runInto(
  session: InferenceSession,
  feeds: Feeds,
  held: readonly (readonly [string, Tensor | null])[],
): Promise<InferenceSession.ReturnType> {
  const fetches = held.map(([name, own]) => [name, own && new OrtTensor('float32', own.data, own.dims)]);
  return session.run(ortTensors(feeds), Object.fromEntries(fetches));
}

function failure(file: string, cause: unknown): SigboxError {
  return new SigboxError('E_MODEL', `model ${file}: inference failed: ${reason(cause)}.`, { cause });
}

/** Outputs as they are now, to keep. */
export function copyTensors(tensors: Tensors): Tensors {
  const copies = Object.entries(tensors).map(([name, { dims, data }]) => [name, { dims, data: data.slice() }]);
  return Object.fromEntries(copies);
}

function ortTensors(feeds: Feeds): Record<string, OrtTensor> {
  return Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, ortTensor(feed)]));
}

/**
 * Where JavaScript has a Float16Array (Node 24), onnxruntime-common makes one of the bits, and onnxruntime-node 1.30 finds
 * it empty: it is given the bits themselves.
 */
function ortTensor({ type, data, dims }: Feed): OrtTensor {
  const tensor = new OrtTensor(type, data, dims);
  return type === 'float16' ? Object.defineProperty(tensor, 'data', { value: data }) : tensor;
}

function floatTensor(file: string, name: string, { type, dims, data }: OrtTensor): Tensor {
  const numbers = asFloat32(data, type);
  if (numbers !== null) return { dims, data: numbers };
  throw new SigboxError('E_MODEL', `model ${file}: output "${name}": expected numbers, received ${type}.`);
}
