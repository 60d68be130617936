/**
 * Times two builds of sigbox against each other, by turns in one process, so that what else the machine does meets both alike.
 *
 *     npx tsx bench/compare-builds.ts BEFORE AFTER [postprocess] [scan] [stages] [throughput]
 *
 * BEFORE and AFTER are dist folders, each in a tree with its own node_modules. Printed is the ratio after / before of each
 * pair of turns: median and quartiles; a ratio whose quartiles lie on both sides of 1 says nothing.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { readGolden } from '../test/support/golden.js';
import { randomNumbers } from '../test/support/random.js';
import { builtinModel } from './builtin-model.js';
import { makeImages } from './images.js';
import { elapsed, printTable, summarize } from './measure.js';
import { DENSITIES, dimsOf, headOfOutput, LAYOUTS, makeOutput } from './sets.js';

const [before, after, ...named] = process.argv.slice(2);
if (before === undefined || after === undefined) throw new Error('compare-builds: expected two dist folders');
const builds = [before, after].map((dist) => resolve(dist));
const wants = (part: string) => named.length === 0 || named.includes(part);
const load = <Module>(dist: string, path: string): Promise<Module> => import(pathToFileURL(`${dist}/${path}`).href);
let sum = 0;

sharp.concurrency(1);
if (wants('postprocess')) printTable('postprocess, after / before', await comparePostprocess());
if (wants('scan')) printTable('scan, after / before', await compareScan());
if (wants('stages')) printTable('stages, after / before', await compareStages());
if (wants('throughput')) printTable('throughput (time per image), after / before', await compareThroughput());
console.log(`\nsum of results: ${sum}`);

type Turn = () => Promise<number> | number;

/** @param open  gives the ms of a turn, for each build */
async function ratiosOf(name: string, rounds: number, open: (dist: string) => Promise<Turn>) {
  const turns = [await open(builds[0]!), await open(builds[1]!)] as const;
  const ratios: number[] = [];
  const times: number[][] = [[], []];
  for (let round = -Math.ceil(rounds / 4); round < rounds; round++) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    const ms = [0, 0];
    for (const build of order) ms[build] = await turns[build]!();
    if (round < 0) continue;
    ratios.push(ms[1]! / ms[0]!);
    for (const build of order) times[build]!.push(ms[build]!);
  }
  const { q1, median, q3 } = summarize(ratios);
  const [a, b] = times.map((samples) => summarize(samples));
  return {
    case: name,
    'ms before': a!.median.toFixed(4),
    'ms after': b!.median.toFixed(4),
    ratio: median.toFixed(3),
    quartiles: `${q1.toFixed(3)}–${q3.toFixed(3)}`,
    'fastest of each': (b!.min / a!.min).toFixed(3),
  };
}

/** A turn of several calls: their median. */
function medianOf(calls: number, call: () => void): Turn {
  return () => {
    const ms: number[] = [];
    for (let i = 0; i < calls; i++) {
      const start = performance.now();
      call();
      ms.push(performance.now() - start);
    }
    return summarize(ms).median;
  };
}

type Library = typeof import('../src/postprocess/index.js');

/** With a plan, where a build has plans to keep; else with what it keeps by itself. And the simple call of each. */
async function comparePostprocess() {
  const rows: Awaited<ReturnType<typeof ratiosOf>>[] = [];
  const image = { width: 640, height: 480 };
  for (const { name, spec, outputs, options } of [...randomOutputs(), ...goldenOutputs()]) {
    for (const way of ['plan', 'simple']) {
      const open = async (dist: string) => {
        const library = await load<Library>(dist, 'postprocess/index.js');
        const held = Object.fromEntries(
          Object.entries(outputs).map(([output, { dims, data }]) => {
            const array = library.allocateFloat32(data.length);
            array.set(data);
            return [output, { dims, data: array }];
          }),
        );
        const plan = way === 'plan' && 'compilePlan' in library ? library.compilePlan(spec as never, options) : null;
        return medianOf(9, () => {
          const result =
            plan === null
              ? library.postprocess(held, spec as never, { image, ...options })
              : library.postprocess(held, plan, { image });
          sum += result.detections.length;
        });
      };
      rows.push(await ratiosOf(`${name}, ${way}`, 60, open));
    }
  }
  return rows;
}

interface Outputs {
  name: string;
  spec: object;
  outputs: Record<string, { dims: number[]; data: ArrayLike<number> }>;
  options: { scoreThreshold: number; maxDetections?: number };
}

function randomOutputs(): Outputs[] {
  return LAYOUTS.flatMap((layout) =>
    DENSITIES.map((density): Outputs => {
      const output = makeOutput(layout, density);
      const labels = Array.from({ length: output.classes }, (_, i) => `class ${i}`);
      const spec = { head: headOfOutput(output), labels, input: { width: 640, height: 640, fit: 'letterbox' } };
      const outputs = { out: { dims: dimsOf(output), data: output.logits } };
      return { name: `${layout} ${density}`, spec, outputs, options: { scoreThreshold: output.scoreThreshold } };
    }),
  );
}

function goldenOutputs(): Outputs[] {
  const head = {
    family: 'yolo',
    output: 'output0',
    layout: 'columns',
    objectness: false,
    activation: 'none',
    boxFormat: 'cxcywh',
    boxUnit: 'input-pixels',
    suppress: true,
  };
  const { outputs, input } = readGolden('yolo-ultralytics').find(({ name }) => name.startsWith('YOLOv8'))!;
  const labels = Array.from({ length: outputs.output0!.dims[1]! - 4 }, (_, i) => `class ${i}`);
  const spec = { head, labels, input: { width: input[0], height: input[1], fit: 'letterbox' } };
  return [{ name: 'golden of YOLOv8', spec, outputs, options: { scoreThreshold: 0.25 } }];
}

interface ScanModule {
  scan(matrix: object, options: object): { values: Float32Array };
}

/** The kernel alone. Builds without plans take what a scan looks for as it stands. */
async function compareScan() {
  const rows: Awaited<ReturnType<typeof ratiosOf>>[] = [];
  const shapes = { '[84, 8400]': [80, 8400, true], '[25200, 85]': [80, 25_200, false] } as const;
  for (const [shape, [classes, count, byColumn]] of Object.entries(shapes)) {
    const random = randomNumbers(3);
    const width = classes + (byColumn ? 4 : 5);
    const data = Float32Array.from({ length: width * count }, random);
    const steps = byColumn
      ? { start: 4 * count, rowStep: 1, classStep: count }
      : { start: 5, rowStep: width, classStep: 1, objectness: { start: 4 } };
    for (const [density, share] of Object.entries({ sparse: 1e-5, typical: 1e-3, dense: 0.05 })) {
      for (const single of [false, true]) {
        const open = async (dist: string) => {
          const { scan } = await load<ScanModule>(dist, 'kernels/scan/scan.js').catch(() =>
            load<ScanModule>(dist, 'kernels/scan.js'),
          );
          const { scanThresholds } = await load<{ scanThresholds?: (options: object) => object }>(
            dist,
            'kernels/scan/scan-thresholds.js',
          ).catch(() => ({ scanThresholds: undefined }));
          const columns = Uint16Array.from({ length: classes }, (_, i) => i);
          const options = { thresholds: new Float64Array(classes).fill(1 - share), columns, single };
          const wanted = scanThresholds?.(options) ?? options;
          const matrix = { data, rows: count, classes, ...steps };
          return medianOf(5, () => {
            sum += scan(matrix, wanted).values.length;
          });
        };
        rows.push(await ratiosOf(`${shape} ${density} ${single ? 'single' : 'multi'}`, 40, open));
      }
    }
  }
  return rows;
}

/** From a file to regions, in this process. */
async function compareStages() {
  const { file, spec } = await builtinModel();
  await using images = await makeImages();
  const rows: Awaited<ReturnType<typeof ratiosOf>>[] = [];
  for (const { name, path } of images.all) {
    for (const scoreThreshold of [0.35, 0.01]) {
      const open = async (dist: string) => {
        const { openPipeline } = await load<typeof import('../src/pipeline.js')>(dist, 'pipeline.js');
        const { planOf } = await load<typeof import('../src/options/plan.js')>(dist, 'options/plan.js').catch(() =>
          load<typeof import('../src/options/plan.js')>(dist, 'options.js'),
        );
        const pipeline = await openPipeline({ file, spec, threads: 1 });
        const plan = planOf(spec, { scoreThreshold });
        return async () =>
          elapsed(async () => {
            sum += (await pipeline.detect({ kind: 'path', path }, plan)).detections.length;
          });
      };
      rows.push(await ratiosOf(`${name}, score from ${scoreThreshold}`, 40, open));
    }
  }
  return rows;
}

/** detectAll, with a worker per core. */
async function compareThroughput() {
  await using images = await makeImages();
  const rows: Awaited<ReturnType<typeof ratiosOf>>[] = [];
  for (const [i, { name, path }] of images.all.entries()) {
    const count = [80, 60, 30][i] ?? 30;
    const opened: { close(): Promise<void> }[] = [];
    const open = async (dist: string) => {
      const { createDetector } = await load<typeof import('../src/detector.js')>(dist, 'detector.js');
      const detector = await createDetector({});
      opened.push(detector);
      return async () => {
        const ms = await elapsed(async () => {
          const paths = Array.from({ length: count }, () => path);
          for await (const { detections } of detector.detectAll(paths)) sum += detections.length;
        });
        return ms / count;
      };
    };
    rows.push(await ratiosOf(name, 12, open));
    for (const detector of opened) await detector.close();
  }
  return rows;
}
