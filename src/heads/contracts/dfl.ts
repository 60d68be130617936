import { complain } from '../../errors.js';
import { exp } from '../../kernels/maths/elementary.js';
import type { ScoreMatrix } from '../../kernels/scan/score-matrix.js';
import type { Tensors } from '../../types/model.js';
import { type Grid, gridAt, gridsOf, scanAll } from '../decode/levels.js';
import { finite, outputNames, strides, whole } from '../fields.js';
import { type Activation, activation, type Head } from '../head.js';
import { rowsOf } from '../outputs.js';

/** Per cell of a grid: class scores, and how far each edge is from the cell's centre, as a distribution. */
export interface DflHeadSpec {
  family: 'dfl';
  /**
   * Names of the outputs, one per stride or one for all cells. `scores` are [1, cells, classes], `distances`
   * [1, cells, 4 · bins]; where both name the same output, its columns are the scores and then the distances.
   */
  scores: string[];
  distances: string[];
  activation: Activation;
  /** Input pixels per cell of each level. */
  strides: number[];
  /** Values of each distribution: distances of 0, 1 … bins − 1 strides. */
  bins: number;
  /** Where in its cell a centre lies, in strides: 0.5 in the middle, 0 at the top left. */
  centre: number;
}

/**
 * Detectors trained with the distribution focal loss whose graph leaves the distributions as they are: NanoDet,
 * NanoDet-Plus, PicoDet.
 *
 * A distance is the expectation of the softmax over its bins, in strides; the order is left, top, right, bottom.
 * Source: Li et al., Generalized Focal Loss (2020), section 3.2; nanodet.model.head.gfl_head (Integral, distance2bbox).
 */
export const dfl: Head<DflHeadSpec> = {
  fields: {
    scores: outputNames,
    distances: outputNames,
    activation,
    strides,
    bins: whole,
    centre: finite,
  },

  outputs: ({ scores, distances }) => [...new Set([...scores, ...distances])],

  needsSuppression: () => true,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const joined = spec.scores[0] === spec.distances[0];
    const [before, behind] = joined ? [classes, 4 * spec.bins] : [0, 0];
    const scores = blocksOf(outputs, spec.scores, { width: classes, before: 0, behind });
    const distances = blocksOf(outputs, spec.distances, { width: 4 * spec.bins, before, behind: 0 });
    const levels = gridsOf(spec.strides, geometry);
    requireCells(spec, scores, distances, levels);
    const matrices = scores.map(
      ({ data, rows, start, rowStep }): ScoreMatrix => ({ data, rows, classes, start, rowStep, classStep: 1 }),
    );
    const { values, ...places } = scanAll(matrices, spec.activation, selection);
    return { ...places, scores: values, boxes: decode(places.rows, distances, levels, spec), space: 'input' };
  },
};

/** Some columns of an output: row r, column k at start + r · rowStep + k. */
interface Block {
  data: Float32Array;
  rows: number;
  start: number;
  rowStep: number;
}

/** @param columns  how many are wanted, and how many there are on either side of them */
function blocksOf(
  outputs: Tensors,
  wanted: readonly string[],
  { width, before, behind }: { width: number; before: number; behind: number },
): Block[] {
  return wanted.map((name) => {
    const { data, rows, columns } = rowsOf(outputs, name, before + width + behind);
    return { data, rows, start: before, rowStep: columns };
  });
}

function requireCells(spec: DflHeadSpec, scores: Block[], distances: Block[], levels: readonly Grid[]): void {
  const cells = levels.map(({ width, height }) => width * height);
  const all = cells.reduce((sum, count) => sum + count, 0);
  for (const blocks of [scores, distances]) {
    const found = blocks.map(({ rows }) => rows);
    if (found.join() === cells.join() || found.join() === `${all}`) continue;
    throw complain('E_MODEL', {
      where: `outputs "${(blocks === scores ? spec.scores : spec.distances).join('", "')}"`,
      expected: `${cells.join(' + ')} rows for strides ${spec.strides.join(', ')}`,
      received: found.join(' + '),
      mend: 'Correct strides, scores or distances in the head of the spec.',
    });
  }
}

/** @returns [rows.length, 4] xyxy, model-input pixels; float64 inside, rounded once to float32 */
function decode(
  rows: Uint32Array,
  distances: readonly Block[],
  levels: readonly Grid[],
  { bins, centre }: DflHeadSpec,
): Float32Array {
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const level = gridAt(levels, rows[i]!);
    const cell = rows[i]! - level.before;
    const block = distances.length === 1 ? distances[0]! : distances[levels.indexOf(level)]!;
    const at = block.start + (distances.length === 1 ? rows[i]! : cell) * block.rowStep;
    const x = ((cell % level.width) + centre) * level.stride;
    const y = (Math.floor(cell / level.width) + centre) * level.stride;
    for (let edge = 0; edge < 4; edge++) {
      const distance = expectation(block.data, at + edge * bins, bins) * level.stride;
      boxes[4 * i + edge] = (edge % 2 === 0 ? x : y) + (edge < 2 ? -distance : distance);
    }
  }
  return boxes;
}

/** The mean of 0, 1 … bins − 1, weighted by the softmax of the logits. */
function expectation(logits: Float32Array, start: number, bins: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < bins; k++) highest = Math.max(highest, logits[start + k]!);
  let sum = 0;
  let weighted = 0;
  for (let k = 0; k < bins; k++) {
    const weight = exp(logits[start + k]! - highest);
    sum += weight;
    weighted += k * weight;
  }
  return weighted / sum;
}
