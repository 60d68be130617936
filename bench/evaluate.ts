/**
 * Evaluation of a set of COCO's size: sigbox against pycocotools and faster-coco-eval, by turns, each run in a process of
 * its own. `PYTHON` names an interpreter that has the two; without it only sigbox is measured.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cases, interleave, printTable, summarize } from './measure.js';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const file = (name: string) => fileURLToPath(new URL(`evaluate/${name}`, import.meta.url));

interface Sample {
  load: number;
  evaluate: number;
  /** CPU time of the evaluation, seconds. */
  work: number;
  memory: number;
  numbers: number[];
}

const folder = mkdtempSync(join(tmpdir(), 'sigbox-bench-'));
const set = [join(folder, 'truth.json'), join(folder, 'results.json')];
run(process.execPath, [...process.execArgv, file('make-set.ts'), folder]);
const samples: Record<string, Sample[]> = {};
const cases: Cases = {
  sigbox: () => take('sigbox', process.execPath, [file('measure.mjs'), ...set]),
};
const { PYTHON } = process.env;
if (PYTHON !== undefined && existsSync(PYTHON)) {
  for (const name of (process.env.RIVALS ?? 'hotcoco,ultrafast-pycocotools').split(',')) {
    cases[name] = () => take(name, PYTHON, [file('measure.py'), name, ...set]);
  }
} else console.log('PYTHON names no interpreter: the others are not measured.');
await interleave(cases, { rounds: ROUNDS, warmUp: 0 });
rmSync(folder, { recursive: true });

const median = (name: string, of: (sample: Sample) => number) => summarize(samples[name]!.map(of)).median;
const own = {
  load: median('sigbox', (s) => s.load),
  evaluate: median('sigbox', (s) => s.evaluate),
  work: median('sigbox', (s) => s.work),
};
printTable(
  '5,000 images, 36,000 truths, 500,000 detections, 80 classes: medians',
  Object.keys(samples).map((name) => {
    const [load, evaluate] = [median(name, (s) => s.load), median(name, (s) => s.evaluate)];
    const differences = samples[name]![0]!.numbers.map((n, i) => Math.abs(n - samples.sigbox![0]!.numbers[i]!));
    return {
      evaluator: name,
      'load, s': load.toFixed(2),
      'evaluate, s': evaluate.toFixed(2),
      'times sigbox': (evaluate / own.evaluate).toFixed(1),
      'CPU, s': median(name, (s) => s.work).toFixed(2),
      'CPU, times sigbox': (median(name, (s) => s.work) / own.work).toFixed(1),
      'both, times sigbox': ((load + evaluate) / (own.load + own.evaluate)).toFixed(1),
      'peak MiB': median(name, (s) => s.memory).toFixed(0),
      'largest difference': Math.max(...differences).toExponential(0),
    };
  }),
);

function take(name: string, command: string, args: string[]): number {
  const sample = JSON.parse(run(command, args)) as Sample;
  samples[name] ??= [];
  samples[name].push(sample);
  return sample.evaluate;
}

function run(command: string, args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
