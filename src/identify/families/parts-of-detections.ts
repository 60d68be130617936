import { gridOf } from '../evidence/layout/dense-layout.js';
import { everyRow, type Table, tableOf } from '../evidence/layout/table.js';
import { boxForm } from '../evidence/values/box-form.js';
import { isNoScore } from '../evidence/values/ranges.js';
import { type Evidence, type FamilyInput, type Recogniser, RGB01, settled } from '../recognition.js';
import { LETTERBOX } from './yolo-inputs.js';

/**
 * Boxes, a score and a class for each, in outputs of their own: YOLOs of Qualcomm AI Hub and older ones for DeepStream (a row
 * per cell, not suppressed), Azure Custom Vision S1, and D-FINE and others whose export takes no `orig_target_sizes`.
 *
 * Source: qai_hub_models/models/_shared/yolo/model.py; names of Custom Vision's ONNX exports; ArgoHA/D-FINE-seg's export.
 */
export const partsOfDetections: Recogniser = async (evidence) => {
  const found = await findParts(evidence);
  if (found === null) return null;
  const { boxes, scores, classes, table } = found;
  const size = evidence.sizeOf(LETTERBOX);
  const grid = gridOf(table.rows, size);
  const family = familyOf(evidence, found, grid !== null);
  if (family === null) return null;
  const form = boxForm({ table, first: 0, grid, size }, 'xyxy');
  if (form === null) return null;
  const { boxFormat, boxUnit } = form;
  return {
    family: family.name,
    head: {
      family: 'parts',
      ...{ boxes, scores, classes, count: null },
      ...{ boxFormat, boxUnit },
      ...(grid === null ? {} : { suppress: true }),
    },
    input: family.input,
    classes: null,
    decisions: [
      settled('family', family.name, `outputs "${boxes}", "${scores}" and "${classes}": ${family.because}`),
      ...form.decisions,
    ],
    warnings: 'fit' in evidence.given.input ? [] : family.warnings,
  };
};

interface Parts {
  boxes: string;
  scores: string;
  classes: string;
  /** Of the boxes, in a run. */
  table: Table;
}

async function findParts(evidence: Evidence): Promise<Parts | null> {
  const { outputs, inputs } = evidence;
  if (inputs.length > 1) return null;
  const flat = ({ dims }: Evidence['outputs'][number]) => dims.length === 2 || (dims.length === 3 && dims[2] === 1);
  const boxes = outputs.filter(({ dims, type }) => dims.length === 3 && dims[2] === 4 && type.startsWith('float'));
  const perBox = outputs.filter(flat);
  if (boxes.length !== 1 || perBox.length !== 2) return null;
  const run = await evidence.probe(LETTERBOX);
  const whole = perBox.filter(({ name, type }) => !type.startsWith('float') || isWhole(run[name]!.data));
  const byType = perBox.filter(({ type }) => !type.startsWith('float'));
  const [classes, ...others] = byType.length === 1 ? byType : whole;
  if (classes === undefined || others.length > 0) return null;
  const scores = perBox.find((output) => output !== classes)!;
  const table = tableOf(run[boxes[0]!.name]!, 'rows');
  const count = run[scores.name]!.data.length;
  const fits = count === table.rows && run[classes.name]!.data.length === count;
  if (!fits || run[scores.name]!.data.some(isNoScore)) return null;
  return { boxes: boxes[0]!.name, scores: scores.name, classes: classes.name, table };
}

function isWhole(values: Float32Array): boolean {
  return everyRow({ rows: values.length, width: 1, at: (row) => values[row]! }, (row) => Number.isInteger(values[row]));
}

interface Family {
  name: string;
  input: FamilyInput;
  because: string;
  warnings: string[];
}

/** Source: the Python samples that Custom Vision puts beside its exports: RGB turned to BGR, bytes, stretched. */
const CUSTOM_VISION: FamilyInput = {
  channels: 'bgr',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  fit: 'stretch',
  interpolation: 'antialias',
  padValue: 0,
  size: [320, 320],
};

/** Source: D-FINE-seg's infer/onnx_model.py and D-FINE's export: stretched, RGB from 0 to 1. */
const DFINE: FamilyInput = { ...RGB01, fit: 'stretch', interpolation: 'bilinear', padValue: 0, size: [640, 640] };

function familyOf({ image }: Evidence, { boxes, scores, classes, table }: Parts, perCell: boolean): Family | null {
  const names = [boxes, scores, classes].join();
  if (names === 'detected_boxes,detected_scores,detected_classes') {
    const because = 'the names of Azure Custom Vision';
    return { name: 'Azure Custom Vision', input: CUSTOM_VISION, because, warnings: [] };
  }
  if (perCell) {
    const because = `${table.rows} rows, one for each cell, are not suppressed`;
    return { name: 'YOLO, decoded per cell', input: LETTERBOX, because, warnings: [LETTERBOXED] };
  }
  if (names !== 'boxes,scores,labels' || image.layout !== 'nchw' || !inPixels(table)) return null;
  const because = 'finished, in pixels of the input, which takes no size of the picture';
  return { name: 'D-FINE', input: DFINE, because, warnings: [ASSUMED] };
}

function inPixels(table: Table): boolean {
  return !everyRow(table, (row) => [0, 1, 2, 3].every((k) => !(table.at(row, k) > 1.5)));
}

const ASSUMED =
  'The file does not say how its picture is prepared: it is stretched, RGB from 0 to 1, as D-FINE and RT-DETR want it. A ' +
  'spec {"input":{"mean":[…],"std":[…],"fit":…}} says otherwise.';

const LETTERBOXED =
  'The file does not say how its picture is prepared: it is letterboxed, RGB from 0 to 1, as most YOLOs want it. A spec ' +
  '{"input":{"channels":…,"scale":…,"mean":[…],"std":[…],"fit":…}} says otherwise.';
