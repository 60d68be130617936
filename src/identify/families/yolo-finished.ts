import type { RowsHeadSpec } from '../../heads/contracts/rows.js';
import { gridOf } from '../evidence/dense-layout.js';
import { dimsOf, everyRow, type Table, tableOf, unitOf } from '../evidence/table.js';
import { type Evidence, type Recogniser, type Recognition, RGB255, settled } from '../recognition.js';
import { notDecoded, undecided } from '../refusal.js';
import { LETTERBOX, STRETCH } from './yolo-inputs.js';

/**
 * YOLOs whose graph ends in non-maximum suppression or needs none, in files that do not say where they are from.
 *
 * Source: export-det of YOLOv6 (deploy/ONNX), YOLOv7 (models/experimental.py, ONNX_ORT and ONNX_TRT), super-gradients
 * (conversion/onnx/nms.py), ultralytics (Detect.postprocess, RTDETRDecoder.postprocess, NMSModel).
 */
export const yoloFinished: Recogniser = async (evidence) =>
  (await sixColumns(evidence)) ?? (await sevenColumns(evidence)) ?? yoloNasBatch(evidence) ?? fourOutputs(evidence);

/** [1, k, 6]: box, score, class. */
async function sixColumns(evidence: Evidence): Promise<Recognition | null> {
  const [output, ...others] = evidence.outputs;
  if (output === undefined || output.dims.length !== 3 || others.length > 0) return null;
  const [, , last] = output.dims;
  if (typeof last === 'number' && last !== 6) return null;
  const dims = await dimsOf(evidence, output, LETTERBOX);
  if (dims[2] !== 6) return null;
  const table = tableOf((await evidence.probe(LETTERBOX))[output.name]!, 'rows');
  if (!everyRow(table, (row) => Number.isInteger(table.at(row, 5)) && table.at(row, 5) >= 0)) return null;
  // As many rows as an input has cells may be those of one class; but these are not in the order of their scores.
  const perCell = gridOf(table.rows, evidence.sizeOf(LETTERBOX)) !== null;
  if (perCell && !everyRow(table, (row) => row === 0 || table.at(row, 4) <= table.at(row - 1, 4))) return null;
  const { unit, decision } = unitOf(table);
  const isRtDetr = unit === 'input-fractions';
  const family = isRtDetr ? 'RT-DETR' : 'YOLO, end to end';
  const because = 'rows of box, score and a whole number, the class';
  const format = isRtDetr ? 'cxcywh' : 'xyxy';
  const formatReason = isRtDetr ? 'detectors that give fractions are RT-DETR' : 'detectors that give pixels are YOLO';
  return {
    family,
    head: rowsHead(output.name, { all: 6, box: 0, score: 4, class: 5 }, { boxFormat: format, boxUnit: unit }),
    input: isRtDetr ? STRETCH : LETTERBOX,
    classes: null,
    decisions: [settled('family', family, because), decision, settled('head.boxFormat', format, formatReason)],
  };
}

/** [k, 7]: image, box, then class and score as YOLOv7 has them, or score and class as YOLO-NAS. */
async function sevenColumns(evidence: Evidence): Promise<Recognition | null> {
  const [output, ...others] = evidence.outputs;
  if (output === undefined || output.dims.length !== 2 || others.length > 0) return null;
  const [, last] = output.dims;
  const isNas = /flat_predictions$/.test(output.name);
  if (isNas && typeof last === 'number' && last > 7) {
    throw notDecoded(evidence, 'key points', `${last} numbers per row of "${output.name}"`);
  }
  if (last !== 7 && !(isNas && typeof last !== 'number')) return null;
  const input = isNas ? nasInput(evidence) : LETTERBOX;
  const table = tableOf((await evidence.probe(input))[output.name]!, 'rows');
  const { classColumn, because } = isNas
    ? { classColumn: 6 as const, because: `output "${output.name}" is super-gradients’ name for score, class` }
    : classColumnOf(evidence, table);
  const family = classColumn === 6 ? 'YOLO-NAS' : 'YOLOv7, end to end';
  const { unit, decision } = unitOf(table, 1);
  const columns = { all: 7, box: 1, score: classColumn === 6 ? 5 : 6, class: classColumn };
  return {
    family,
    head: rowsHead(output.name, columns, { boxFormat: 'xyxy', boxUnit: unit }),
    input: classColumn === 6 ? nasInput(evidence) : LETTERBOX,
    classes: null,
    decisions: [
      settled('family', family, 'rows of seven numbers: image, box, and score and class in some order'),
      settled('head.columns.class', String(classColumn), because),
      decision,
    ],
  };
}

function classColumnOf(evidence: Evidence, table: Table): { classColumn: 5 | 6; because: string } {
  const given = (evidence.given.head.columns as { class?: unknown } | undefined)?.class;
  if (given === 5 || given === 6) return { classColumn: given, because: 'given' };
  const whole = ([5, 6] as const).filter((k) => everyRow(table, (row) => Number.isInteger(table.at(row, k))));
  if (whole.length === 1) return { classColumn: whole[0]!, because: 'only there all numbers of a run are whole' };
  const columns = (score: number, classId: number) =>
    `spec {"head":{"columns":{"all":7,"box":1,"score":${score},"class":${classId}}}}`;
  throw undecided(
    evidence,
    `"${evidence.outputs[0]!.name}" has seven columns, and a run of ${table.rows} rows does not tell the class from the score`,
    `${columns(6, 5)} for YOLOv7, ${columns(5, 6)} for YOLO-NAS,`,
  );
}

function rowsHead(
  output: string,
  columns: RowsHeadSpec['columns'],
  format: Pick<RowsHeadSpec, 'boxFormat' | 'boxUnit'>,
): RowsHeadSpec {
  return { family: 'rows', output, count: null, columns, ...format };
}

/** num_predictions, pred_boxes, pred_scores, pred_classes, perhaps behind a prefix. */
function yoloNasBatch(evidence: Evidence): Recognition | null {
  const named = (end: string) => evidence.outputs.find(({ name }) => name.endsWith(end))?.name;
  const count = named('num_predictions');
  if (count === undefined) return null;
  const joints = named('_joints');
  if (joints !== undefined) throw notDecoded(evidence, 'key points', `output "${joints}"`);
  const [boxes, scores, classes] = [named('pred_boxes'), named('pred_scores'), named('pred_classes')];
  if (boxes === undefined || scores === undefined || classes === undefined) return null;
  return {
    family: 'YOLO-NAS',
    head: { family: 'parts', boxes, scores, classes, count, boxFormat: 'xyxy', boxUnit: 'input-pixels' },
    input: nasInput(evidence),
    classes: null,
    decisions: [
      settled('family', 'YOLO-NAS', `outputs "${count}", "${boxes}", "${scores}", "${classes}"`),
      settled('head.boxUnit', 'input-pixels', 'super-gradients exports nothing else'),
    ],
  };
}

/** Bytes where the file holds its own preparation. Source: default_yolo_nas_coco_processing_params, super-gradients. */
export function nasInput({ image }: Pick<Evidence, 'image'>): Recognition['input'] {
  return image.type === 'uint8' ? { ...LETTERBOX, ...RGB255 } : LETTERBOX;
}

/** num_dets, det_boxes, det_scores, det_classes. */
function fourOutputs(evidence: Evidence): Recognition | null {
  const names = ['num_dets', 'det_boxes', 'det_scores', 'det_classes'] as const;
  if (!names.every((wanted) => evidence.outputs.some(({ name }) => name === wanted))) return null;
  const [count, boxes, scores, classes] = names;
  const family = 'YOLOv6 or YOLOv7, end to end';
  return {
    family,
    head: { family: 'parts', boxes, scores, classes, count, boxFormat: 'xyxy', boxUnit: 'input-pixels' },
    input: LETTERBOX,
    classes: null,
    decisions: [
      settled('family', family, `outputs ${names.join(', ')}`),
      settled('head.boxUnit', 'input-pixels', 'their exporters give nothing else'),
    ],
  };
}
