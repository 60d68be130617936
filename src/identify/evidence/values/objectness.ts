import { KNOWN_LISTS } from '../../../labels/known-lists.js';
import { namedClasses } from '../../named-classes.js';
import { type Decision, type Evidence, settled } from '../../recognition.js';
import { SeveralReadings } from '../../refusal.js';
import type { DenseLayout } from '../layout/dense-layout.js';
import { everyRow, someRow, type Table, unitOf } from '../layout/table.js';

/** Rows of one output, and how they lie in it. */
export interface DenseRows {
  layout: DenseLayout;
  table: Table;
  /** Boxes are not decoded, as nothing but YOLOX leaves them. */
  offsets: boolean;
}

/**
 * Whether the fifth number of a row is one that its class scores are to be multiplied by.
 *
 * @throws SeveralReadings  nothing tells
 */
export function settleObjectness(
  evidence: Evidence,
  { layout, table, offsets }: DenseRows,
): { objectness: boolean; decision: Decision } {
  const { width, grid } = layout;
  const decide = (objectness: boolean, because: string) => ({
    objectness,
    decision: settled('head.objectness', String(objectness), because),
  });
  const { objectness } = evidence.given.head;
  if (typeof objectness === 'boolean') return decide(objectness, 'given');
  if (width === 5) return decide(false, 'five numbers per row: a box and one score');
  if (grid?.perCell === 3) return decide(true, 'detectors with three rows per cell have it');
  if (layout.layout === 'columns') return decide(false, 'detectors that give columns have none');
  if (alwaysOne(table)) return decide(true, 'it is always 1, as in YOLOv6');
  const named = namedClasses(evidence);
  const names = `${width} numbers per row, ${named?.count} classes by ${named?.from}`;
  if (named?.count === width - 5) return decide(true, names);
  if (named?.count === width - 4) return decide(false, names);
  if (grid === null && unitOf(table).unit === 'input-fractions') {
    return decide(false, 'RT-DETR, which gives fractions, has none');
  }
  if (grid !== null && offsets) return decide(true, 'boxes are not decoded, as YOLOX leaves them');
  const seen = grid === null ? null : (byGraph(evidence) ?? byCounts(width) ?? byValues(table));
  if (seen !== null) return decide(seen.objectness, seen.because);
  const open = `${width} numbers per row are ${width - 4} classes, or objectness and ${width - 5} classes`;
  throw new SeveralReadings(open, [
    { spec: { head: { objectness: false } }, means: `YOLOv8 and later with ${width - 4} classes` },
    { spec: { head: { objectness: true } }, means: `YOLOX or YOLOv6 with ${width - 5}` },
  ]);
}

export function alwaysOne(table: Table): boolean {
  return everyRow(table, (row) => Math.abs(table.at(row, 4) - 1) < 1e-3);
}

type Seen = { objectness: boolean; because: string } | null;

/** The distributions of YOLOv8's boxes go through a softmax, those of YOLOX through an exponential function. */
function byGraph({ operators }: Evidence): Seen {
  if (operators.has('Softmax')) return { objectness: false, because: 'the graph has a Softmax, which YOLOX has not' };
  if (operators.has('Exp')) return { objectness: true, because: 'the graph has an Exp, as the boxes of YOLOX need' };
  return null;
}

/** A number of classes that speaks for itself. */
function byCounts(width: number): Seen {
  const tells = (classes: number) => KNOWN_LISTS.find((list) => list.telling && list.classes === classes)?.name;
  const [without, withIt] = [tells(width - 4), tells(width - 5)];
  if (without !== undefined) return { objectness: false, because: `${width - 4} classes are those of ${without}` };
  if (withIt !== undefined) return { objectness: true, because: `${width - 5} classes are those of ${withIt}` };
  return null;
}

/** Where there surely is an object, one of its classes has a score as well. */
function byValues(table: Table): Seen {
  const best = (row: number) => {
    let highest = 0;
    for (let k = 5; k < table.width; k++) highest = Math.max(highest, table.at(row, k));
    return highest;
  };
  const alone = someRow(table, (row) => table.at(row, 4) >= 0.5 && best(row) < 0.1);
  const because = 'in a run the fifth number of a row is high where all others are low, as objectness never is';
  return alone ? { objectness: false, because } : null;
}
