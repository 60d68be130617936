import { type Infer, literal, oneOf, related, strictObject } from '../../check/shapes.js';
import { complain } from '../../errors.js';
import { sigmoid } from '../../kernels/maths/activation.js';
import { exp } from '../../kernels/maths/elementary.js';
import { rowMajor } from '../../kernels/scan/score-matrix.js';
import type { Tensors } from '../../types/model.js';
import { gridAt, gridsOf, type LevelGrid, scanAll } from '../decode/levels.js';
import type { Head } from '../head.js';
import { outputOf, outputRows } from '../outputs.js';
import { independentActivation, type LevelLayout, levelLayout, outputNames, strides } from '../words.js';

const fields = strictObject({
  family: literal('yolox-levels'),
  /**
   * Names of the outputs, one per stride: with layout 'rows' [1, cells, 4], [1, cells, 1] and [1, cells, classes]; with
   * 'maps' [1, 4, height, width] and so on.
   */
  boxes: outputNames,
  objectness: outputNames,
  scores: outputNames,
  layout: levelLayout,
  strides,
  /** Of objectness and class scores alike. */
  activation: independentActivation,
  /** 'product': objectness · score; 'root': the square root of that. */
  combine: oneOf('product', 'root'),
});

const schema = related(fields, (spec) => {
  const wrong = (['boxes', 'objectness', 'scores'] as const).find(
    (field) => spec[field].length !== spec.strides.length,
  );
  return wrong === undefined ? null : { field: wrong, expected: `${spec.strides.length} names, one for each stride` };
});

/** Boxes, objectness and class scores per cell, each in an output of its own for every level. */
export type YoloxLevelsHeadSpec = Infer<typeof schema>;

/**
 * YOLOX in MMDetection's raw form and for Hailo; YuNet (rows, 'root'). Boxes are decoded as in `yolox`.
 *
 * Source: YOLOXHead of MMDetection; FaceDetectorYN (postProcess) in OpenCV's modules/objdetect/src/face_detect.cpp.
 */
export const yoloxLevelsHead: Head<YoloxLevelsHeadSpec> = {
  schema,

  outputs: ({ boxes, objectness, scores }) => [...boxes, ...objectness, ...scores],

  needsSuppression: () => true,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const levels = gridsOf(spec.strides, geometry).map((grid, k): Level => {
      const read = (name: string, width: number) => columnsOf(outputs, name, { width, grid, layout: spec.layout });
      const [box, objectness, scores] = [
        read(spec.boxes[k]!, 4),
        read(spec.objectness[k]!, 1),
        read(spec.scores[k]!, classes),
      ];
      return { ...grid, box, scores: combined(objectness, scores, spec) };
    });
    const matrices = levels.map(({ scores }) => rowMajor(scores, classes));
    const { values, ...places } = scanAll(matrices, 'none', selection);
    return { ...places, scores: values, boxes: decode(places.rows, levels), space: 'input' };
  },
};

/** Numbers of every cell of a level: cell c, number k at c · cellStep + k · step. */
interface Columns {
  data: Float32Array;
  cells: number;
  width: number;
  cellStep: number;
  step: number;
}

interface Level extends LevelGrid {
  box: Columns;
  /** [cells, classes] */
  scores: Float32Array;
}

function columnsOf(
  outputs: Tensors,
  name: string,
  { width, grid, layout }: { width: number; grid: LevelGrid; layout: LevelLayout },
): Columns {
  const cells = grid.width * grid.height;
  if (layout === 'maps') {
    const { data } = outputOf(outputs, name, [1, width, grid.height, grid.width]);
    return { data, cells, width, cellStep: 1, step: cells };
  }
  const { data, rows } = outputRows(outputs, name, width);
  if (rows === cells) return { data, cells, width, cellStep: width, step: 1 };
  throw complain('E_MODEL', {
    where: `output "${name}"`,
    expected: `${cells} rows, one for each cell of stride ${grid.stride}`,
    received: rows,
    mend: 'Correct head.strides in the spec.',
  });
}

/** @returns [cells, classes] scores; infinities and NaN stay what they are, so that they are left out */
function combined(objectness: Columns, scores: Columns, { activation, combine }: YoloxLevelsHeadSpec): Float32Array {
  const unit = activation === 'sigmoid' ? sigmoid : (value: number) => value;
  const together = new Float32Array(scores.cells * scores.width); // [cells, classes]
  for (let cell = 0, to = 0; cell < scores.cells; cell++) {
    const factor = unit(objectness.data[cell]!);
    for (let k = 0; k < scores.width; k++) {
      const product = factor * unit(scores.data[cell * scores.cellStep + k * scores.step]!);
      together[to++] = combine === 'root' ? Math.sqrt(Math.max(0, product)) : product;
    }
  }
  return together;
}

/** @returns [rows.length, 4] xyxy, model-input pixels */
function decode(rows: Uint32Array, levels: readonly Level[]): Float32Array {
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const { stride, width, before, box } = gridAt(levels, rows[i]!);
    const cell = rows[i]! - before;
    const number = (k: number) => box.data[cell * box.cellStep + k * box.step]!;
    const centreX = (number(0) + (cell % width)) * stride;
    const centreY = (number(1) + Math.floor(cell / width)) * stride;
    const halfWidth = (exp(number(2)) * stride) / 2;
    const halfHeight = (exp(number(3)) * stride) / 2;
    boxes.set([centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight], 4 * i);
  }
  return boxes;
}
