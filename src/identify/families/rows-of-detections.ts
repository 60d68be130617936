import type { RowsHeadSpec } from '../../heads/contracts/rows.js';
import { gridOf } from '../evidence/layout/dense-layout.js';
import { columnsInName, fittingOrders, type RowColumns, rowOrders } from '../evidence/layout/row-orders.js';
import { everyRow, type Table, tableOf, unitOf } from '../evidence/layout/table.js';
import { boxForm, formOfDisorder } from '../evidence/values/box-form.js';
import { type Evidence, type FamilyInput, type Recogniser, type Recognition, settled } from '../recognition.js';
import { notDecoded, SeveralReadings } from '../refusal.js';
import { nasInput } from './yolo-finished.js';
import { LETTERBOX, STRETCH } from './yolo-inputs.js';

/**
 * One output with a row of box, score and class for each object, or for each cell: YOLOs whose graph ends in non-maximum
 * suppression or needs none, exports for DeepStream, PINTO's model zoo.
 *
 * Source: YOLOv7 (models/experimental.py, ONNX_ORT), super-gradients (conversion/onnx/nms.py), ultralytics
 * (Detect.postprocess, RTDETRDecoder.postprocess, NMSModel), DeepStream-Yolo (utils/export_*.py).
 */
export const rowsOfDetections: Recogniser = async (evidence) => {
  const output = outputOf(evidence);
  if (output === null) return null;
  const nas = /flat_predictions$/.test(output.name);
  const input = nas ? nasInput(evidence) : LETTERBOX;
  const tensor = (await evidence.probe(input))[output.name]!;
  const table = tableOf(tensor, 'rows');
  if (nas && table.width > 7)
    throw notDecoded(evidence, 'key points', `${table.width} numbers per row of "${output.name}"`);
  const named = columnsInName(output.name);
  if (named !== null && named.columns.all === table.width) return byName(output.name, named, table);
  const order = orderOf(evidence, output, table, nas);
  return order === null ? null : byOrder(evidence, { name: output.name, table, nas, ...order });
};

type Output = Evidence['outputs'][number];

/** [1, k, 6], [k, 6] or [k, 7]; alone. */
function outputOf({ outputs }: Evidence): Output | null {
  const [output, ...others] = outputs;
  if (output === undefined || others.length > 0 || !output.type.startsWith('float')) return null;
  const { dims, name } = output;
  const last = dims.at(-1);
  const open = typeof last !== 'number' || last <= 0;
  if (columnsInName(name) !== null || (dims.length === 2 && /flat_predictions$/.test(name))) return output;
  if (dims.length === 3) return open || last === 6 ? output : null;
  return dims.length === 2 && (last === 6 || last === 7) ? output : null;
}

interface Order {
  columns: RowColumns;
  because: string;
}

/** @returns null where rows of three dims may as well be boxes and scores */
function orderOf(evidence: Evidence, { dims }: Output, table: Table, nas: boolean): Order | null {
  const given = evidence.given.head.columns as Partial<RowColumns> | undefined;
  const possible = rowOrders(table.width);
  const chosen = possible.find(({ score, class: id }) => score === given?.score && id === given?.class);
  if (chosen !== undefined) return { columns: chosen, because: 'given' };
  if (nas)
    return { columns: { all: 7, box: 1, score: 5, class: 6 }, because: 'super-gradients’ name for score, class' };
  const fitting = fittingOrders(table, evidence.sizeOf(LETTERBOX));
  if (dims.length === 3) {
    const usual = fitting.find(({ class: id }) => id === 5);
    return usual === undefined ? null : { columns: usual, because: 'the last number of every row of a run is whole' };
  }
  const [first, ...others] = fitting;
  const because = `of all orders only this one fits the ${table.rows} rows of a run`;
  if (first !== undefined && others.length === 0 && table.rows > 0) return { columns: first, because };
  if (fitting.length === 0) return null;
  const open = `rows of ${table.width} numbers, and a run of ${table.rows} rows does not tell the class from the score`;
  throw new SeveralReadings(
    open,
    fitting.map((columns) => ({ spec: { head: { columns } }, means: orderInWords(columns) })),
  );
}

function orderInWords({ all, box, score, class: classColumn }: RowColumns): string {
  const places: [number, string][] = [
    [box, 'box'],
    [score, 'score'],
    [classColumn, 'class'],
  ];
  const words = places.sort(([a], [b]) => a - b).map(([, word]) => word);
  const family = all === 7 && box === 1 ? (score === 6 ? ' (YOLOv7)' : ' (YOLO-NAS)') : '';
  return [...(all === 7 ? ['picture'] : []), ...words].join(', ') + family;
}

interface Found extends Order {
  name: string;
  table: Table;
  nas: boolean;
}

function byOrder(evidence: Evidence, { name, table, nas, columns, because }: Found): Recognition | null {
  const size = evidence.sizeOf(LETTERBOX);
  const grid = gridOf(table.rows, size);
  const sorted = everyRow(
    table,
    (row) => row === 0 || table.at(row, columns.score) <= table.at(row - 1, columns.score),
  );
  const suppress = grid !== null && !sorted;
  const found = boxForm({ table, first: columns.box, grid: suppress ? grid : null, size }, 'xyxy');
  // The scores of a second class that a run does not find are whole as well: 0.
  if (suppress && (found === null || (found.boxFormat !== 'xyxy' && !severalClasses(table, columns.class))))
    return null;
  const form = found ?? formOfDisorder('xyxy');
  const isRtDetr = form.boxFormat === 'cxcywh' && form.boxUnit === 'input-fractions';
  if (!suppress && form.boxFormat === 'cxcywh' && !isRtDetr) requireFormat(evidence);
  const family = familyOf({ columns, suppress, nas, isRtDetr });
  const head = rowsHead(name, columns, form, suppress);
  const shape = `rows of ${table.width} numbers, among them a score and a whole one, the class`;
  return {
    family: family.name,
    head,
    input: nas || family.name === 'YOLO-NAS' ? nasInput(evidence) : family.input,
    classes: null,
    decisions: [
      settled('family', family.name, suppress ? `${shape}; a row for each cell, not suppressed` : shape),
      settled('head.columns', orderInWords(columns), because),
      ...form.decisions,
    ],
    warnings: [...(family.known || 'fit' in evidence.given.input ? [] : [ASSUMED]), ...(form.warnings ?? [])],
  };
}

function severalClasses(table: Table, column: number): boolean {
  return !everyRow(table, (row) => table.at(row, column) === table.at(0, column));
}

/** A centre or a corner before a size in pixels: no family is known for either, and finished rows do not tell. */
function requireFormat({ given }: Evidence): void {
  if (given.head.boxFormat !== undefined) return;
  throw new SeveralReadings('rows begin with two coordinates and a size in pixels', [
    { spec: { head: { boxFormat: 'cxcywh' } }, means: 'the centre' },
    { spec: { head: { boxFormat: 'xywh' } }, means: 'the upper left corner' },
  ]);
}

const ASSUMED =
  'The file does not say how its picture is prepared: it is letterboxed, RGB from 0 to 1, as most YOLOs want it. A spec ' +
  '{"input":{"channels":…,"scale":…,"mean":[…],"std":[…],"fit":…}} says otherwise.';

function familyOf(found: { columns: RowColumns; suppress: boolean; nas: boolean; isRtDetr: boolean }): {
  name: string;
  input: FamilyInput;
  known: boolean;
} {
  const { columns, suppress, nas, isRtDetr } = found;
  if (suppress) return { name: 'YOLO for DeepStream', input: LETTERBOX, known: false };
  if (nas) return { name: 'YOLO-NAS', input: LETTERBOX, known: true };
  if (columns.all === 7 && columns.box === 1) {
    return { name: columns.score === 6 ? 'YOLOv7, end to end' : 'YOLO-NAS', input: LETTERBOX, known: true };
  }
  if (isRtDetr) return { name: 'RT-DETR', input: STRETCH, known: true };
  const usual = columns.all === 6 && columns.class === 5;
  return { name: 'YOLO, end to end', input: LETTERBOX, known: usual };
}

function rowsHead(
  output: string,
  columns: RowColumns,
  { boxFormat, boxUnit }: Pick<RowsHeadSpec, 'boxFormat' | 'boxUnit'>,
  suppress: boolean,
): RowsHeadSpec {
  return { family: 'rows', output, count: null, columns, boxFormat, boxUnit, ...(suppress ? { suppress } : {}) };
}

function byName(
  name: string,
  { columns, boxFormat }: NonNullable<ReturnType<typeof columnsInName>>,
  table: Table,
): Recognition {
  const { unit, decision } = unitOf(table, columns.box);
  const family = 'YOLO, end to end';
  return {
    family,
    head: rowsHead(name, columns, { boxFormat, boxUnit: unit }, false),
    input: LETTERBOX,
    classes: null,
    decisions: [
      settled('family', family, `rows whose columns the name of the output says: "${name}"`),
      settled('head.columns', orderInWords(columns), 'the name of the output says so'),
      decision,
    ],
    warnings: [ASSUMED],
  };
}
