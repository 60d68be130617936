import type { YoloGridHeadSpec } from '../../../heads/contracts/yolo-grid.js';
import { type Decision, type Evidence, settled } from '../../recognition.js';
import { undecided } from '../../refusal.js';
import { isNoScore } from '../values/ranges.js';
import type { Table } from './table.js';

/** A head of YOLOv5's kind, of which the user must say the anchors: its raw outputs hold no trace of them. */
export function anchorGrid(
  evidence: Evidence,
  head: Pick<YoloGridHeadSpec, 'outputs' | 'strides' | 'activation'>,
  tables: readonly Table[],
): { head: YoloGridHeadSpec; decisions: Decision[] } {
  const { anchors } = evidence.given.head;
  if (anchors === undefined) {
    const open = 'its boxes are not decoded, and the file does not hold the anchors that decode them';
    const sets =
      'spec {"head":{"anchors":"yolov5"}}, or "yolov4" (YOLOv7’s as well), or a width and a height of each per stride,';
    throw undecided(evidence, open, sets);
  }
  const boxActivation = tables.some(hasRawBoxes) ? 'sigmoid' : 'none';
  const because =
    boxActivation === 'none' ? 'box numbers of a run lie from 0 to 1' : 'box numbers of a run leave 0 to 1';
  return {
    head: {
      family: 'yolo-grid',
      order: 'anchors-cells',
      ...head,
      anchors: anchors as YoloGridHeadSpec['anchors'], // checked with the whole spec
      reach: head.strides.map(() => 2),
      size: 'square',
      boxActivation,
    },
    decisions: [
      settled('head.boxActivation', boxActivation, because),
      settled('head.anchors', 'given', 'the file does not hold them'),
    ],
  };
}

function hasRawBoxes(table: Table): boolean {
  for (let row = 0; row < table.rows; row++) {
    for (let k = 0; k < 4; k++) if (isNoScore(table.at(row, k))) return true;
  }
  return false;
}
