/** Scanning score matrices: the WebAssembly kernels against the obvious loops in TypeScript. */
import { scan } from '../src/kernels/scan/scan.js';
import { scanThresholds } from '../src/kernels/scan/scan-thresholds.js';
import type { ScoreMatrix } from '../src/kernels/scan/score-matrix.js';
import { scan as twin } from '../test/reference/scan.js';
import { randomNumbers } from '../test/support/random.js';
import type { ScanOptions } from '../test/support/scan.js';
import { type Cases, elapsed, interleave, printTable, summarize } from './measure.js';

const ROUNDS = 60;
const SHAPES = {
  '[84, 8400]': byColumn(80, 8400),
  '[25200, 85]': byRow(80, 25_200),
  '[1207, 8400]': byColumn(1203, 8400),
};
/** Share of the scores that reach the threshold. */
const DENSITIES = { sparse: 1e-5, typical: 1e-3, dense: 0.05 };
let found = 0;

const cases: Cases = {};
for (const [shape, matrix] of Object.entries(SHAPES)) {
  for (const [density, share] of Object.entries(DENSITIES)) {
    for (const single of [false, true]) {
      const options = optionsFor(matrix.classes, share, single);
      const thresholds = scanThresholds(options);
      const name = `${shape} ${density} ${single ? 'single' : 'multi'}`;
      cases[`${name}, kernel`] = () => again(() => count(scan(matrix, thresholds).values.length));
      cases[`${name}, TypeScript`] = () => again(() => count(twin(matrix, options).values.length));
    }
  }
}
const samples = await interleave(cases, { rounds: ROUNDS, warmUp: 5 });
const rows = Object.keys(samples)
  .filter((name) => name.endsWith(', kernel'))
  .map((name) => {
    const [kernel, loops] = [name, name.replace(', kernel', ', TypeScript')].map((key) => summarize(samples[key]!));
    const ratio = (loops!.median / kernel!.median).toFixed(1);
    return {
      scan: name.replace(', kernel', ''),
      kernel: kernel!.median.toFixed(2),
      TypeScript: loops!.median.toFixed(2),
      ratio,
    };
  });
printTable('median ms', rows);
console.log(`\nsum of results: ${found} hits`);

/** ms of a second call: in the first one, who comes first would bring the matrix into the caches for who comes next. */
function again(call: () => void): Promise<number> {
  call();
  return elapsed(call);
}

function count(hits: number): void {
  found += hits;
}

function optionsFor(classes: number, share: number, single: boolean): ScanOptions {
  const columns = Uint16Array.from({ length: classes }, (_, i) => i);
  return { thresholds: new Float64Array(classes).fill(1 - share), columns, single };
}

/** Class after class behind four rows of box numbers, as YOLOv8 gives them. */
function byColumn(classes: number, rows: number): ScoreMatrix {
  const data = uniform((classes + 4) * rows);
  return { data, rows, classes, start: 4 * rows, rowStep: 1, classStep: rows };
}

/** Row after row, with objectness, as YOLOv5 gives them. */
function byRow(classes: number, rows: number): ScoreMatrix {
  const data = uniform((classes + 5) * rows);
  return { data, rows, classes, start: 5, rowStep: classes + 5, classStep: 1, objectness: { start: 4 } };
}

function uniform(length: number): Float32Array {
  const random = randomNumbers(3);
  return Float32Array.from({ length }, random);
}
