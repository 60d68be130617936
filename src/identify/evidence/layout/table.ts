import type { InputUnit } from '../../../heads/decode/boxes.js';
import type { Activation, MatrixLayout } from '../../../heads/words.js';
import type { Tensor } from '../../../types/model.js';
import { type Decision, type Evidence, type FamilyInput, settled } from '../../recognition.js';
import { undecided } from '../../refusal.js';
import type { ModelFacts } from '../graph/facts.js';
import { isNoScore } from '../values/ranges.js';

/** An output of a run as rows of numbers, whichever way it lies in memory. */
export interface Table {
  rows: number;
  /** Numbers per row. */
  width: number;
  at(row: number, column: number): number;
}

/** @param layout  'rows': the last dim is a row, whatever stands before it; 'columns': [1, width, n] */
export function tableOf({ data, dims }: Tensor, layout: MatrixLayout): Table {
  const [a, b] = dims.slice(-2) as [number, number];
  if (layout === 'columns') return { rows: b, width: a, at: (row, column) => data[column * b + row]! };
  return { rows: b === 0 ? 0 : data.length / b, width: b, at: (row, column) => data[row * b + column]! };
}

/** The dims of an output as the file declares them; where it leaves any open but the first, as a run gives them. */
export async function dimsOf(
  { probe }: Pick<Evidence, 'probe'>,
  { name, dims }: ModelFacts['outputs'][number],
  input: FamilyInput,
): Promise<readonly number[]> {
  const known = (dim: number | string) => typeof dim === 'number' && dim > 0;
  if (dims.length > 2 && dims.slice(1).every(known)) return [1, ...(dims.slice(1) as number[])];
  return dims.every(known) ? (dims as number[]) : (await probe(input))[name]!.dims;
}

/**
 * What turns the numbers from a column on into scores: nothing where all lie in [0, 1], sigmoid where every column leaves
 * it. Where some do and some do not, they are no scores.
 *
 * @throws SigboxError E_MODEL  columns of two kinds, as of masks, key points and angles
 */
export function activationOf(
  evidence: Pick<Evidence, 'file' | 'given'>,
  table: Table,
  first: number,
): { activation: Activation; decision: Decision } {
  const field = 'head.activation';
  const columns = Array.from({ length: table.width - first }, (_, i) => first + i);
  const outside = columns.filter((column) => someRow(table, (row) => isNoScore(table.at(row, column))));
  if (outside.length === 0) {
    const because = 'all scores of a run lie from 0 to 1';
    return { activation: 'none', decision: settled(field, 'none', because) };
  }
  const because = 'scores of a run lie outside 0 to 1: they are logits';
  if (outside.length < columns.length && evidence.given.head.activation === undefined) {
    const which = outside.length === 1 ? `number ${outside[0]}` : `numbers ${outside[0]} to ${outside.at(-1)}`;
    throw undecided(
      evidence,
      `${which} of each row, counted from 0, are no scores as the others are: masks, key points or angles, which sigbox does not decode yet`,
      'If all are logits, spec {"head":{"activation":"sigmoid"}}',
    );
  }
  return { activation: 'sigmoid', decision: settled(field, 'sigmoid', because) };
}

/** Pixels, or fractions of the sides, by the largest of the first four numbers; pixels where a run shows none. */
export function unitOf(table: Table, first = 0): { unit: InputUnit; decision: Decision } {
  let largest = 0;
  for (let row = 0; row < table.rows; row++) {
    for (let k = first; k < first + 4; k++) {
      const value = table.at(row, k);
      if (Number.isFinite(value)) largest = Math.max(largest, value);
    }
  }
  const unit = largest > 0 && largest <= 1.5 ? 'input-fractions' : 'input-pixels';
  const shown = `the largest coordinate of a run is ${Number(largest.toPrecision(4))}`;
  const because = largest === 0 ? 'usual, and a run shows no box' : shown;
  return { unit, decision: settled('head.boxUnit', unit, because) };
}

export function everyRow(table: Table, holds: (row: number) => boolean): boolean {
  return !someRow(table, (row) => !holds(row));
}

export function someRow({ rows }: Table, holds: (row: number) => boolean): boolean {
  for (let row = 0; row < rows; row++) if (holds(row)) return true;
  return false;
}
