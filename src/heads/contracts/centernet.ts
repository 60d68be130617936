import { type Infer, literal, orNull, strictObject } from '../../check/shapes.js';
import { EVERYTHING } from '../../kernels/scan/score-matrix.js';
import type { Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import { scanScores } from '../decode/scores.js';
import type { Head } from '../head.js';
import { outputOf } from '../outputs.js';
import { activation, outputName } from '../words.js';

const schema = strictObject({
  family: literal('centernet'),
  /** Names of the outputs, in cells. */
  heatmap: outputName, // [1, classes, height, width]
  sizes: outputName, // [1, 2, height, width]: width, height
  /** Where in its cell a centre lies, x, y; null: in the middle. */
  offsets: orNull(outputName), // [1, 2, height, width]
  activation,
});

/** Maps over the input: how much a cell is the centre of an object of each class, and that object's size and place. */
export type CenternetHeadSpec = Infer<typeof schema>;

/**
 * CenterNet: an object is a peak of its class's heat map, a cell that none of its eight neighbours tops. Peaks take the
 * place of non-maximum suppression; of equal neighbours each is a peak.
 *
 * Source: Zhou et al., Objects as Points (2019), section 4.1; models.decode.ctdet_decode of xingyizhou/CenterNet.
 */
export const centernetHead: Head<CenternetHeadSpec> = {
  schema,

  outputs: ({ heatmap, sizes, offsets }) => [heatmap, sizes, ...(offsets === null ? [] : [offsets])],

  needsSuppression: () => false,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const { data, dims } = outputOf(outputs, spec.heatmap, [1, classes, -1, -1]);
    const [height, width] = [dims[2]!, dims[3]!];
    const cells = width * height;
    const matrix = { data, rows: cells, classes, start: 0, rowStep: 1, classStep: cells };
    const hits = scanScores(matrix, spec.activation, { ...selection, budget: EVERYTHING }); // few are peaks
    const peaks = [...hits.rows.keys()].filter((i) =>
      isPeak(data, hits.classIds[i]! * cells, hits.rows[i]!, { width, height }),
    );
    const rows = Uint32Array.from(peaks, (i) => hits.rows[i]!);
    return {
      rows,
      classIds: Uint16Array.from(peaks, (i) => hits.classIds[i]!),
      scores: Float32Array.from(peaks, (i) => hits.values[i]!),
      boxes: decode(rows, outputs, spec, { ...geometry, width, height }),
      space: 'input',
    };
  },
};

/** Whether none of the cells around one is higher; `start` is where the map of its class begins. */
function isPeak(data: Float32Array, start: number, cell: number, { width, height }: { width: number; height: number }) {
  const [x, y] = [cell % width, Math.floor(cell / width)];
  const value = data[start + cell]!;
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      if (data[start + row * width + column]! > value) return false;
    }
  }
  return true;
}

/** @returns [rows.length, 4] xyxy, model-input pixels; float64 inside, rounded once to float32 */
function decode(
  rows: Uint32Array,
  outputs: Tensors,
  spec: CenternetHeadSpec,
  { inputWidth, inputHeight, width, height }: Geometry & { width: number; height: number },
): Float32Array {
  const cells = width * height;
  const sizes = outputOf(outputs, spec.sizes, [1, 2, height, width]);
  const offsets = spec.offsets === null ? null : outputOf(outputs, spec.offsets, [1, 2, height, width]);
  const scales = [inputWidth / width, inputHeight / height];
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const cell = rows[i]!;
    const place = [cell % width, Math.floor(cell / width)];
    for (let axis = 0; axis < 2; axis++) {
      const at = axis * cells + cell;
      const centre = place[axis]! + (offsets === null ? 0.5 : offsets.data[at]!);
      const half = sizes.data[at]! / 2;
      boxes[4 * i + axis] = (centre - half) * scales[axis]!;
      boxes[4 * i + 2 + axis] = (centre + half) * scales[axis]!;
    }
  }
  return boxes;
}
