import { check } from '../../src/check/check.js';
import { type HeadSpec, headOf, headSchema } from '../../src/heads/index.js';
import { type ClassChoice, selectClasses } from '../../src/heads/selection.js';
import type { Tensor, Tensors } from '../../src/types/model.js';
import type { Geometry } from '../../src/types/pictures.js';
import { geometryOf } from './geometry.js';

export function tensor(dims: number[], values: ArrayLike<number>): Tensor {
  return { dims, data: Float32Array.from(values) };
}

/** Every class from one score on. */
export function allClasses(classes: number, scoreThreshold = 0.5): ClassChoice {
  const labelled = Uint16Array.from({ length: classes }, (_, i) => i);
  return { scoreThresholds: new Float64Array(classes).fill(scoreThreshold), labelled, single: false };
}

export type Found = [row: number, classId: number, score: number, ...box: number[]];

/** A head's candidates, one line each; its spec is checked first, as it is everywhere. */
export function candidatesOf(
  spec: HeadSpec,
  outputs: Tensors,
  choice: ClassChoice,
  geometry: Geometry = geometryOf(100, 100),
): Found[] {
  const head = check(headSchema, spec, { where: 'spec', code: 'E_MODEL' });
  const { rows, classIds, scores, boxes } = headOf(head).candidates(outputs, head, geometry, selectClasses(choice));
  return Array.from(rows, (row, i): Found => [row, classIds[i], scores[i], ...boxes.subarray(4 * i, 4 * i + 4)]);
}
