/** How long each stage takes for one image, and the whole way in one process. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Feeds } from '../src/model/feeds.js';
import type { Find } from '../src/postprocess/best-first.js';
import type { Tensors } from '../src/types/model.js';
import type { Geometry, ImageSource } from '../src/types/pictures.js';
import type { Candidates, DetectPlan } from '../src/types/plan.js';
import {
  decode,
  detections,
  feeds,
  findCandidates,
  heads,
  infer,
  options,
  pipeline,
  session as sessions,
} from './built.js';
import { builtinModel } from './builtin-model.js';
import { type BenchImage, makeImages } from './images.js';
import { elapsed, interleave, printTable, timing } from './measure.js';

const ROUNDS = 60;
const WARM_UP = 10;
/** Takes part in the end-to-end figures and is printed, so that no work can be left out. */
let regionsFound = 0;
let sum = 0;

sharp.concurrency(1);
sharp.cache(false);

const { file, spec } = await builtinModel();
const head = heads.headOf(spec.head);
const session = await sessions.openSession(file, {
  input: spec.input,
  outputs: head.outputs(spec.head),
  threads: 1,
});
const whole = await pipeline.openPipeline({ file, spec, threads: 1 });
const usual = options.planOf(spec, {});
const bad = options.planOf(spec, { scoreThreshold: 0.01, iouThreshold: 0.6, maxDetections: 100 });

await using images = await makeImages();
for (const image of images.all) await measure(image);
await session.close();
await whole.close();
console.log(`\nsum of results: ${regionsFound} regions, ${sum.toFixed(3)}`);

async function measure({ name, path }: BenchImage): Promise<void> {
  const source: ImageSource = { kind: 'bytes', bytes: await readFile(path) };
  const fitted = await decode.decodeImage(source, spec.input, usual);
  const { geometry } = fitted;
  const tensors = feeds.makeFeeds(fitted, spec.input);
  const outputs = await inTurn(tensors, infer.copyTensors);
  const found = await interleave(
    {
      'decode + resize': () => elapsed(async () => note((await decode.decodeImage(source, spec.input, usual)).pixels)),
      tensor: () => elapsed(() => note(feeds.makeFeeds(fitted, spec.input)[spec.input.name]!.data)),
      inference: () => elapsed(async () => inTurn(tensors, (found) => note(Object.values(found)[0]!.data))),
      'post, default thresholds': () => postAfter(tensors, geometry, usual),
      'post, bad case': () => postAfter(tensors, geometry, bad),
      'end to end, default': () => elapsed(() => detect(source, usual)),
      'end to end, bad case': () => elapsed(() => detect(source, bad)),
    },
    { rounds: ROUNDS, warmUp: WARM_UP },
  );
  const rows = Object.entries(found).map(([stage, samples]) => ({ stage, ...timing(samples, 2) }));
  const counts = [usual, bad].map((plan) => candidatesOf(outputs, geometry, plan).scores.length);
  printTable(`${name}: ms per image; candidates: ${counts[0]} by default, ${counts[1]} in the bad case`, rows);
}

function candidatesOf(outputs: Tensors, geometry: Geometry, plan: DetectPlan): Candidates {
  return head.candidates(outputs, spec.head, geometry, plan.selection);
}

/** The pipeline's own last stages, from raw outputs to regions, where and when it does them: right after an inference. */
async function postAfter(tensors: Feeds, geometry: Geometry, plan: DetectPlan): Promise<number> {
  let ms = 0;
  await inTurn(tensors, (outputs) => {
    const start = performance.now();
    const find: Find = (budget) => findCandidates.findCandidates(outputs, spec.head, geometry, plan, budget);
    regionsFound += detections.detectionsOf(find, geometry, plan).detections.length;
    ms = performance.now() - start;
  });
  return ms;
}

async function inTurn<T>(tensors: Feeds, read: (outputs: Tensors) => T): Promise<T> {
  using turn = await session.turn();
  return read(await turn.run(tensors));
}

async function detect(source: ImageSource, plan: DetectPlan): Promise<void> {
  regionsFound += (await whole.detect(source, plan)).detections.length;
}

function note(values: ArrayLike<number | bigint>): void {
  sum += Number(values[0]) + Number(values[values.length >> 1]) + Number(values[values.length - 1]);
}
