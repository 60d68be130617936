/**
 * A million candidates over the threshold, from outputs to regions: time, and the memory that it takes beside the output, in
 * processes of their own; and by method of suppression.
 *
 *     npm run bench -- million
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PostprocessOptions } from '../src/postprocess/options/postprocess-options.js';
import { SUPPRESSIONS } from '../src/types/options.js';
import { randomNumbers } from '../test/support/random.js';
import { memory, postprocess } from './built.js';
import { printTable, summarize } from './measure.js';

const [ROWS, CLASSES, SIDE] = [12_500, 80, 640];
const ROUNDS = 9;
const LAYOUTS = ['columns', 'rows'] as const;
const LIMITS = [30_000, 1_000_000];

const SCOPES = { 'of 80 classes': 'class', all: 'all' } as const;

const [layout, limit] = process.argv.slice(2);
if (layout === undefined) {
  printTable(
    `${ROWS * CLASSES} candidates, at most 300 kept`,
    LAYOUTS.flatMap((each) => LIMITS.map((most) => run(each, most))),
  );
  printTable('by method, 30000 candidates: user time, ms, the least of 3', byMethod());
} else console.log(JSON.stringify(measure(layout as 'columns' | 'rows', Number(limit))));

function run(head: string, most: number): Record<string, string> {
  const given = [...process.execArgv, fileURLToPath(import.meta.url), head, String(most)];
  return JSON.parse(execFileSync(process.execPath, given, { encoding: 'utf8' }).trim().split('\n').at(-1)!);
}

function measure(head: 'columns' | 'rows', maxCandidates: number): Record<string, string> {
  const call = callOf(head);
  const before = process.memoryUsage().rss;
  let notes: string[] | undefined;
  let found = 0;
  const ms = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    const result = call({ maxCandidates });
    notes = result.notes;
    found = result.detections.length;
    return performance.now() - start;
  });
  const { rss } = process.memoryUsage();
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  return {
    head,
    maxCandidates: String(maxCandidates),
    regions: String(found),
    'ms, first': ms[0]!.toFixed(1),
    'ms, median': summarize(ms).median.toFixed(1),
    'MB before': megabytes(before),
    'MB more at most': megabytes(process.resourceUsage().maxRSS * 1024 - before),
    'MB after': megabytes(rss),
    notes: notes?.join(' ') ?? '–',
  };
}

function byMethod(): Record<string, string>[] {
  const call = callOf('rows');
  return Object.entries(SCOPES).map(([rivals, scope]) => {
    const row: Record<string, string> = { rivals };
    for (const suppression of SUPPRESSIONS) {
      const ms = Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        call({ suppression, scope });
        return process.cpuUsage(before).user / 1000;
      });
      row[suppression] = Math.min(...ms).toFixed(0);
    }
    return row;
  });
}

/** Post-processing of an output in which every score is over the threshold. */
function callOf(head: 'columns' | 'rows') {
  const random = randomNumbers(3);
  const width = 4 + CLASSES;
  const data = memory.allocateFloat32(ROWS * width);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < width; column++) {
      const box = column < 2 ? SIDE * random() : 10 + 60 * random();
      data[head === 'rows' ? row * width + column : column * ROWS + row] = column < 4 ? box : 0.1 + 0.9 * random();
    }
  }
  const dims = head === 'rows' ? [1, ROWS, width] : [1, width, ROWS];
  const format = { boxFormat: 'cxcywh', boxUnit: 'input-pixels', activation: 'none', suppress: true } as const;
  const spec = {
    head: { family: 'yolo', output: 'out', layout: head, objectness: false, ...format } as const,
    labels: Array.from({ length: CLASSES }, (_, i) => `class ${i}`),
    input: { width: SIDE, height: SIDE, fit: 'stretch' } as const,
  };
  const usual = { image: { width: SIDE, height: SIDE }, scoreThreshold: 0.05, iouThreshold: 0.7 };
  return (options: PostprocessOptions) =>
    postprocess.postprocess({ out: { dims, data } }, spec, { ...usual, ...options });
}
