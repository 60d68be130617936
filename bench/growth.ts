/**
 * How suppression grows with the number of candidates, and what it costs to keep all that stays, against torchvision's
 * batched_nms. Draws bench/results/growth.svg. Python as in bench/postprocess.ts.
 *
 *     npm run bench -- growth
 */
import { writeFile } from 'node:fs/promises';
import { randomNumbers } from '../test/support/random.js';
import { greedy } from './built.js';
import { type Line, lineChart } from './chart.js';
import { interleave, printTable, summarize } from './measure.js';
import { type NmsSet, Python } from './rivals/python.js';
import { IOU_THRESHOLD, makeOutput } from './sets.js';

const CLASSES = 80;
/** More candidates take torchvision minutes. */
const RIVALS_MOST = 100_000;
const COUNTS = [100, 1000, 10_000, 100_000, 1_000_000];
/** Objects and side of the scene for a number of candidates. */
const SCENES = {
  'one picture of 70 objects': () => ({ objects: 70, side: 640 }),
  'a scene that grows, 15 candidates per object': (count: number) => ({
    objects: Math.ceil(count / 15),
    side: 640 * Math.sqrt(count / 15 / 70),
  }),
};

const python = await Python.start();
const lines: Line[] = [];
for (const [name, sceneOf] of Object.entries(SCENES)) {
  const rows: Record<string, string>[] = [];
  for (const count of COUNTS) {
    const row = await measure(candidatesOf(count, sceneOf(count)), count >= 100_000 ? 5 : 21);
    rows.push({ candidates: count.toLocaleString('en'), ...row.table });
    for (const [line, ms] of Object.entries(row.ms)) add(`${line}, ${name}`, count, ms);
  }
  printTable(`${name}: ms, fastest of rounds`, rows);
}
printTable('all that stays, of [84, 8400] dense: ms, fastest of rounds', [
  (await measure(denseCandidates(), 21)).table,
]);
if (python !== null) await python.close();
await writeFile(new URL('./results/growth.svg', import.meta.url), await lineChart(lines));

async function measure(set: NmsSet, rounds: number) {
  let kept = 0;
  const own = () => {
    const start = performance.now();
    kept = suppressAll(set);
    return performance.now() - start;
  };
  const theirs = set.scores.length > RIVALS_MOST ? undefined : await python?.suppress(set);
  const cases = { sigbox: own, ...(theirs ? { 'torchvision batched_nms': async () => (await theirs()).ms } : {}) };
  const samples = await interleave(cases, { rounds, warmUp: rounds > 5 ? 5 : 1 });
  const ms = Object.fromEntries(Object.entries(samples).map(([name, found]) => [name, summarize(found).min]));
  const n = set.scores.length;
  const table: Record<string, string> = { kept: String(kept) };
  for (const name of ['sigbox', 'torchvision batched_nms']) table[name] = ms[name]?.toFixed(3) ?? '–';
  table['sigbox, ns per n · log2 n'] = ((ms.sigbox! * 1e6) / (n * Math.log2(n))).toFixed(1);
  const ratio = (ms['torchvision batched_nms'] ?? Number.NaN) / ms.sigbox!;
  table.ratio = Number.isNaN(ratio) ? '–' : ratio.toFixed(1);
  return { ms, table };
}

function suppressAll({ scores, classIds, boxes, iou }: NmsSet): number {
  const n = scores.length;
  return greedy.greedy(scores, classIds, boxes, {
    iouThresholds: new Float64Array(CLASSES).fill(iou),
    buckets: Uint16Array.from({ length: CLASSES }, (_, classId) => classId),
    maxCandidates: n,
    maxDetections: n,
    maxPerClass: n,
  }).length;
}

/** Boxes around objects, a fifth of them of other classes. */
function candidatesOf(count: number, { objects, side }: { objects: number; side: number }): NmsSet {
  const random = randomNumbers(7);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const scene = Array.from({ length: objects }, () => {
    const size = Math.exp(3.2 + 2.4 * random());
    const [width, height] = [size * Math.exp(0.3 * normal()), size * Math.exp(0.3 * normal())];
    return {
      x: side * random(),
      y: side * random(),
      width,
      height,
      classId: Math.floor(random() * random() * CLASSES),
    };
  });
  const boxes = new Float32Array(4 * count); // [count, 4]
  const scores = new Float32Array(count);
  const classIds = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const object = scene[i % objects]!;
    const [x, y] = [object.x + 0.03 * object.width * normal(), object.y + 0.03 * object.height * normal()];
    const [width, height] = [object.width * Math.exp(0.05 * normal()), object.height * Math.exp(0.05 * normal())];
    boxes.set([x - width / 2, y - height / 2, x + width / 2, y + height / 2], 4 * i);
    scores[i] = 1 / (1 + Math.exp(-1.2 - 1.2 * normal()));
    classIds[i] = random() < 0.2 ? Math.floor(random() * CLASSES) : object.classId;
  }
  return { boxes, scores, classIds, iou: IOU_THRESHOLD };
}

/** Every candidate of the dense output from 0.001 on, of which the best 30,000 are taken as rivals take them. */
function denseCandidates(): NmsSet {
  const { probabilities, rows, classes, scoreThreshold } = makeOutput('[84, 8400]', 'dense');
  const found: { row: number; classId: number; score: number }[] = [];
  for (let row = 0; row < rows; row++) {
    for (let classId = 0; classId < classes; classId++) {
      const score = probabilities[(4 + classId) * rows + row]!;
      if (score >= scoreThreshold) found.push({ row, classId, score });
    }
  }
  found.sort((a, b) => b.score - a.score);
  const best = found.slice(0, 30_000);
  const side = (row: number, column: number) => probabilities[column * rows + row]!;
  const corners = ({ row }: { row: number }) => {
    const [x, y, halfWidth, halfHeight] = [side(row, 0), side(row, 1), side(row, 2) / 2, side(row, 3) / 2];
    return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
  };
  return {
    boxes: Float32Array.from(best.flatMap(corners)),
    scores: Float32Array.from(best, ({ score }) => score),
    classIds: Uint16Array.from(best, ({ classId }) => classId),
    iou: IOU_THRESHOLD,
  };
}

function add(name: string, x: number, y: number): void {
  const line = lines.find((each) => each.name === name);
  if (line === undefined) lines.push({ name, points: [[x, y]] });
  else line.points.push([x, y]);
}
