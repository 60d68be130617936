import type { IndependentActivation } from '../../../heads/words.js';
import { type Decision, type Evidence, settled } from '../../recognition.js';
import { leftOut, notDecoded, SeveralReadings } from '../../refusal.js';
import { someRow, type Table } from '../layout/table.js';
import { isNoScore } from './ranges.js';

/** What the numbers behind a box are: the scores of classes, and perhaps more. */
export interface ScoreColumns {
  classes: number;
  /** Numbers behind the scores. */
  extra: number;
  activation: IndependentActivation;
  decisions: Decision[];
  /** What is left out. */
  warnings: string[];
}

/**
 * Tells scores from what stands behind them: scores lie in [0, 1], or, as logits, all leave it; mask coefficients, key points
 * and angles leave it where the scores before them do not.
 *
 * @param first  column of the first score
 * @param named  how many classes have names; null: not known
 * @throws SigboxError E_MODEL  an angle. SeveralReadings  columns of both kinds in no order
 */
export function scoreColumns(
  evidence: Pick<Evidence, 'file' | 'given'>,
  table: Table,
  first: number,
  named: number | null,
): ScoreColumns {
  const count = table.width - first;
  const outside = Array.from({ length: count }, (_, k) => someRow(table, (row) => isNoScore(table.at(row, first + k))));
  const outsiders = outside.filter(Boolean).length;
  const field = 'head.activation';
  const { activation } = evidence.given.head;
  if (outsiders === 0) {
    const decision = settled(field, 'none', 'all scores of a run lie from 0 to 1');
    return { classes: count, extra: 0, activation: 'none', decisions: [decision], warnings: [] };
  }
  const leading = outside.indexOf(true);
  if (outsiders === count || activation === 'sigmoid' || activation === 'none') {
    const value = activation === 'none' ? 'none' : 'sigmoid';
    const because = activation === undefined ? 'scores of a run lie outside 0 to 1: they are logits' : 'given';
    return { classes: count, extra: 0, activation: value, decisions: [settled(field, value, because)], warnings: [] };
  }
  const classes = named !== null && named < count && named <= leading ? named : leading;
  const extra = count - classes;
  if (classes === 0 || outsiders < extra / 3) {
    const open = `${outsiders} of the ${count} numbers behind each box leave 0 to 1 in a run, as scores do not`;
    throw new SeveralReadings(open, [{ spec: { head: { activation: 'sigmoid' } }, means: 'logits' }]);
  }
  const which = `${extra} numbers behind ${classes} ${classes === 1 ? 'score' : 'scores'} leave 0 to 1 in a run`;
  if (extra === 1) {
    throw notDecoded(evidence, 'oriented boxes', 'the last number of each row leaves 0 to 1, as angles do');
  }
  if (extra === 2) throw notDecoded(evidence, 'more than boxes and scores', which);
  return {
    classes,
    extra,
    activation: 'none',
    decisions: [
      settled(field, 'none', 'scores of a run lie from 0 to 1'),
      settled('head.extraColumns', `${extra}`, which),
    ],
    warnings: [leftOut(kindOf(extra), which)],
  };
}

/** Masks have 32 coefficients in every YOLO; key points two or three numbers each. */
function kindOf(extra: number): string {
  if (extra === 32) return 'masks';
  return extra % 3 === 0 || extra % 2 === 0 ? 'key points' : 'numbers that are no scores';
}
