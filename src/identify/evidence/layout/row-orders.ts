import type { RowsHeadSpec } from '../../../heads/contracts/rows.js';
import type { BoxFormat } from '../../../heads/decode/boxes.js';
import { boxForm } from '../values/box-form.js';
import { isNoScore } from '../values/ranges.js';
import { everyRow, someRow, type Table } from './table.js';

export type RowColumns = RowsHeadSpec['columns'];

/** Orders in which a box, a score and a class stand in a row of detections, by its width; seven have the picture's number first. */
const ORDERS: Readonly<Record<number, readonly Omit<RowColumns, 'all'>[]>> = {
  6: [
    { box: 0, score: 4, class: 5 },
    { box: 0, score: 5, class: 4 },
    { box: 2, score: 1, class: 0 },
    { box: 2, score: 0, class: 1 },
  ],
  7: [
    { box: 1, score: 6, class: 5 },
    { box: 1, score: 5, class: 6 },
    { box: 3, score: 2, class: 1 },
    { box: 3, score: 1, class: 2 },
  ],
};

export function rowOrders(width: number): RowColumns[] {
  return (ORDERS[width] ?? []).map((order) => ({ all: width, ...order }));
}

/** The orders that a run does not contradict: classes are whole, scores lie in [0, 1], boxes have a form. */
export function fittingOrders(table: Table, size: { width: number; height: number }): RowColumns[] {
  return rowOrders(table.width).filter(({ all, box, score, class: classColumn }) => {
    const isWhole = (column: number) => everyRow(table, (row) => Number.isInteger(table.at(row, column)));
    if (all === 7 && !isWhole(0)) return false;
    if (!isWhole(classColumn) || !everyRow(table, (row) => table.at(row, classColumn) >= -1)) return false;
    if (someRow(table, (row) => table.at(row, score) > -1 && isNoScore(table.at(row, score)))) return false;
    if (isSorted(table, score) && box === 0 && classColumn === 5) return true; // finished, whatever its boxes are
    const form = boxForm({ table, first: box, grid: null, size }, 'xyxy');
    return form !== null && (form.boxFormat === 'xyxy' || box === 0); // only RT-DETR gives centres
  });
}

/** As rows of several classes are that a graph has ranked. */
function isSorted(table: Table, score: number): boolean {
  return table.rows > 1 && everyRow(table, (row) => row === 0 || table.at(row, score) <= table.at(row - 1, score));
}

/** What the name of an output says of its columns, as PINTO's model zoo writes it: batchno_classid_score_x1y1x2y2. */
export function columnsInName(name: string): { columns: RowColumns; boxFormat: BoxFormat } | null {
  const columns: Partial<RowColumns> = {};
  let boxFormat: BoxFormat | undefined;
  let all = 0;
  for (const part of name.toLowerCase().split('_')) {
    const format = BOXES[part];
    if (format !== undefined) {
      columns.box = all;
      boxFormat = format;
      all += 4;
      continue;
    }
    if (/^class(id|no)?$|^label$/.test(part)) columns.class = all;
    else if (/^scores?$|^conf(idence)?$/.test(part)) columns.score = all;
    else if (!/^batch(no|id)?$/.test(part)) return null;
    all++;
  }
  const { box, score, class: classColumn } = columns;
  if (boxFormat === undefined || box === undefined || score === undefined || classColumn === undefined) return null;
  return { columns: { all, box, score, class: classColumn }, boxFormat };
}

const BOXES: Readonly<Record<string, BoxFormat>> = {
  x1y1x2y2: 'xyxy',
  xyxy: 'xyxy',
  y1x1y2x2: 'yxyx',
  cxcywh: 'cxcywh',
  xywh: 'cxcywh',
  x1y1wh: 'xywh',
};
