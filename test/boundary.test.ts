import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// Who may import whom. A room is a folder or a file directly under src. Inside a room all is allowed.

/** From the ground up: a room imports from the floors below its own, never from above, never from beside it. */
const FLOORS = [
  ['errors'],
  ['check'],
  ['types'],
  ['flow', 'text'],
  ['files'],
  ['kernels'],
  ['image', 'labels'],
  ['model'],
  ['heads'],
  ['postprocess', 'identify'],
  ['views'],
  ['options', 'pipeline'],
  ['workers'],
  ['detector'],
];

/** Beside the house, which imports none of them. */
const ANNEXES: Record<string, string[]> = {
  columns: ['types', 'errors', 'text'],
  evaluate: ['types', 'errors', 'check', 'text', 'columns'],
  // exports choose among labels as detection does; boxes of YOLO are shares of their image's size
  formats: ['types', 'errors', 'check', 'text', 'files', 'labels', 'image', 'columns'],
  charts: ['types', 'errors', 'check', 'evaluate', 'compare'],
  render: ['types', 'errors', 'check', 'files', 'image'], // the picture is drawn into the image as it was decoded
  // a run's header holds the model's spec, its files' hash and the options of its detection; parents of labels are made anew
  runs: [
    'types',
    'errors',
    'check',
    'text',
    'flow',
    'files',
    'labels',
    'image',
    'model',
    'identify',
    'postprocess',
    'views',
    'options',
    'detector',
    'formats',
    'render',
  ],
  // reads ground truth and runs, chooses what post-processing is to do, tries it out on what evaluation has matched
  learn: [
    ...['types', 'errors', 'check', 'files', 'kernels', 'labels', 'image', 'identify', 'postprocess'],
    ...['columns', 'formats', 'evaluate', 'runs'],
  ],
  // models are compared with the statistics of learning, on what evaluation has matched
  compare: ['types', 'errors', 'check', 'columns', 'evaluate', 'learn'],
  // annotations are checked against their image files, and against what a model found
  doctor: ['types', 'errors', 'check', 'files', 'image', 'columns', 'evaluate'],
  index: [
    ...[
      'types',
      'errors',
      'check',
      'heads',
      'identify',
      'image',
      'model',
      'postprocess',
      'options',
      'detector',
      'formats',
    ],
    ...['columns', 'evaluate', 'render', 'runs', 'learn', 'compare', 'doctor'],
  ],
  // what the server and the page have in common, and the page itself, which is bundled for browsers
  'review/protocol': ['types', 'errors', 'text', 'postprocess', 'evaluate'],
  'review/page': ['types', 'errors', 'text', 'labels', 'postprocess', 'evaluate', 'review/protocol'],
  review: [
    'types',
    'errors',
    'check',
    'text',
    'files',
    'labels',
    'image',
    'postprocess',
    'evaluate',
    'render',
    'runs',
    'learn',
    'review/protocol',
  ],
  cli: [
    ...FLOORS.flat(),
    'columns',
    'formats',
    'evaluate',
    'charts',
    'render',
    'runs',
    'learn',
    'review',
    'compare',
    'doctor',
  ],
};

/** Where each dependency may be imported: heavy or native ones in one place only. */
const PACKAGES: Record<string, RegExp> = {
  '@aws-sdk/client-s3': /^files\/store\/s3-store\.ts$/,
  '@huggingface/hub': /^model\/hub\//,
  bullmq: /^runs\/queue\/dealing\//,
  'cli-progress': /^cli\//,
  'cli-table3': /^cli\//,
  'csv-parse': /^(formats|runs\/inputs)\//,
  'csv-stringify': /^formats\//,
  hyparquet: /^runs\/inputs\//,
  'fs-native-extensions': /^files\/kernel-lock\.ts$/,
  'fast-xml-builder': /^formats\//,
  ioredis: /^runs\/queue\/dealing\//,
  'onnxruntime-node': /^model\/(session|infer)\.ts$/,
  'p-limit': /^workers\/pool\.ts$/,
  'p-map': /^(runs|formats)\//,
  picomatch: /^runs\//,
  saxes: /^formats\//,
  sharp: /^(image\/|render\/|workers\/worker\.ts$)/,
  tinyglobby: /^runs\//,
  tinypool: /^workers\/pool\.ts$/,
  undici: /^model\/hub\//,
  valibot: /^check\//,
  yaml: /^(formats|identify)\//,
};

/** Rooms that run in any JavaScript runtime: nothing of Node's, and no package but those that do so as well. */
const ANYWHERE = [
  'types',
  'errors',
  'check',
  'text',
  'kernels',
  'labels',
  'heads',
  'postprocess',
  'columns',
  'evaluate',
  'review/protocol',
  'review/page',
];
const RUNS_ANYWHERE = ['valibot'];

/** Packages that are bundled into the review page; whoever installs sigbox does not install them. */
const BUNDLED = ['preact', '@preact/signals', 'uplot'];

/** Rooms on lower floors that need Node. */
const NODE_ONLY = ['files', 'model'];

/** What a file imports against the rule, one line each. */
function violations(file: string, source: string): string[] {
  return importsOf(source).flatMap((target) => {
    const why = target.startsWith('.') ? wayBarred(file, target) : packageBarred(file, target);
    return why === null ? [] : [`${file} imports ${target}: ${why}`];
  });
}

function wayBarred(file: string, target: string): string | null {
  const path = posix.join(posix.dirname(file), target);
  if (path.startsWith('..')) return 'it lies outside src';
  const [from, to] = [roomOf(file), roomOf(path)];
  if (from === to) return null;
  if (ANYWHERE.includes(from) && NODE_ONLY.includes(to)) return `${from} is to run in any runtime`;
  return allowed(from).includes(to) ? null : `${from} may not import ${to}`;
}

function packageBarred(file: string, target: string): string | null {
  if (roomOf(file) === 'review/page' && BUNDLED.includes(target.replace(/^preact\/.*/, 'preact'))) return null;
  if (ANYWHERE.includes(roomOf(file)) && !RUNS_ANYWHERE.includes(target)) {
    return `${roomOf(file)} is to run in any runtime`;
  }
  if (target.startsWith('node:')) return null;
  return PACKAGES[packageOf(target)]?.test(file) ? null : 'no place for that package';
}

/** Without the part of it that is imported (csv-stringify/sync). */
function packageOf(target: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(target)![0];
}

function allowed(room: string): string[] {
  const floor = FLOORS.findIndex((rooms) => rooms.includes(room));
  return floor < 0 ? (ANNEXES[room] ?? []) : FLOORS.slice(0, floor).flat();
}

/** A folder of src, but for those inside one that have a rule of their own. */
function roomOf(path: string): string {
  const own = Object.keys(ANNEXES).find((room) => room.includes('/') && path.startsWith(`${room}/`));
  return own ?? path.split('/')[0].replace(/\.[jt]s$/, '');
}

/** Of static, dynamic and re-exporting imports, types included, and of files that are loaded by their URL. */
function importsOf(source: string): string[] {
  const forms =
    /(?<![-'])\bfrom\s*'([^']+)'|\bimport\s*\(?\s*'([^']+)'|\bimport(\()|new URL\('([^']+\.js)', import\.meta\.url\)/g;
  return [...source.matchAll(forms)].map(([, from, imported, computed, url]) => from ?? imported ?? computed ?? url);
}

const src = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();

test.each(files)('%s', (file) => {
  expect(violations(file, readFileSync(join(src, file), 'utf8'))).toEqual([]);
});

test('every room has its place in the rule, and the rule has no empty ones', () => {
  expect([...new Set(files.map(roomOf))].sort()).toEqual([...FLOORS.flat(), ...Object.keys(ANNEXES)].sort());
});

test('every dependency has its place in the rule, and is imported', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(src, '../package.json'), 'utf8'));
  expect(Object.keys(PACKAGES).sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
  const imported = new Set(files.flatMap((file) => importsOf(readFileSync(join(src, file), 'utf8')).map(packageOf)));
  expect(Object.keys(PACKAGES).filter((name) => !imported.has(name))).toEqual([]);
});

test.each([
  ['back', 'kernels/a.ts', "import { b } from '../heads/b.js';", 'kernels may not import heads'],
  ['sideways', 'image/a.ts', "import type { B } from '../labels/b.js';", 'image may not import labels'],
  [
    'sideways between files',
    'options.ts',
    "import { openPipeline } from './pipeline.js';",
    'options may not import pipeline',
  ],
  ['into an annex', 'detector.ts', "import { a } from './formats/a.js';", 'detector may not import formats'],
  ['from one annex to another', 'formats/a.ts', "export * from '../render/b.js';", 'formats may not import render'],
  ['a late one', 'runs/a.ts', "const { x } = await import('../cli/main.js');", 'runs may not import cli'],
  [
    'a program by its URL',
    'model/a.ts',
    "new URL('../workers/worker.js', import.meta.url)",
    'model may not import workers',
  ],
  [
    'over several lines',
    'heads/a.ts',
    "import {\n  a,\n  b,\n} from '../pipeline.js';",
    'heads may not import pipeline',
  ],
  ['out of the house', 'model/a.ts', "import '../../scripts/model/build.js';", 'it lies outside src'],
  ['an unknown room', 'attic/a.ts', "import '../types/plan.js';", 'attic may not import types'],
  ['ONNX elsewhere', 'model/identify.ts', "import ort from 'onnxruntime-node';", 'no place for that package'],
  ['sharp elsewhere', 'workers/pool.ts', "import sharp from 'sharp';", 'no place for that package'],
  ['tables elsewhere', 'index.ts', "import Table from 'cli-table3';", 'no place for that package'],
  ['a computed path', 'cli/main.ts', 'await import(path)', 'no place for that package'],
  ['valibot elsewhere', 'heads/a.ts', "import * as v from 'valibot';", 'no place for that package'],
  ['an unknown package', 'cli/main.ts', "import chalk from 'chalk';", 'no place for that package'],
  [
    'Node where any runtime is meant',
    'kernels/a.ts',
    "import { cpus } from 'node:os';",
    'kernels is to run in any runtime',
  ],
])('the rule catches: %s', (_, file, source, why) => {
  expect(violations(file, source)).toEqual([expect.stringMatching(new RegExp(`: ${why}$`))]);
});

test('the rule lets pass what is allowed', () => {
  const source =
    "import { a } from './a.js';\nimport { b } from '../types/plan.js';\nimport c from 'node:path';\nimport d from 'sharp';";
  expect(violations('image/x.ts', source)).toEqual([]);
});
