import { complain } from '../../errors.js';
import { softmaxRows } from '../../kernels/maths/activation.js';
import { float32s } from './number-arrays.js';

/**
 * Softmax of each row.
 *
 * @param logits   [rows, classes] row-major. Not changed; other types than Float32Array are rounded to it, into a copy.
 * @param classes  numbers per row. Default: all are one row
 * @returns [rows, classes] new; each row sums to 1 up to rounding. A row that contains NaN becomes NaN.
 * @throws SigboxError E_ARGUMENT  no array of numbers, `classes` that is no positive integer, a length that is no multiple
 * of it
 */
export function softmax(logits: ArrayLike<number>, classes?: number): Float32Array {
  const where = 'softmax';
  const numbers = float32s(logits, { where, name: 'logits' });
  if (classes === undefined) return softmaxRows(numbers);
  if (!Number.isInteger(classes) || classes < 1) {
    throw complain('E_ARGUMENT', { where, expected: 'classes to be a positive integer', received: classes });
  }
  if (numbers.length === 0) return new Float32Array(0);
  if (numbers.length % classes === 0) return softmaxRows(numbers, classes);
  const expected = `logits in rows of ${classes}`;
  throw complain('E_ARGUMENT', { where, expected, received: `${numbers.length} numbers` });
}
