import './telemetry.js'; // before the library is loaded
import './require-runtime.js'; // and before it can fail in words of its own
import { env, InferenceSession, listSupportedBackends } from 'onnxruntime-node';
import { reason, SigboxError } from '../errors.js';
import { takesAnySize } from '../image/fit.js';
import type { InputSpec, Provider, Tensors } from '../types/model.js';
import { joinFeeds, sliceOutputs } from './batches.js';
import { type Feeds, requireFed } from './feeds.js';
import { infer, type Runner } from './infer.js';
import { ManyPictures } from './many-pictures.js';
import { ModelMemory } from './memory.js';
import type { ModelValues, ValueDescription } from './onnx/metadata.js';

/** A loaded model. Its `run` blocks the thread for the whole inference: onnxruntime-node has no asynchronous form. */
export interface Session {
  /** Waits until nobody else has a turn: inferences share the memory of inputs and outputs. */
  turn(): Promise<Turn>;
  /** Waits for all turns. */
  close(): Promise<void>;
}

/** The session, for one image; to be ended, by `using`. */
export interface Turn extends Disposable {
  /** An array of so many numbers for the picture, in memory that lasts; any other will do. */
  picture(length: number): Float32Array;
  /** One inference. Outputs are float32, whatever type they have; they are overwritten by the next, or once the turn ends. */
  run(feeds: Feeds): Promise<Tensors>;
  /** How many pictures `runEach` takes best at a time: 1 where the model takes one, or has no first dim that is open. */
  readonly batch: number;
  /** The same for several pictures, in one inference where the model can. Their feeds must lie in arrays of their own. */
  runEach(feeds: readonly Feeds[]): Promise<Tensors[]>;
}

export interface SessionOptions {
  input: InputSpec;
  /** Names of the outputs to fetch. */
  outputs: string[];
  /** Threads per inference; 0: one per core. */
  threads: number;
  /** What runs the model. Default 'cpu' */
  provider?: Provider;
}

env.logLevel = 'fatal'; // what goes wrong is thrown as well, and its user is told in one line

/**
 * Loads an ONNX model.
 *
 * @throws SigboxError E_ARGUMENT  a provider that is not to be had here.
 * @throws SigboxError E_MODEL  onnxruntime refuses the file, or its inputs and outputs are not those of the spec.
 */
export async function openSession(file: string, options: SessionOptions): Promise<Session> {
  const { input, outputs, threads, provider = 'cpu' } = options;
  const session = provider === 'cpu' ? await load(file, threads) : await loadOn(provider, file, threads);
  requireNames(file, 'input', [input.name, ...input.extras.map(({ name }) => name)], session.inputNames);
  requireFed(file, input, session.inputNames);
  requireNames(file, 'output', outputs, session.outputNames);
  requireDims(file, session, input);
  const facts = session.outputMetadata.filter((value) => value.isTensor && outputs.includes(value.name));
  // Held memory was measured on the CPU; what other providers do with it is not known.
  const memory = new ModelMemory(provider === 'cpu' ? (facts as InferenceSession.TensorValueMetadata[]) : []);
  const runner: Runner = { file, session, outputs, memory, learns: provider === 'cpu' };
  const { batch = 1 } = input;
  if (batch > 1) return inBatches({ ...runner, memory: new ModelMemory([]), learns: false }, batch);
  let last: Promise<unknown> = Promise.resolve();
  const many = new ManyPictures(runner, hasOpenBatch(session, input));
  return {
    async turn() {
      const before = last;
      let end = () => {};
      last = new Promise<void>((ended) => {
        end = ended;
      });
      await before;
      return {
        picture: (length) => memory.picture(length),
        run: (feeds) => infer(runner, feeds),
        batch: many.most,
        runEach: (feeds) => many.run(feeds),
        [Symbol.dispose]: end,
      };
    },
    close: () => last.then(() => session.release()),
  };
}

/** Whether a model leaves the number of its pictures open. */
function hasOpenBatch(session: InferenceSession, { name, batched, extras }: InputSpec): boolean {
  const found = session.inputMetadata.find((value) => value.name === name);
  if (found === undefined || !found.isTensor || !batched || extras.length > 0) return false;
  return !(Number(found.shape[0]) > 0);
}

/** A session whose runs take the pictures that wait by then, as many as the file fixes. Turns need not wait for each other. */
function inBatches(runner: Runner, batch: number): Session {
  const waiting: { feeds: Feeds; done(outputs: Tensors): void; failed(error: unknown): void }[] = [];
  const turns = new Set<Promise<void>>();
  let last: Promise<void> = Promise.resolve();

  async function runNext(): Promise<void> {
    const items = waiting.splice(0, batch);
    if (items.length === 0) return;
    try {
      const feeds = items.map((item) => item.feeds);
      const outputs = await infer(runner, joinFeeds(feeds, batch));
      for (const [i, { done }] of items.entries()) done(sliceOutputs(outputs, i, batch));
    } catch (error) {
      for (const { failed } of items) failed(error);
    }
  }

  return {
    async turn() {
      let end = () => {};
      const turn = new Promise<void>((ended) => {
        end = ended;
      }).finally(() => turns.delete(turn));
      turns.add(turn);
      const run = (feeds: Feeds) =>
        new Promise<Tensors>((done, failed) => {
          waiting.push({ feeds, done, failed });
          last = last.then(runNext);
        });
      const runEach = (feeds: readonly Feeds[]) => Promise.all(feeds.map(run));
      return { picture: (length) => new Float32Array(length), run, batch, runEach, [Symbol.dispose]: () => end() };
    },
    close: async () => {
      await Promise.all(turns);
      await runner.session.release();
    },
  };
}

/**
 * What goes into a model and what comes out, in the file's order, with shapes that onnxruntime works out where the file
 * does not say them.
 *
 * @throws SigboxError E_MODEL  onnxruntime refuses the file
 */
export async function describeModel(file: string): Promise<ModelValues> {
  const session = await load(file, 1);
  const describe = (value: InferenceSession.ValueMetadata): ValueDescription =>
    value.isTensor
      ? { name: value.name, type: value.type, dims: value.shape.map((dim) => dim || (dim === 0 ? 0 : '?')) }
      : { name: value.name, type: 'not a tensor', dims: [] };
  const { inputMetadata, outputMetadata } = session;
  await session.release();
  return { inputs: inputMetadata.map(describe), outputs: outputMetadata.map(describe) };
}

/** Where the model can be loaded on the CPU, it is the provider that fails. */
async function loadOn(provider: Provider, file: string, threads: number): Promise<InferenceSession> {
  try {
    return await load(file, threads, provider);
  } catch (error) {
    await (await load(file, threads)).release();
    throw unavailable(provider, (error as SigboxError).cause);
  }
}

async function load(file: string, threads: number, provider: Provider = 'cpu'): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(file, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4, // as above
    });
  } catch (cause) {
    throw new SigboxError('E_MODEL', `model ${file}: onnxruntime cannot load it: ${inWords(cause)}.`, { cause });
  }
}

/** onnxruntime's message without the place in its own source, and without the file, which is named already. */
function inWords(cause: unknown): string {
  return reason(cause)
    .replace(/^Load model from .*? failed:\s*/, '')
    .replace(/^\S*onnxruntime_src\/[^)]*\)(::\S*)?\s*/, '')
    .replace(/\.$/, '');
}

/** Platforms that onnxruntime-node has each provider for, as its README lists them, and what it takes besides. */
const NEEDS: Record<Provider, string> = {
  cpu: 'any machine',
  cuda: 'Linux on x64 with CUDA 12 and cuDNN 9; ONNXRUNTIME_NODE_INSTALL=true npm rebuild onnxruntime-node fetches its part',
  webgpu: 'a graphics driver for Vulkan, Metal or Direct3D 12, and not Linux on ARM',
  coreml: 'macOS',
  dml: 'Windows (DirectML)',
};

function unavailable(provider: Provider, cause: unknown): SigboxError {
  const there = listSupportedBackends().flatMap(({ name, bundled }) => (bundled ? [name] : []));
  const message = `provider ${provider}: cannot be used (${inWords(cause)}). Built in here: ${there.join(', ')}.`;
  return new SigboxError('E_ARGUMENT', `${message} ${provider} needs ${NEEDS[provider]}.`, { cause });
}

function requireNames(file: string, kind: string, wanted: string[], present: readonly string[]): void {
  const missing = wanted.filter((name) => !present.includes(name));
  if (missing.length === 0) return;
  throw new SigboxError(
    'E_MODEL',
    `model ${file}: the spec names ${kind} ${quote(missing)}, the model has ${quote(present)}. Correct the spec.`,
  );
}

function requireDims(
  file: string,
  session: InferenceSession,
  { name, type, layout, batched, batch = 1, ...input }: InputSpec,
): void {
  const found = session.inputMetadata.find((value) => value.name === name);
  if (found === undefined || !found.isTensor) return;
  const sides = takesAnySize(input) ? [-1, -1] : [input.height, input.width];
  const dims = [...(batched ? [batch] : []), ...(layout === 'nchw' ? [3, ...sides] : [...sides, 3])];
  const open = (dim: number | string) => typeof dim === 'string' || dim < 0;
  const { shape } = found;
  const fits = shape.length === dims.length && shape.every((d, i) => open(d) || (d === dims[i] && dims[i] !== -1));
  if (fits && found.type === type) return;
  throw new SigboxError(
    'E_MODEL',
    `model ${file}: input "${name}": expected ${type} [${dims.map((d) => (d < 0 ? 'any' : d)).join(', ')}] as the spec ` +
      `says, the model takes ${found.type} [${shape.join(', ')}]. Correct the spec.`,
  );
}

function quote(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
