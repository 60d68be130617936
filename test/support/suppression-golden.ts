import { readFileSync } from 'node:fs';
import type { FuseOptions } from '../../src/postprocess/api/fuse-boxes.js';
import type { PostprocessOptions } from '../../src/postprocess/options/postprocess-options.js';
import type { Candidates } from '../../src/types/plan.js';

/** What another program made of boxes; see fixtures/make/suppression.py. */
export interface SuppressionGolden {
  name: string;
  boxes: number[][];
  scores: number[];
  classIds: number[];
  options: PostprocessOptions & FuseOptions;
  /** Rows that stay, best first. */
  keep?: number[];
  /** Their scores afterwards. */
  kept?: number[];
  /** Rows that stay, ascending. */
  members?: number[];
  /** [n, n] overlap of each with each */
  matrix?: number[][];
  /** Class, score and box of each that stays, best first. */
  fused?: number[][];
  /** How many boxes are of each model. */
  models?: number[];
}

export function suppressionGoldens(file: string): SuppressionGolden[] {
  const url = new URL(`../fixtures/goldens/${file}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { cases: SuppressionGolden[] }).cases;
}

/** Its boxes that reach the score threshold, as candidates; `rows` are their numbers in the golden. */
export function candidatesOfGolden({ boxes, scores, classIds, options }: SuppressionGolden): Candidates {
  const { scoreThreshold = 0 } = options;
  const rows = [...scores.keys()].filter((i) => Math.fround(scores[i]) >= scoreThreshold);
  return {
    rows: Uint32Array.from(rows),
    scores: Float32Array.from(rows, (i) => scores[i]),
    classIds: Uint16Array.from(rows, (i) => classIds[i]),
    boxes: Float32Array.from(rows.flatMap((i) => boxes[i])),
    space: 'input',
  };
}
