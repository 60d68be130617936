import { readFileSync } from 'node:fs';
import { evaluationTables } from '../src/evaluate/tables/evaluation-tables.js';
import { chooseSetting, fitSetting } from '../src/learn/statistics/cross-validate.js';
import { matchResults } from '../src/learn/statistics/match-results.js';
import { drawFolds } from '../src/learn/statistics/random.js';
import { type Aim, aimValue } from '../src/learn/thresholds/aim.js';
import { type CountSums, CountTable, thresholdGrid } from '../src/learn/thresholds/count-table.js';
import { suppressAgain } from '../src/learn/thresholds/suppress-again.js';
import { readRun } from '../src/runs/record/read-run.js';
import type { DetectionResult } from '../src/types/detections.js';
import { printTable } from './measure.js';

// npx tsx bench/tuning.ts TRUTH.json RUN: what thresholds from one half of the images gain on the other, over 40 random
// halves each way, by how far labels go their own way. Not part of `npm run bench`: it needs labelled images.

const [groundTruth, folder] = process.argv.slice(2) as [string, string];
const results: DetectionResult[] = [];
for await (const result of (await readRun(folder)).results('unfiltered')) results.push(result);
const tables = evaluationTables(JSON.parse(readFileSync(groundTruth, 'utf8')), results);
const defaults = suppressAgain(tables.detections, tables.groundTruth.size, { suppression: 'nms', iouThreshold: 0.5 });
const matched = matchResults(tables, defaults);
const aim: Aim = { kind: 'f', beta: 1 };
const grid = thresholdGrid(0.05);
const usualPlace = grid.findIndex((threshold) => threshold >= 0.35 - 1e-9);

function macroF1(
  { classes, truePositives, falsePositives, groundTruths }: CountSums,
  placeOf: (classId: number) => number,
): number {
  const at = (counts: Uint32Array) => Array.from({ length: classes }, (_, c) => counts[placeOf(c) * classes + c]!);
  return aimValue(aim, { truePositives: at(truePositives), falsePositives: at(falsePositives), groundTruths });
}

const ways: [string, number[]][] = [
  ['one threshold for all', [Number.POSITIVE_INFINITY]],
  ['strength 160', [160]],
  ['strength 40', [40]],
  ['strength 10', [10]],
  ['each label by itself', [1e-9]],
  ['chosen by cross-validation', [Number.POSITIVE_INFINITY, 160, 40]],
];
const rows = ways.map(([name, strengths]) => {
  const gains: number[] = [];
  for (let seed = 0; seed < 40; seed++) {
    const table = new CountTable(matched, grid, drawFolds(matched.images, { folds: 10, seed }));
    for (const learnt of [table.folds.slice(0, 5), table.folds.slice(5)]) {
      const choice = { aim, settings: strengths.map((strength) => ({ table: 0, strength })), minExamples: 10 };
      const { places } = fitSetting([table], learnt, chooseSetting([table], learnt, choice), choice);
      const other = table.sum(table.folds.filter((fold) => !learnt.includes(fold)));
      gains.push(macroF1(other, (c) => places[c]!) - macroF1(other, () => usualPlace));
    }
  }
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const spread = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / gains.length);
  const worse = gains.filter((gain) => gain < 0).length / gains.length;
  const gain = `${mean.toFixed(4)} ± ${spread.toFixed(4)}`;
  return { thresholds: name, 'gain of macro F1': gain, losses: `${(100 * worse).toFixed(0)} %` };
});
printTable('thresholds from one half of the images, on the other', rows);
