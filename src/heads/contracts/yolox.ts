import { type Infer, literal, strictObject } from '../../check/shapes.js';
import { complain } from '../../errors.js';
import { exp } from '../../kernels/maths/elementary.js';
import type { Tensors } from '../../types/model.js';
import { gridAt, gridsOf, type LevelGrid } from '../decode/levels.js';
import { candidatesAt, scanScores } from '../decode/scores.js';
import type { Head } from '../head.js';
import { outputRows } from '../outputs.js';
import { activation, outputName, strides } from '../words.js';

const schema = strictObject({
  family: literal('yolox'),
  /** Name of the output: [1, cells, 5 + classes]. */
  output: outputName,
  /** Strides of the levels, in the order of the rows; each level line by line. */
  strides,
  activation,
});

/** A row per cell: box against the cell, objectness, class scores. */
export type YoloxHeadSpec = Infer<typeof schema>;

/**
 * YOLOX as its exporter leaves it: boxes not decoded.
 *
 * Source: demo_postprocess in YOLOX's yolox/utils/demo_utils.py: centre = (t + cell) · stride, size = e^t · stride;
 * score = objectness · class score.
 */
export const yoloxHead: Head<YoloxHeadSpec> = {
  schema,

  outputs: ({ output }) => [output],

  needsSuppression: () => true,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const width = 5 + classes;
    const grids = gridsOf(spec.strides, geometry);
    const data = checkedRows(outputs, spec, width, grids);
    const rows = data.length / width;
    const matrix = { data, rows, classes, start: 5, rowStep: width, classStep: 1, objectness: { start: 4 } };
    const hits = scanScores(matrix, spec.activation, selection);
    return candidatesAt(hits, { boxes: decodeBoxes(hits.rows, data, width, grids), space: 'input' });
  },
};

function checkedRows(outputs: Tensors, { output }: YoloxHeadSpec, width: number, grids: LevelGrid[]): Float32Array {
  const { data, rows } = outputRows(outputs, output, width);
  const cells = grids.reduce((sum, grid) => sum + grid.width * grid.height, 0);
  if (rows === cells) return data;
  throw complain('E_MODEL', {
    where: `output "${output}"`,
    expected: `${cells} rows, one for each cell of strides ${grids.map(({ stride }) => stride).join(', ')}`,
    received: rows,
    mend: 'Correct head.strides in the spec.',
  });
}

/** @returns [rows.length, 4] xyxy, model-input pixels */
function decodeBoxes(rows: Uint32Array, data: Float32Array, width: number, grids: LevelGrid[]): Float32Array {
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const { stride, width: perLine, before } = gridAt(grids, row);
    const at = row * width;
    const centreX = (data[at]! + ((row - before) % perLine)) * stride;
    const centreY = (data[at + 1]! + Math.floor((row - before) / perLine)) * stride;
    const halfWidth = (exp(data[at + 2]!) * stride) / 2;
    const halfHeight = (exp(data[at + 3]!) * stride) / 2;
    boxes.set([centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight], 4 * i);
  }
  return boxes;
}
