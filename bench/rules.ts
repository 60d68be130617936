/**
 * Time per region under the 243 requirements of ROAD-R, in SIGBOX_DATA: random scores, and the same boxes once repaired.
 *
 *     SIGBOX_DATA=… npm run bench -- rules
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changesOf, ROAD_R_LABELS, ROAD_R_THRESHOLD, roadRScores } from '../test/support/road-r.js';
import { labelRules, ruleSet } from './built.js';
import { printTable, summarize } from './measure.js';

const BOXES = 10_000;
const ROUNDS = 5;

const folder = process.env.SIGBOX_DATA;
if (folder === undefined) {
  console.log('skipped: SIGBOX_DATA names no folder with road-r/requirements_dimacs.txt');
  process.exit();
}
const text = readFileSync(join(folder, 'road-r', 'requirements_dimacs.txt'), 'utf8');
const clauses = labelRules.parseDimacs(text, ROAD_R_LABELS, 'ROAD-R');

const begun = performance.now();
const rules = labelRules.compileRules({ clauses }, ROAD_R_LABELS);
const compiling = performance.now() - begun;
const numbers = new Map(ROAD_R_LABELS.map((label, i) => [label, i]));
const set = new ruleSet.RuleSet(ruleSet.numberRules(rules.rules, (label) => numbers.get(label)!));

const boxes = roadRScores(BOXES);
const sets = boxes.map(changesOf).map(({ present, costs }) => {
  return { present: Uint8Array.from(present), costs: Float64Array.from(costs) };
});
const violating = sets.flatMap(({ present }, i) => (set.satisfies(present) ? [] : [i]));
const room = new Uint8Array(ROAD_R_LABELS.length);
const repaired = sets.map(({ present, costs }) => {
  const own = present.slice();
  set.repair(own, costs);
  return own;
});
/** Printed, so that no work can be left out. */
let sum = 0;

/** µs of each call, all calls of the last round; those before warm up. */
function each(calls: number, action: (i: number) => number): number[] {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.length = 0;
    for (let i = 0; i < calls; i++) {
      const start = process.hrtime.bigint();
      sum += action(i);
      times.push(Number(process.hrtime.bigint() - start) / 1000);
    }
  }
  return times;
}

/** µs of a call on average, of calls that are too short to be measured one by one. */
function onAverage(calls: number, action: (i: number) => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) sum += action(i);
    best = Math.min(best, (1000 * (performance.now() - start)) / calls);
  }
  return best;
}

const repair = each(violating.length, (k) => {
  const { present, costs } = sets[violating[k]!]!;
  room.set(present);
  set.repair(room, costs);
  return room[0]!;
});
const whole = each(violating.length, (k) => {
  return rules.repair(boxes[violating[k]!]!, { thresholds: ROAD_R_THRESHOLD }).cost;
});
const row = (what: string, times: readonly number[]) => {
  const sorted = [...times].sort((a, b) => a - b);
  const { median, max } = summarize(sorted);
  const high = sorted[Math.floor(0.99 * sorted.length)]!;
  return { what, median: median.toFixed(1), '99 %': high.toFixed(1), max: max.toFixed(0) };
};
printTable(`µs per box that violates a rule: ${violating.length} of ${BOXES}`, [
  row('label set repaired', repair),
  row('repair of sigbox/rules, with costs, words and lists', whole),
]);
printTable('µs per box that violates none, mean', [
  { what: 'label set checked', mean: onAverage(BOXES, (i) => Number(set.satisfies(repaired[i]!))).toFixed(2) },
]);
printTable('ms, once', [{ what: 'compiling 243 rules', ms: compiling.toFixed(0) }]);
console.log(`\nsum of results: ${sum}`);
