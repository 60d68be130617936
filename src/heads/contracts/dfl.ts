import { type Infer, literal, oneOf, optional, strictObject } from '../../check/shapes.js';
import { count, finite } from '../../check/words.js';
import { complain } from '../../errors.js';
import { exp } from '../../kernels/maths/elementary.js';
import type { ScoreMatrix } from '../../kernels/scan/score-matrix.js';
import type { Tensors } from '../../types/model.js';
import { gridAt, gridsOf, type LevelGrid, scanAll } from '../decode/levels.js';
import type { Head } from '../head.js';
import { outputOf, outputRows } from '../outputs.js';
import { activation, levelLayout, outputNames, strides } from '../words.js';

const schema = strictObject({
  family: literal('dfl'),
  /**
   * Names of the outputs, one per stride or one for all cells. `scores` are [1, cells, classes], `distances`
   * [1, cells, 4 · bins]; with layout 'maps' [1, classes, height, width] and [1, 4 · bins, height, width] per stride. Where
   * both name the same output, its numbers are the scores and then the distances.
   */
  scores: outputNames,
  distances: outputNames,
  /** Default 'rows' */
  layout: optional(levelLayout),
  /** Which come first where scores and distances share an output. Default 'scores' */
  first: optional(oneOf('scores', 'distances')),
  /** Rows per cell, one after the other; only in rows. Default 1 */
  perCell: optional(count),
  activation,
  /** Input pixels per cell of each level. */
  strides,
  /** Values of each distribution: distances of 0, 1 … bins − 1 strides. 1: the number is the distance itself, in strides. */
  bins: count,
  /** Where in its cell a centre lies, in strides: 0.5 in the middle, 0 at the top left. */
  centre: finite,
});

/** Per cell of a grid: class scores, and how far each edge is from the cell's centre, as a distribution. */
export type DflHeadSpec = Infer<typeof schema>;

/**
 * Detectors trained with the distribution focal loss whose graph leaves the distributions as they are: NanoDet,
 * NanoDet-Plus, PicoDet, YOLOv8 for RKNN and Hailo, KerasCV. With one bin, those whose distances are plain numbers: SCRFD.
 *
 * A distance is the expectation of the softmax over its bins, in strides; the order is left, top, right, bottom.
 * Source: Li et al., Generalized Focal Loss (2020), section 3.2; nanodet.model.head.gfl_head (Integral, distance2bbox).
 */
export const dflHead: Head<DflHeadSpec> = {
  schema,

  outputs: ({ scores, distances }) => [...new Set([...scores, ...distances])],

  needsSuppression: () => true,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const joined = spec.scores[0] === spec.distances[0];
    const width = 4 * spec.bins;
    const scoresFirst = spec.first !== 'distances';
    const beside = (other: number, isFirst: boolean) =>
      joined ? { before: isFirst ? 0 : other, behind: isFirst ? other : 0 } : { before: 0, behind: 0 };
    const read = spec.layout === 'maps' ? mapBlocks : rowBlocks;
    const scores = read(outputs, spec.scores, { width: classes, ...beside(width, scoresFirst) });
    const distances = read(outputs, spec.distances, { width, ...beside(classes, !scoresFirst) });
    const levels = gridsOf(spec.strides, geometry);
    requireCells(spec, scores, distances, levels);
    const matrices = scores.map(
      ({ data, rows, start, rowStep, step }): ScoreMatrix => ({ data, rows, classes, start, rowStep, classStep: step }),
    );
    const { values, ...places } = scanAll(matrices, spec.activation, selection);
    return { ...places, scores: values, boxes: decode(places.rows, distances, levels, spec), space: 'input' };
  },
};

/** Some columns of an output: row r, column k at start + r · rowStep + k · step. */
interface Block {
  data: Float32Array;
  rows: number;
  start: number;
  rowStep: number;
  step: number;
}

/** How many columns are wanted, and how many there are on either side of them. */
interface Columns {
  width: number;
  before: number;
  behind: number;
}

function rowBlocks(outputs: Tensors, wanted: readonly string[], { width, before, behind }: Columns): Block[] {
  return wanted.map((name) => {
    const { data, rows, columns } = outputRows(outputs, name, before + width + behind);
    return { data, rows, start: before, rowStep: columns, step: 1 };
  });
}

function mapBlocks(outputs: Tensors, wanted: readonly string[], { width, before, behind }: Columns): Block[] {
  return wanted.map((name) => {
    const { data, dims } = outputOf(outputs, name, [1, before + width + behind, -1, -1]);
    const cells = dims[2]! * dims[3]!;
    return { data, rows: cells, start: before * cells, rowStep: 1, step: cells };
  });
}

function requireCells(spec: DflHeadSpec, scores: Block[], distances: Block[], levels: readonly LevelGrid[]): void {
  const { perCell = 1 } = spec;
  const cells = levels.map(({ width, height }) => width * height * perCell);
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
  levels: readonly LevelGrid[],
  { bins, centre, perCell = 1 }: DflHeadSpec,
): Float32Array {
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const level = gridAt(levels, Math.floor(row / perCell));
    const inLevel = row - level.before * perCell;
    const cell = Math.floor(inLevel / perCell);
    const block = distances.length === 1 ? distances[0]! : distances[levels.indexOf(level)]!;
    const at = block.start + (distances.length === 1 ? row : inLevel) * block.rowStep;
    const x = ((cell % level.width) + centre) * level.stride;
    const y = (Math.floor(cell / level.width) + centre) * level.stride;
    for (let edge = 0; edge < 4; edge++) {
      const distance = expectation(block, at + edge * bins * block.step, bins) * level.stride;
      boxes[4 * i + edge] = (edge % 2 === 0 ? x : y) + (edge < 2 ? -distance : distance);
    }
  }
  return boxes;
}

/** The mean of 0, 1 … bins − 1, weighted by the softmax of the logits; one bin alone is the distance. */
function expectation({ data, step }: Block, start: number, bins: number): number {
  if (bins === 1) return data[start]!;
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < bins; k++) highest = Math.max(highest, data[start + k * step]!);
  let sum = 0;
  let weighted = 0;
  for (let k = 0; k < bins; k++) {
    const weight = exp(data[start + k * step]! - highest);
    sum += weight;
    weighted += k * weight;
  }
  return weighted / sum;
}
