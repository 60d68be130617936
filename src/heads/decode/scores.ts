import { sigmoid, softmaxRows } from '../../kernels/maths/activation.js';
import { scan } from '../../kernels/scan/scan.js';
import { scanProducts } from '../../kernels/scan/scan-products.js';
import { type Hits, rowMajor, type ScoreMatrix } from '../../kernels/scan/score-matrix.js';
import type { Candidates, ClassSelection } from '../../types/plan.js';
import type { Activation } from '../words.js';

/**
 * The places of a matrix of raw numbers whose scores reach their thresholds; `values` are scores in [0, 1].
 *
 * For a sigmoid the raw numbers are compared with the logit of each threshold, so that only hits are exponentiated.
 */
export function scanScores(matrix: ScoreMatrix, kind: Activation, selection: ClassSelection): Hits {
  const { scores, logits, budget } = selection;
  if (kind === 'softmax') return scan(softmaxOf(matrix), scores);
  if (kind === 'none') return probabilities(scan(matrix, scores, budget));
  if (matrix.objectness !== undefined) return scanProducts(matrix, scores, budget);
  const hits = scan(matrix, logits, budget);
  if (hits.floor !== undefined) hits.floor = sigmoid(hits.floor); // lower logits have no higher scores
  return hits;
}

/** Hits with their boxes, one for each. */
export function candidatesAt(
  { rows, classIds, values, floor, total }: Hits,
  { boxes, space }: Pick<Candidates, 'boxes' | 'space'>,
): Candidates {
  const candidates: Candidates = { rows, classIds, scores: values, boxes, space };
  if (floor !== undefined) candidates.floor = floor;
  if (total !== undefined) candidates.total = total;
  return candidates;
}

/** A model's own probabilities may lie a rounding error above 1; infinities are none. */
function probabilities(hits: Hits): Hits {
  const { values, total } = hits;
  if (values.includes(Number.POSITIVE_INFINITY)) {
    const isNumber = (_: number, i: number) => values[i] !== Number.POSITIVE_INFINITY;
    hits.rows = hits.rows.filter(isNumber);
    hits.classIds = hits.classIds.filter(isNumber);
    hits.values = values.filter(isNumber);
    if (total !== undefined) hits.total = total - (values.length - hits.values.length); // none is left out
  }
  for (let i = 0; i < hits.values.length; i++) hits.values[i] = Math.min(hits.values[i]!, 1);
  return hits;
}

/** With objectness, a logit as well, its sigmoid times the softmax. */
function softmaxOf({ data, rows, classes, start, rowStep, classStep, objectness }: ScoreMatrix): ScoreMatrix {
  const rowsOfLogits = new Float32Array(rows * classes); // [rows, classes]
  for (let row = 0, to = 0; row < rows; row++) {
    for (let c = 0; c < classes; c++) rowsOfLogits[to++] = data[start + row * rowStep + c * classStep]!;
  }
  const scores = softmaxRows(rowsOfLogits, classes);
  for (let row = 0; objectness !== undefined && row < rows; row++) {
    const factor = sigmoid(data[objectness.start + row * rowStep]!);
    for (let c = 0; c < classes; c++) scores[row * classes + c]! *= factor;
  }
  return rowMajor(scores, classes);
}
