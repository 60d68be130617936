/**
 * Post-processing of detectors' outputs, against what others use for it, and against reading the output once. The same
 * seeded tensors for all; see bench/sets.ts. Needs `npm ci` in bench/ and bench/requirements.txt in the Python that PYTHON
 * names (python3 by default); without Python its contenders are left out.
 *
 *     npm run bench -- postprocess                     all
 *     tsx bench/postprocess.ts '[84, 8400]' sparse     one output
 *
 * One rule for all, in JavaScript and in Python: a turn is a few calls of one contender, one after the other; turns go round,
 * each round beginning with another contender. Each contender has a copy of the output of its own, which is written anew
 * before every call, as inference would, and that is not timed. Of a turn its median and its first call count, which comes
 * after everybody else has run and has driven code and data out of the caches; the table has medians of both over all turns.
 */
import { printTable, summarize } from './measure.js';
import { openOnnxruntime } from './rivals/onnxruntime.js';
import { Python } from './rivals/python.js';
import type { Contender, Rival, Turn, TurnLength } from './rivals/rival.js';
import { sigboxContender, sigboxContenderOfCopies } from './rivals/sigbox.js';
import { openTfjs } from './rivals/tfjs.js';
import { openTransformers } from './rivals/transformers.js';
import { DENSITIES, type Density, type DetectorOutput, LAYOUTS, type Layout, makeOutput } from './sets.js';
import { openStream } from './stream.js';

const ROUNDS: Record<Density, number> = { sparse: 21, typical: 15, dense: 7 };
const TURN: TurnLength = { calls: 7, ms: 500 };
/** Who takes longer than so many ms has SLOW_ROUNDS turns; the table would change little by more. */
const SLOW = 500;
const SLOW_ROUNDS = 2;
/** Everyone runs alone before, so often or for so many ms, whichever is less: until JavaScript is compiled to the end. */
const ALONE: TurnLength = { calls: 3000, ms: 1000 };
const SIGBOX = 'sigbox';
const STREAM = 'reading it once';

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
    `${mode} label: ms of sigbox, and how many times as long each other takes: within turns (first calls)`,
    rows,
  );
}
printTable('ms of sigbox over ms of reading the output once: within turns (first calls)', streaming);
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
    const taking = Object.fromEntries(
      Object.entries(contenders).filter(([name]) => mode === 'multi' || !name.startsWith('onnxruntime')),
    );
    const { times, results } = await byTurns({ [STREAM]: stream, ...taking }, mode === 'multi', ROUNDS[density]);
    tables[mode].push(ratios(output, Object.keys(contenders), times));
    const [own, reading] = [times[SIGBOX]!, times[STREAM]!];
    row[STREAM] = `${reading.warm.toFixed(3)} (${reading.first.toFixed(3)})`;
    row[`${mode} label`] = `${(own.warm / reading.warm).toFixed(2)} (${(own.first / reading.first).toFixed(2)})`;
    console.error(JSON.stringify(tables[mode].at(-1)), JSON.stringify(row));
    agreement.push(agreementOf(output, mode, Object.keys(contenders), results));
  }
  streaming.push(row);
}

/** ms of a call: the median of a turn, and its first call; medians over all turns. */
interface Times {
  warm: number;
  first: number;
}

async function byTurns(contenders: Record<string, Contender>, multi: boolean, rounds: number) {
  const names = Object.keys(contenders);
  const turns: Record<string, Turn[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await contenders[name]!(multi, ALONE);
  for (let round = 0; round < rounds; round++) {
    for (const i of names.keys()) {
      const name = names[(i + round) % names.length]!;
      const isSlow = turns[name]!.some(({ ms }) => ms[0]! > SLOW);
      if (!isSlow || round < SLOW_ROUNDS) turns[name]!.push(await contenders[name]!(multi, TURN));
    }
  }
  const median = (samples: number[]) => summarize(samples).median;
  const timesOf = (own: Turn[]): Times => {
    return { warm: median(own.map(({ ms }) => median(ms))), first: median(own.map(({ ms }) => ms[0]!)) };
  };
  return {
    times: Object.fromEntries(names.map((name) => [name, timesOf(turns[name]!)])),
    results: new Map(names.map((name) => [name, turns[name]!.at(-1)!])),
  };
}

async function contendersFor(output: DetectorOutput) {
  const found: Record<string, Contender> = {
    [SIGBOX]: sigboxContender(output),
    'sigbox, copied': sigboxContenderOfCopies(output),
  };
  for (const rival of rivals) Object.assign(found, await rival.load(output));
  return found;
}

function ratios({ layout, density }: DetectorOutput, names: string[], times: Record<string, Times>) {
  const own = times[SIGBOX]!;
  const row: Record<string, string> = {
    output: layout,
    density,
    sigbox: `${own.warm.toFixed(3)} (${own.first.toFixed(3)})`,
  };
  for (const name of names.filter((each) => each !== SIGBOX)) {
    const found = times[name];
    row[name] = found === undefined ? '–' : `${sized(found.warm / own.warm)} (${sized(found.first / own.first)})`;
  }
  for (const name of ['transformers.js, no NMS', 'onnxruntime NonMaxSuppression']) row[name] ??= '–';
  return row;
}

function sized(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0);
}

function agreementOf({ layout, density }: DetectorOutput, mode: string, names: string[], results: Map<string, Turn>) {
  const row: Record<string, string> = { output: layout, density, labels: mode };
  for (const name of names) {
    const result = results.get(name);
    row[name] = result === undefined ? '–' : `${result.kept} / ${result.sum.toFixed(2)}`;
  }
  for (const name of ['transformers.js, no NMS', 'onnxruntime NonMaxSuppression']) row[name] ??= '–';
  return row;
}
