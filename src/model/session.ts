import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { reason, SigboxError } from '../errors.js';
import type { InputSpec, Tensors } from '../types.js';

/** A loaded model. Its `run` blocks the thread for the whole inference: onnxruntime-node has no asynchronous form. */
export interface Session {
  /** @param values  the input in the spec's layout, one image. Not changed, not kept. */
  run(values: Float32Array): Promise<Tensors>;
  close(): Promise<void>;
}

export interface SessionOptions {
  input: InputSpec;
  /** Names of the outputs to fetch. */
  outputs: string[];
  /** Threads per inference; 0: one per core. */
  threads: number;
}

/**
 * Loads an ONNX model on the CPU.
 *
 * @throws SigboxError E_MODEL  onnxruntime refuses the file, or its inputs and outputs are not those of the spec.
 */
export async function openSession(file: string, options: SessionOptions): Promise<Session> {
  const { input, outputs, threads } = options;
  const session = await load(file, threads);
  requireNames(file, 'input', [input.name], session.inputNames);
  requireNames(file, 'output', outputs, session.outputNames);
  const { width, height } = input;
  const dims = input.layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  requireDims(file, session, input.name, dims);
  return {
    async run(values) {
      try {
        const feeds = { [input.name]: new OrtTensor('float32', values, dims) };
        const results = await session.run(feeds, outputs);
        return Object.fromEntries(outputs.map((name) => [name, floatTensor(file, name, results[name]!)]));
      } catch (cause) {
        if (cause instanceof SigboxError) throw cause;
        throw new SigboxError('E_MODEL', `model ${file}: inference failed: ${reason(cause)}.`, { cause });
      }
    },
    close: () => session.release(),
  };
}

/** An input or output as the file declares it. */
export interface ValueDescription {
  name: string;
  /** Element type, as onnxruntime names it; "not a tensor" for sequences and maps. */
  type: string;
  /** A name where a dim is dynamic. */
  dims: readonly (number | string)[];
}

/**
 * What goes into a model and what comes out, in the file's order.
 *
 * @throws SigboxError E_MODEL  onnxruntime refuses the file
 */
export async function describeModel(file: string): Promise<Record<'inputs' | 'outputs', ValueDescription[]>> {
  const session = await load(file, 1);
  const describe = (value: InferenceSession.ValueMetadata): ValueDescription =>
    value.isTensor
      ? { name: value.name, type: value.type, dims: value.shape }
      : { name: value.name, type: 'not a tensor', dims: [] };
  const { inputMetadata, outputMetadata } = session;
  await session.release();
  return { inputs: inputMetadata.map(describe), outputs: outputMetadata.map(describe) };
}

async function load(file: string, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3, // errors only: warnings about graph clean-up are not the user's business
    });
  } catch (cause) {
    throw new SigboxError('E_MODEL', `model ${file}: onnxruntime cannot load it: ${reason(cause)}.`, { cause });
  }
}

function requireNames(file: string, kind: string, wanted: string[], present: readonly string[]): void {
  const missing = wanted.filter((name) => !present.includes(name));
  if (missing.length === 0) return;
  throw new SigboxError(
    'E_MODEL',
    `model ${file}: the spec names ${kind} ${quote(missing)}, the model has ${quote(present)}. Correct the spec.`,
  );
}

function requireDims(file: string, session: InferenceSession, name: string, dims: number[]): void {
  const found = session.inputMetadata.find((value) => value.name === name);
  if (found === undefined || !found.isTensor) return;
  const { shape, type } = found;
  const fits = shape.length === dims.length && shape.every((d, i) => typeof d === 'string' || d < 0 || d === dims[i]);
  if (fits && type === 'float32') return;
  throw new SigboxError(
    'E_MODEL',
    `model ${file}: input "${name}": expected float32 [${dims.join(', ')}] as the spec says, ` +
      `the model takes ${type} [${shape.join(', ')}]. Correct the spec.`,
  );
}

function floatTensor(file: string, name: string, tensor: OrtTensor) {
  if (tensor.type !== 'float32') {
    throw new SigboxError('E_MODEL', `model ${file}: output "${name}": expected float32, received ${tensor.type}.`);
  }
  return { dims: tensor.dims, data: tensor.data as Float32Array };
}

function quote(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
