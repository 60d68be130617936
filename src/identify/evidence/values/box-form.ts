import type { BoxFormat, InputUnit } from '../../../heads/decode/boxes.js';
import { gridsOf, type LevelGrid } from '../../../heads/decode/levels.js';
import { type Decision, settled } from '../../recognition.js';
import type { Grid } from '../layout/dense-layout.js';
import type { Table } from '../layout/table.js';

/** What the four numbers of a box are, by a run. */
export interface SeenBoxForm {
  boxFormat: Extract<BoxFormat, 'xyxy' | 'cxcywh' | 'xywh'>;
  boxUnit: InputUnit;
  decisions: Decision[];
  warnings?: string[];
}

interface Rows {
  table: Table;
  /** The column of a row's first box number. */
  first: number;
  /** What rows stand for; null: not known. */
  grid: Grid | null;
  size: { width: number; height: number };
}

/** Share of rows that may break a rule: rounding, padding and a network's slips. */
const SLIPS = 0.01;
/**
 * Cells that the centre of a box may lie from its own cell on average. Files of 2021 to 2026 have 0.3 to 0.7. Offsets within a
 * cell, taken for fractions, lie 1.7 cells away with 8 cells a side, and further with more.
 */
const FARTHEST = { 'input-pixels': 3, 'input-fractions': 1.5 };
/** Centres lie so near their cells on average, in cells, and corners further away by at least as much again. */
const NEAR = 0.8;
const AWAY = 0.4;
/** Fractions may leave the picture by as much. */
const LARGEST_FRACTION = 1.5;
/** So few rows prove nothing by their order. */
const FEW = 3;

/**
 * Tells corners from centres and pixels from fractions: corners come in order, centres have a size, and where rows stand for
 * cells, boxes lie by their own.
 *
 * @returns null where the numbers are neither, as offsets to anchors are
 */
export function boxForm(rows: Rows, usual: SeenBoxForm['boxFormat']): SeenBoxForm | null {
  const seen = statistics(rows);
  if (seen.count === 0) {
    const because = 'usual, and a run shows no box';
    return form(usual, 'input-pixels', { boxFormat: because, boxUnit: because });
  }
  const boxUnit = seen.largest <= LARGEST_FRACTION ? 'input-fractions' : 'input-pixels';
  const unitReason = `the largest coordinate of a run is ${Number(seen.largest.toPrecision(4))}`;
  const byOrder = orderReading(seen, usual);
  if (byOrder === null) return null;
  if (rows.grid === null || seen.count <= FEW)
    return form(byOrder.format, boxUnit, { boxFormat: byOrder.because, boxUnit: unitReason });
  const distances = distancesOf(rows, rows.grid, boxUnit);
  const format = byOrder.both ? nearer(distances) : fromCorner(distances) ? 'xywh' : byOrder.format;
  if (!(distances[format] < FARTHEST[boxUnit])) return null;
  const shown = `centres of a run lie ${distances.xyxy.toFixed(1)} cells from their own as corners, ${distances.cxcywh.toFixed(1)} as centre and size`;
  return form(format, boxUnit, {
    boxFormat: byOrder.both ? shown : `${byOrder.because}; ${shown}`,
    boxUnit: unitReason,
  });
}

function form(
  boxFormat: SeenBoxForm['boxFormat'],
  boxUnit: SeenBoxForm['boxUnit'],
  because: Record<'boxFormat' | 'boxUnit', string>,
): SeenBoxForm {
  const decisions = [
    settled('head.boxFormat', boxFormat, because.boxFormat),
    settled('head.boxUnit', boxUnit, because.boxUnit),
  ];
  return { boxFormat, boxUnit, decisions };
}

/** Rows with a class are finished, whatever their boxes are: then a model was not trained, or is broken. */
export function formOfDisorder(usual: SeenBoxForm['boxFormat']): SeenBoxForm {
  const because = 'usual, though boxes of a run end before they begin';
  return { ...form(usual, 'input-pixels', { boxFormat: because, boxUnit: 'usual' }), warnings: [DISORDERED] };
}

const DISORDERED =
  'In a run boxes end before they begin: the model was not trained, or its boxes are not what they seem.';

interface Seen {
  /** Rows with a box. */
  count: number;
  largest: number;
  /** Share of rows whose third and fourth number are not below the first and second. */
  ordered: number;
  /** Share of rows whose third and fourth number are not negative. */
  sized: number;
}

function statistics({ table, first }: Rows): Seen {
  let [count, largest, ordered, sized] = [0, 0, 0, 0];
  for (let row = 0; row < table.rows; row++) {
    const box = boxAt(table, first, row);
    if (box === null) continue;
    const [a, b, c, d] = box;
    const slack = 1e-3 * Math.max(1, Math.abs(a), Math.abs(b)); // rounding may turn an empty box over
    count++;
    largest = Math.max(largest, ...box);
    if (c >= a - slack && d >= b - slack) ordered++;
    if (c >= -1e-6 && d >= -1e-6) sized++;
  }
  return { count, largest, ordered: ordered / count, sized: sized / count };
}

/** Padding is all zeros or all −1. */
function boxAt(table: Table, first: number, row: number): [number, number, number, number] | null {
  const box = [0, 1, 2, 3].map((k) => table.at(row, first + k)) as [number, number, number, number];
  if (!box.every(Number.isFinite)) return null;
  return box.every((value) => value === 0) || box.every((value) => value === -1) ? null : box;
}

function orderReading({ count, ordered, sized }: Seen, usual: SeenBoxForm['boxFormat']) {
  const [corners, centres] = [ordered >= 1 - SLIPS, sized >= 1 - SLIPS];
  const inOrder = `in a run ${percent(ordered)} of ${count} boxes end behind their beginning`;
  if (corners && centres && count <= FEW) {
    return { format: usual, both: true, because: `usual, and ${count} boxes of a run prove nothing` } as const;
  }
  if (corners) return { format: 'xyxy', both: centres, because: inOrder } as const;
  if (centres) return { format: 'cxcywh', both: false, because: `${inOrder}, and all have a size` } as const;
  return null;
}

function percent(share: number): string {
  return share === 1 ? 'all' : `${(100 * share).toFixed(0)} %`;
}

/** A corner and a size: half the size further lies the middle of the cell. */
function fromCorner({ cxcywh, xywh }: Distances): boolean {
  return xywh < NEAR && xywh < cxcywh - AWAY;
}

type Distances = Record<SeenBoxForm['boxFormat'], number>;

function nearer({ xyxy, cxcywh }: Distances): 'xyxy' | 'cxcywh' {
  return xyxy <= cxcywh ? 'xyxy' : 'cxcywh';
}

/** How far centres lie from the middle of their cells, in cells, along both axes on average. */
function distancesOf(
  { table, first, size }: Rows,
  { strides, perCell }: Grid,
  unit: SeenBoxForm['boxUnit'],
): Distances {
  const levels = gridsOf(strides, { inputWidth: size.width, inputHeight: size.height });
  const [scaleX, scaleY] = unit === 'input-fractions' ? [size.width, size.height] : [1, 1];
  const sums: Distances = { xyxy: 0, cxcywh: 0, xywh: 0 };
  let count = 0;
  let k = 0;
  for (let row = 0; row < table.rows; row++) {
    while (k + 1 < levels.length && row >= levels[k + 1]!.before * perCell) k++;
    const box = boxAt(table, first, row);
    if (box === null) continue;
    const [a, b, c, d] = box;
    const away = awayFrom(levels[k]!, row - levels[k]!.before * perCell);
    sums.cxcywh += away(a * scaleX, b * scaleY);
    sums.xyxy += away(((a + c) / 2) * scaleX, ((b + d) / 2) * scaleY);
    sums.xywh += away((a + c / 2) * scaleX, (b + d / 2) * scaleY);
    count++;
  }
  return { xyxy: sums.xyxy / count, cxcywh: sums.cxcywh / count, xywh: sums.xywh / count };
}

/** Lines, and anchors before them, are whole. */
function awayFrom({ stride, width, height }: LevelGrid, inLevel: number): (x: number, y: number) => number {
  const column = inLevel % width;
  const line = Math.floor(inLevel / width) % height;
  return (x, y) => (Math.abs(x / stride - column - 0.5) + Math.abs(y / stride - line - 0.5)) / 2;
}
