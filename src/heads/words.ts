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

/** Anchors of every level: the name of a published set, or per stride the width and height of each anchor in turn. */
export function anchorsOrSet<const Name extends string>(...names: readonly Name[]): Schema<Name | number[][]> {
  const numbers = list('positive numbers', positive, { min: 1 });
  const expected = `${names.map((name) => `'${name}'`).join(', ')}, or lists of positive numbers`;
  return either(expected, oneOf(...names), list('lists', numbers, { min: 1 }));
}
