import { either, type Infer, list, oneOf, type Schema } from '../check/shapes.js';
import { count, positive, text } from '../check/words.js';

// The words that specs of several heads share.

export const outputName = text;
export const outputNames = list('names of outputs', outputName, { min: 1 });

/** Input pixels per cell of each level. */
export const strides = list('positive integers', count, { min: 1 });

/** What turns a head's raw numbers into scores. */
export type Activation = Infer<typeof activation>;
export const activation = oneOf('sigmoid', 'softmax', 'none');

/** An activation that treats each score by itself. */
export type IndependentActivation = Infer<typeof independentActivation>;
export const independentActivation = oneOf('sigmoid', 'none');

/** How a matrix of n rows lies in memory: 'rows' [1, n, width], 'columns' [1, width, n]. */
export type MatrixLayout = Infer<typeof matrixLayout>;
export const matrixLayout = oneOf('columns', 'rows');

/** How a level's cells lie in memory: 'rows' [1, cells, width], 'maps' [1, width, height, width of the grid]. */
export type LevelLayout = Infer<typeof levelLayout>;
export const levelLayout = oneOf('rows', 'maps');

/** Anchors of every level: the name of a published set, or per stride the width and height of each anchor in turn. */
export function anchorsOrSet<const Name extends string>(...names: readonly Name[]): Schema<Name | number[][]> {
  const numbers = list('positive numbers', positive, { min: 1 });
  const expected = `${names.map((name) => `'${name}'`).join(', ')}, or lists of positive numbers`;
  return either(expected, oneOf(...names), list('lists', numbers, { min: 1 }));
}
