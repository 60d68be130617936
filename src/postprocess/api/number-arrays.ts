import { complain } from '../../errors.js';
import { asFloat32 } from '../../kernels/maths/as-float32.js';

/** Whose argument it is, and what it is called. */
interface Argument {
  where: string;
  name: string;
}

/**
 * Numbers of any type as float32: as they are where they are that already, else rounded into a new array.
 *
 * @throws SigboxError E_ARGUMENT  no array of numbers
 */
export function float32s(numbers: unknown, { where, name }: Argument): Float32Array {
  const found = asFloat32(numbers);
  if (found === null) throw notNumbers(numbers, { where, name });
  return found;
}

/** A class number is held in 16 bits. */
export const MAX_CLASSES = 65536;

/**
 * Class numbers of any type as uint16: as they are where they are that already.
 *
 * @throws SigboxError E_ARGUMENT  no array of whole numbers from 0 to 65535
 */
export function classNumbers(numbers: unknown, { where, name }: Argument): Uint16Array {
  if (numbers instanceof Uint16Array) return numbers;
  const given = asNumbers(numbers);
  if (given === null) throw notNumbers(numbers, { where, name });
  const wrong = given.findIndex((number) => !(Number.isInteger(number) && number >= 0 && number < MAX_CLASSES));
  if (wrong < 0) return Uint16Array.from(given);
  const expected = `${name}[${wrong}] to be a whole number from 0 to ${MAX_CLASSES - 1}`;
  throw complain('E_ARGUMENT', { where, expected, received: given[wrong] });
}

/** Boxes with a score and a class each. */
export interface ScoredBoxes {
  /** [n, 4] */
  boxes: Float32Array;
  /** [n] */
  scores: Float32Array;
  /** [n] */
  classIds: Uint16Array;
}

/**
 * Boxes, scores and class numbers of any type as those that kernels take.
 *
 * @throws SigboxError E_ARGUMENT  no arrays of such numbers, or lengths that disagree
 */
export function scoredBoxes(given: { [Name in keyof ScoredBoxes]: unknown }, where: string): ScoredBoxes {
  const boxes = float32s(given.boxes, { where, name: 'boxes' });
  const scores = float32s(given.scores, { where, name: 'scores' });
  const classIds = classNumbers(given.classIds, { where, name: 'classIds' });
  const n = scores.length;
  if (classIds.length === n && boxes.length === 4 * n) return { boxes, scores, classIds };
  const expected = `${n} classIds and ${4 * n} box numbers for ${n} scores`;
  throw complain('E_ARGUMENT', { where, expected, received: `${classIds.length} and ${boxes.length}` });
}

function asNumbers(numbers: unknown): readonly number[] | null {
  if (Array.isArray(numbers)) return numbers;
  if (numbers instanceof BigInt64Array || numbers instanceof BigUint64Array) return Array.from(numbers, Number);
  return ArrayBuffer.isView(numbers) && !(numbers instanceof DataView) ? Array.from(numbers as Uint8Array) : null;
}

function notNumbers(received: unknown, { where, name }: Argument) {
  return complain('E_ARGUMENT', { where, expected: `${name} to be an array of numbers`, received });
}
