import type { DetectionTable, GroundTruthTable } from '../../src/evaluate/matching/tables.js';
import type { GroundTruthSet } from '../../src/evaluate/tables/ground-truth-set.js';
import { seededRandom } from '../../src/learn/statistics/random.js';

/** How a made-up model detects: the share of objects that it finds, how well boxes fit, and false positives per image. */
export interface ModelTraits {
  recall: number;
  fit: number;
  falsePositives: number;
}

export interface TwoModels {
  groundTruth: GroundTruthSet;
  tables: [DetectionTable, DetectionTable];
}

/** Of the labels among all objects. */
const SHARES = [0.5, 0.3, 0.15, 0.05];

/** Images drawn from one made-up world, with the detections of two models whose traits are known. */
export function twoModels(
  seed: number,
  images: number,
  traits: readonly [ModelTraits, ModelTraits],
  shares: readonly number[] = SHARES,
): TwoModels {
  const random = seededRandom(seed);
  const rows: number[][] = [];
  const found: number[][][] = [[], []];
  for (let image = 0; image < images; image++) {
    const hardness = random(); // what is hard is hard for both
    const objects = Math.floor(6 * random() ** 2) + 1;
    for (let k = 0; k < objects; k++) {
      const classId = drawClass(shares, random());
      const side = 10 + 200 * random() ** 2;
      const [x, y] = [400 * random(), 400 * random()];
      rows.push([image, classId, x, y, side, side]);
      const chance = random();
      for (const [m, { recall, fit }] of traits.entries()) {
        if (chance > recall * (1.2 - 0.4 * hardness)) continue;
        const shift = (random() - 0.5) * (1 - fit) * side;
        const score = Math.min(1, Math.max(0, 0.2 + 0.7 * random() - 0.2 * hardness));
        found[m]!.push([image, classId, x + shift, y, side, side * (1 - 0.3 * (1 - fit) * random()), score]);
      }
    }
    for (const [m, { falsePositives }] of traits.entries()) {
      for (let k = Math.floor(falsePositives * 2 * random()); k > 0; k--) {
        const side = 10 + 200 * random();
        found[m]!.push([
          image,
          drawClass(shares, random()),
          400 * random(),
          400 * random(),
          side,
          side,
          0.6 * random(),
        ]);
      }
    }
  }
  const labels = shares.map((_, i) => `label ${i}`);
  const groundTruth: GroundTruthSet = {
    table: groundTruths(rows),
    size: { images, classes: labels.length },
    ...{ labels, categoryIds: null, federated: null, warnings: [] },
    images: Array.from({ length: images }, (_, i) => ({ name: `${i}.jpg`, id: null, width: 640, height: 640 })),
  };
  return { groundTruth, tables: [detections(found[0]!), detections(found[1]!)] };
}

function drawClass(shares: readonly number[], value: number): number {
  const bounds = shares.map((_, i) => shares.slice(0, i + 1).reduce((sum, share) => sum + share, 0));
  return Math.max(
    0,
    bounds.findIndex((bound) => value < bound),
  );
}

function columns(rows: readonly number[][]) {
  return {
    images: Uint32Array.from(rows, ([image]) => image!),
    classIds: Uint32Array.from(rows, ([, classId]) => classId!),
    boxes: Float64Array.from(rows.flatMap(([, , x, y, width, height]) => [x!, y!, x! + width!, y! + height!])),
    boxAreas: Float64Array.from(rows, ([, , , , width, height]) => width! * height!),
  };
}

function groundTruths(rows: readonly number[][]): GroundTruthTable {
  const own = columns(rows);
  const none = () => new Uint8Array(rows.length);
  return { ...own, areas: own.boxAreas, crowds: none(), difficult: none(), zeroIds: none() };
}

function detections(rows: readonly number[][]): DetectionTable {
  return {
    ...columns(rows),
    scores: Float64Array.from(rows, (row) => row[6]!),
    ignoreUnmatched: new Uint8Array(rows.length),
  };
}
