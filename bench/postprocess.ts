/**
 * Post-processing of detectors' outputs, against what others use for it, and against reading the output once. The same
 * seeded tensors for all, by turns; see bench/sets.ts. Needs `npm ci` in bench/ and bench/requirements.txt in the Python
 * that PYTHON names (python3 by default); without Python its contenders are left out.
 *
 *     npm run bench -- postprocess
 */
import { type Cases, interleave, printTable, summarize } from './measure.js';
import { openOnnxruntime } from './rivals/onnxruntime.js';
import { Python } from './rivals/python.js';
import type { Measured, Rival } from './rivals/rival.js';
import { sigboxRuns, sigboxRunsOfCopies } from './rivals/sigbox.js';
import { openTfjs } from './rivals/tfjs.js';
import { openTransformers } from './rivals/transformers.js';
import { DENSITIES, type Density, type DetectorOutput, LAYOUTS, type Layout, makeOutput } from './sets.js';
import { openStream } from './stream.js';

const ROUNDS: Record<Density, number> = { sparse: 21, typical: 15, dense: 4 };
/** Who takes longer than so many ms is measured SLOW_ROUNDS times; the table would change little by more. */
const SLOW = 500;
const SLOW_ROUNDS = 2;
/** Everyone runs alone before, so often or for so many ms, whichever is less: JavaScript is compiled on the way. */
const ALONE = { runs: 50, ms: 300 };
const SIGBOX = 'sigbox';
const STREAM = 'reading it once';

type Results = Map<string, { kept: number; sum: number }>;

const [layouts, densities] = [wanted(LAYOUTS), wanted(DENSITIES)];
const python = await Python.start();
console.log(
  python === null
    ? 'without Python'
    : Object.entries(python.versions)
        .map((pair) => pair.join(' '))
        .join(', '),
);
const rivals: Rival[] = [await openTfjs(), await openTransformers(), await openOnnxruntime()];
if (python !== null) rivals.push(python);

const tables: Record<'multi' | 'single', Record<string, string>[]> = { multi: [], single: [] };
const streaming: Record<string, string>[] = [];
const agreement: Record<string, string>[] = [];
for (const layout of layouts) for (const density of densities) await measure(layout, density);
for (const rival of rivals) await rival.close();
for (const [mode, rows] of Object.entries(tables)) {
  printTable(
    `${mode} label: ms of sigbox, and how many times as long each other takes: medians (fastest rounds)`,
    rows,
  );
}
printTable('ms of sigbox over ms of reading the output once: medians (fastest rounds)', streaming);
printTable('what was kept of 300: number and sum of scores', agreement);

function wanted<Name extends string>(all: Name[]): Name[] {
  const named = all.filter((name) => process.argv.slice(2).includes(name));
  return named.length > 0 ? named : all;
}

async function measure(layout: Layout, density: Density): Promise<void> {
  const output = makeOutput(layout, density);
  const contenders = await contendersFor(output);
  const stream = await openStream(output.logits);
  const row: Record<string, string> = { output: layout, density, [STREAM]: '' };
  for (const mode of ['multi', 'single'] as const) {
    const results: Results = new Map();
    const cases: Cases = { [STREAM]: stream };
    for (const [name, run] of Object.entries(contenders)) {
      if (mode === 'single' && name.startsWith('onnxruntime')) continue;
      const slow: number[] = [];
      cases[name] = async () => {
        if (slow.length >= SLOW_ROUNDS) return Math.min(...slow);
        const { ms, ...result } = await run(mode === 'multi');
        results.set(name, result);
        if (ms > SLOW) slow.push(ms);
        return ms;
      };
    }
    for (const run of Object.values(cases)) await runAlone(run);
    const samples = await interleave(cases, { rounds: ROUNDS[density], warmUp: 1 });
    const over = (which: 'median' | 'min') => {
      return (summarize(samples[SIGBOX]!)[which] / summarize(samples[STREAM]!)[which]).toFixed(2);
    };
    tables[mode].push(ratios(output, Object.keys(contenders), samples));
    row[STREAM] = summarize(samples[STREAM]!).median.toFixed(3);
    row[`${mode} label`] = `${over('median')} (${over('min')})`;
    console.error(JSON.stringify(tables[mode].at(-1)), JSON.stringify(row));
    agreement.push(agreementOf(output, mode, Object.keys(contenders), results));
  }
  streaming.push(row);
}

async function runAlone(run: Cases[string]): Promise<void> {
  for (let runs = 0, ms = 0; runs < ALONE.runs && ms < ALONE.ms; runs++) ms += await run();
}

async function contendersFor(output: DetectorOutput) {
  const own = { [SIGBOX]: sigboxRuns(output), 'sigbox, copied': sigboxRunsOfCopies(output) };
  const found: Record<string, (multi: boolean) => Measured | Promise<Measured>> = { ...own };
  for (const rival of rivals) Object.assign(found, await rival.load(output));
  return found;
}

function ratios({ layout, density }: DetectorOutput, names: string[], samples: Record<string, number[]>) {
  const own = summarize(samples[SIGBOX]!);
  const row: Record<string, string> = {
    output: layout,
    density,
    sigbox: `${own.median.toFixed(3)} (${own.min.toFixed(3)})`,
  };
  for (const name of names.filter((each) => each !== SIGBOX)) {
    const found = samples[name];
    if (found === undefined) row[name] = '–';
    else row[name] = `${sized(summarize(found).median / own.median)} (${sized(summarize(found).min / own.min)})`;
  }
  for (const name of ['transformers.js, no NMS', 'onnxruntime NonMaxSuppression']) row[name] ??= '–';
  return row;
}

function sized(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0);
}

function agreementOf({ layout, density }: DetectorOutput, mode: string, names: string[], results: Results) {
  const row: Record<string, string> = { output: layout, density, labels: mode };
  for (const name of names) {
    const result = results.get(name);
    row[name] = result === undefined ? '–' : `${result.kept} / ${result.sum.toFixed(2)}`;
  }
  for (const name of ['transformers.js, no NMS', 'onnxruntime NonMaxSuppression']) row[name] ??= '–';
  return row;
}
