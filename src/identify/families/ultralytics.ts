import { SigboxError } from '../../errors.js';
import type { RowsHeadSpec } from '../../heads/contracts/rows.js';
import { requireExplained } from '../evidence/graph/explained.js';
import { denseLayout, gridOf } from '../evidence/layout/dense-layout.js';
import { everyRow, type Table, tableOf } from '../evidence/layout/table.js';
import { boxForm, formOfDisorder } from '../evidence/values/box-form.js';
import { isNoScore } from '../evidence/values/ranges.js';
import { scoreColumns } from '../evidence/values/score-columns.js';
import { namedClasses } from '../named-classes.js';
import { type Evidence, type FamilyInput, type Recogniser, type Recognition, settled } from '../recognition.js';
import { leftOut, notDecoded } from '../refusal.js';
import { readDense } from './dense.js';
import { LETTERBOX, STRETCH } from './yolo-inputs.js';

/**
 * What Ultralytics exports, which says so in its metadata: YOLOv3u to YOLO26, RT-DETR. Metadata outlives surgery on the
 * graph, so what it means is checked against a run, which wins.
 *
 * Source: ultralytics.engine.exporter (metadata), ultralytics.utils.nms and ultralytics.models.rtdetr.predict (outputs).
 */
export const ultralytics: Recogniser = async (evidence) => {
  const { properties } = evidence.metadata;
  const theirs = ['author', 'description'].find((key) => /ultralytics/i.test(properties[key] ?? ''));
  if (theirs === undefined) return null;
  refuseOtherTasks(evidence);
  const output = outputOf(evidence);
  const named = namedClasses(evidence);
  if (output === null || named === null) return null;
  const isRtDetr = properties.head === 'RTDETRDecoder' || /rt-?detr/i.test(properties.description ?? '');
  const input = { ...(isRtDetr ? STRETCH : LETTERBOX), ...sizeOf(properties.imgsz) };
  const tensor = (await evidence.probe(input))[output.name]!;
  if (tensor.dims.length !== 3) return null;
  const known = { output: output.name, input, isRtDetr, classes: named.count, from: named.from };
  const part = finished(evidence, known, tableOf(tensor, 'rows')) ?? perRow(evidence, known, tensor);
  if (part === null) return null;
  const family = isRtDetr ? 'Ultralytics RT-DETR' : 'Ultralytics YOLO';
  const protos = (dims: readonly unknown[]) => dims.length === 4 && dims[1] === 32;
  requireExplained(evidence, output, ({ dims }) => protos(dims) || dims.length > 4, family);
  const because = `metadata "${theirs}" is "${properties[theirs]}"`;
  return {
    family,
    ...part,
    input,
    classes: named.count,
    decisions: [settled('family', family, because), ...part.decisions],
  };
};

interface Known {
  output: string;
  input: FamilyInput;
  isRtDetr: boolean;
  classes: number;
  /** Who says how many. */
  from: string;
}

type HeadPart = Pick<Recognition, 'head' | 'decisions' | 'warnings'>;

/** The one with boxes; YOLO-NAS, with boxes and scores apart, is none of theirs. */
function outputOf({ outputs, given }: Evidence): Evidence['outputs'][number] | null {
  const dense = outputs.filter(({ dims }) => dims.length === 3);
  return dense.find(({ name }) => name === given.head.output) ?? (dense.length === 1 ? dense[0]! : null);
}

/** [1, k, 6]: box, score and class of at most k objects, and perhaps key points or masks; null where rows are something else. */
function finished(evidence: Evidence, { output, input, isRtDetr }: Known, table: Table): HeadPart | null {
  if (table.width < 6 || table.width > WIDEST || !hasClassColumn(evidence, table)) return null;
  const usual = isRtDetr ? 'cxcywh' : 'xyxy';
  const form = boxForm({ table, first: 0, grid: null, size: evidence.sizeOf(input) }, usual) ?? formOfDisorder(usual);
  const { width } = table;
  if (width === 7)
    throw notDecoded(evidence, 'oriented boxes', 'rows of a box, score, class and a seventh number, the angle');
  const suppress = isPerCell(table, evidence.sizeOf(input));
  const head: RowsHeadSpec = {
    family: 'rows',
    output,
    count: null,
    columns: { all: width, box: 0, score: 4, class: 5 },
    boxFormat: form.boxFormat,
    boxUnit: form.boxUnit,
    ...(suppress ? { suppress } : {}),
  };
  const shape = settled('head.family', 'rows', `rows of ${width} numbers: box, score, and a whole one, the class`);
  const left =
    width === 6 ? [] : [leftOut(width === 38 ? 'masks' : 'key points', `${width - 6} numbers behind the class`)];
  return {
    head,
    decisions: [shape, ...form.decisions],
    warnings: [...left, ...(form.warnings ?? []), ...surprises(form, isRtDetr)],
  };
}

/** A class, and a hundred key points behind it. */
const WIDEST = 6 + 300;

function hasClassColumn({ metadata }: Evidence, table: Table): boolean {
  // Wider rows of nothing may as well be columns of nothing, unless the export says that it has suppressed them.
  const isNothing = table.width > 6 && everyRow(table, (row) => table.at(row, 4) === 0);
  if (isNothing && !/'nms': True/.test(metadata.properties.args ?? '')) return false;
  return everyRow(table, (row) => {
    const classId = table.at(row, 5);
    return Number.isInteger(classId) && classId >= -1 && !isNoScore(Math.max(0, table.at(row, 4)));
  });
}

/** As many rows as cells, in no order of scores: nothing has been suppressed. */
export function isPerCell(table: Table, size: { width: number; height: number }): boolean {
  const sorted = everyRow(table, (row) => row === 0 || table.at(row, 4) <= table.at(row - 1, 4));
  return !sorted && gridOf(table.rows, size) !== null;
}

/** [1, 4 + classes, n], or for RT-DETR [1, n, 4 + classes]. */
function perRow(evidence: Evidence, known: Known, tensor: Parameters<typeof denseLayout>[1]): HeadPart | null {
  const { output, input, isRtDetr, classes } = known;
  const layout = denseLayout(evidence, tensor, evidence.sizeOf(input), {
    layout: isRtDetr ? 'rows' : 'columns',
    named: classes,
  });
  if (layout === null) return null;
  requireColumns(evidence, known, tableOf(tensor, layout.layout));
  const {
    head,
    decisions,
    classes: columns,
    warnings = [],
  } = readDense(evidence, { name: output, tensor, layout, input });
  if (columns !== classes) throw misnamed(evidence, known, layout, columns!);
  const form = head as { boxFormat?: string; boxUnit?: string; activation?: string };
  return { head, decisions: decisions.slice(1), warnings: [...warnings, ...surprises(form, isRtDetr)] };
}

/** What a run shows that no export of Ultralytics has. */
function surprises(
  { boxFormat, boxUnit, activation }: { boxFormat?: string; boxUnit?: string; activation?: string },
  isRtDetr: boolean,
): string[] {
  const found = [
    ...(activation === 'sigmoid' ? ['scores are logits'] : []),
    ...(boxUnit === 'input-fractions' && !isRtDetr ? ['boxes are fractions'] : []),
    ...(boxFormat === 'xyxy' && isRtDetr ? ['boxes are corners'] : []),
  ];
  if (found.length === 0) return [];
  return [`Metadata says Ultralytics, but in a run ${found.join(', and ')}: the run is followed.`];
}

/** Names and columns must agree; numbers behind the scores are no columns of classes. */
function requireColumns(evidence: Evidence, known: Known, table: Table): void {
  const { classes } = known;
  const columns = table.width - 4;
  if (columns === classes || columns === classes + 1) return;
  const scores = columns > classes ? scoreColumns(evidence, table, 4, classes) : null;
  if (scores !== null && scores.classes === classes) return;
  throw misnamed(evidence, known, table, scoreColumns(evidence, table, 4, null).classes);
}

/** @param columns  the scores that a run shows behind each box */
function misnamed(
  { file }: Evidence,
  { classes, from }: Known,
  { width }: Pick<Table, 'width'>,
  columns: number,
): SigboxError {
  const message = `model ${file}: expected ${4 + classes} numbers per box for the ${classes} classes of ${from}, received ${width}.`;
  const advice = `labelsFile (--labels-file) or labels in a spec, ${columns} of them, settle it.`;
  return new SigboxError('E_MODEL', `${message} ${advice}`);
}

const REFUSED: Record<string, string> = {
  semantic: 'masks of the whole picture',
  obb: 'oriented boxes',
  depth: 'distances',
  classify: 'one label for the whole picture',
};

function refuseOtherTasks(evidence: Evidence): void {
  const task = evidence.metadata.properties.task ?? 'detect';
  if (/^(detect|segment|pose)$/.test(task)) return;
  throw notDecoded(evidence, REFUSED[task] ?? 'something else than boxes', `task "${task}"`);
}

/** `[height, width]` as Ultralytics writes it. */
function sizeOf(imgsz: string | undefined): { size?: [width: number, height: number] } {
  const [height, width] = imgsz?.match(/\d+/g)?.map(Number) ?? [];
  return height === undefined || width === undefined ? {} : { size: [width, height] };
}
