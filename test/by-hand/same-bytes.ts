/**
 * Compares two builds of sigbox byte by byte: what a change that should change nothing has changed.
 *
 *     npx tsx test/by-hand/same-bytes.ts BEFORE AFTER [IMAGES [MODEL …]]
 *
 * BEFORE and AFTER are dist folders, each in a tree with its own node_modules. Compared are `postprocess` on every golden and
 * on the random outputs of bench/sets.ts, with many options; and of a folder of images, with the built-in model and every
 * MODEL, by default and with the preset for evaluation: unfiltered.jsonl, the spec in run.json and every export.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dimsOf, headOfOutput, LAYOUTS, makeOutput } from '../../bench/sets.js';
import { FORMAT_NAMES } from '../../src/formats/format.js';
import type { PostprocessOptions } from '../../src/postprocess/options/postprocess-options.js';
import { type Golden, outputsOf } from '../support/golden.js';
import { onnxModel } from '../support/onnx.js';

const [before, after, images, ...models] = process.argv.slice(2).map((path) => resolve(path));
if (before === undefined || after === undefined) throw new Error('same-bytes: expected two dist folders');
type Library = typeof import('../../src/postprocess/index.js');
const libraries: Library[] = [];
for (const dist of [before, after]) libraries.push(await import(join(dist, 'postprocess/index.js')));
const { identify } = (await import(
  join(before, 'identify/identify.js')
)) as typeof import('../../src/identify/identify.js');
const folder = await mkdtemp(join(tmpdir(), 'sigbox-same-bytes-'));
let [compared, different] = [0, 0];

/** What tells when a run was, or how fast. */
const NOT_COMPARED = /^(summary\.txt|run\.lock.*|index\.html)$/;

const OPTIONS: PostprocessOptions[] = [
  {},
  { preset: 'evaluation' },
  { labels: 'single' },
  { labels: 'single', preset: 'evaluation', scope: 'all' },
  { scoreThreshold: 0 },
  { scoreThreshold: 0.01, maxDetections: 20, maxCandidates: 100 },
  { scoreThreshold: 0.05, suppression: 'soft-linear', maxCandidates: 500 },
  { scoreThreshold: 0.05, suppression: 'soft-gaussian', sigma: 0.3, maxCandidates: 500 },
  { scoreThreshold: 0.05, suppression: 'matrix-gaussian', maxCandidates: 500 },
  { scoreThreshold: 0.2, suppression: 'wbf', maxCandidates: 500 },
  { scoreThreshold: 0.2, suppression: 'nmw', scope: 'all', fusedScore: 'max', maxCandidates: 500 },
  { scoreThreshold: 0.1, suppression: 'none', maxPerClass: 5, maxCandidates: 500 },
  { measure: 'diou', diouBeta: 0.6, scoreThreshold: 0.1, maxCandidates: 500 },
  { minSide: 8, maxArea: 4e4, scoreThreshold: 0.05 },
  { scoreThreshold: 0.1, calibration: { shared: { kind: 'platt', slope: 1.2, intercept: 0.3 } } },
  { scoreThreshold: 0.1, labels: 'single', calibration: { shared: { kind: 'temperature', temperature: 2 } } },
];

await compareGoldens();
compareRandom();
if (images !== undefined) for (const model of [undefined, ...models]) await compareRuns(images, model);
await rm(folder, { recursive: true });
console.log(`${compared} compared, ${different} different`);
process.exitCode = different === 0 ? 0 : 1;

function same(name: string, outcomes: unknown[]): void {
  compared++;
  const [a, b] = outcomes.map((outcome) => JSON.stringify(outcome));
  if (a === b) return;
  different++;
  console.log(`different: ${name}`);
}

/** What a call gives, or why it fails. */
function outcomeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return String(error);
  }
}

async function compareGoldens(): Promise<void> {
  const root = new URL('../fixtures/goldens/', import.meta.url);
  const unknown: string[] = [];
  for (const file of await readdir(root)) {
    const { cases = [] } = JSON.parse(await readFile(new URL(file, root), 'utf8')) as { cases?: Golden[] };
    for (const golden of cases.filter(({ outputs, input }) => outputs !== undefined && input !== undefined)) {
      const name = `${file} ${golden.name}`;
      const spec = await specOf(golden);
      if (spec === null) unknown.push(name);
      else comparePostprocess(name, golden, spec);
    }
  }
  console.log(`goldens whose head needs more than the outputs, left out: ${unknown.length} (${unknown.join('; ')})`);
}

async function specOf(golden: Golden) {
  const file = join(folder, 'golden.onnx');
  const [width, height] = golden.input;
  const given = [{ name: 'images', dims: [1, 3, height, width] }];
  try {
    await writeFile(file, onnxModel({ inputs: given, outputs: outputsOf(golden), metadata: golden.metadata ?? {} }));
    const { spec } = await identify(file, {});
    return spec;
  } catch {
    return null;
  }
}

function comparePostprocess(name: string, { image: [width, height], outputs }: Golden, spec: object): void {
  for (const options of OPTIONS) {
    const call = { image: { width, height }, ...options };
    const found = libraries.map(({ postprocess }) => outcomeOf(() => postprocess(outputs, spec as never, call)));
    same(`${name} ${JSON.stringify(options)}`, found);
  }
}

function compareRandom(): void {
  for (const layout of LAYOUTS) {
    for (const density of ['sparse', 'typical', 'dense'] as const) {
      const output = makeOutput(layout, density);
      const labels = Array.from({ length: output.classes }, (_, i) => `class ${i % 75}`); // some of one name
      for (const names of [labels, labels.map((label, i) => `${label} ${i}`)]) {
        const spec = {
          head: headOfOutput(output),
          labels: names,
          input: { width: 640, height: 640, fit: 'letterbox' },
        };
        const outputs = { out: { dims: dimsOf(output), data: output.logits } };
        const golden = { image: [1280, 720], outputs } as unknown as Golden;
        comparePostprocess(`${layout} ${density}`, golden, spec);
      }
    }
  }
}

async function compareRuns(inputs: string, model: string | undefined): Promise<void> {
  for (const preset of ['use', 'evaluation']) {
    const runs: Record<string, string>[] = [];
    for (const [i, dist] of [before, after].entries()) {
      const out = join(folder, `run-${i}`);
      const args = ['annotate', inputs!, '--out', out, '--no-pictures', '--format', FORMAT_NAMES.join(',')];
      if (model !== undefined) args.push('--model', model);
      if (preset !== 'use') args.push('--preset', preset);
      execFileSync(process.execPath, [join(dist!, 'cli/main.js'), ...args], { stdio: ['ignore', 'ignore', 'ignore'] });
      runs.push(await hashesOf(out));
      await rm(out, { recursive: true });
    }
    const names = new Set(runs.flatMap((run) => Object.keys(run)));
    for (const name of names)
      same(
        `${model ?? 'built-in'} ${preset} ${name}`,
        runs.map((run) => run[name]),
      );
  }
}

async function hashesOf(out: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || NOT_COMPARED.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    const part = entry.name === 'run.json' ? JSON.stringify(JSON.parse(content.toString()).spec) : content;
    hashes[path.slice(out.length)] = createHash('sha256').update(part).digest('hex');
  }
  return hashes;
}
