import type { HeadSpec } from '../../heads/index.js';
import type { ExtraInput, Tensor } from '../../types/model.js';
import { cellsOf, STRIDES } from '../evidence/layout/cells.js';
import { activationInRun, rangeOf } from '../evidence/values/ranges.js';
import {
  type Evidence,
  type FamilyInput,
  IMAGENET,
  type Recogniser,
  type Recognition,
  RGB01,
  settled,
} from '../recognition.js';
import { leftOut, notDecoded } from '../refusal.js';
import { readInferConfig } from '../sidecars/infer-config.js';
import { intoFile } from '../sidecars/preprocessor.js';

/**
 * PaddleDetection: PP-YOLOE, PicoDet and others with their post-processing (input `scale_factor`, rows of class, score
 * and box), PP-YOLOE and PicoDet without non-maximum suppression (boxes, and scores a class per line), PP-YOLOE without
 * post-processing (one output).
 *
 * Source: deploy/python/infer.py, ppdet.modeling.heads.ppyoloe_head and pico_head (post_process).
 */
export const paddle: Recogniser = async (evidence) => {
  const found = finished(evidence) ?? (await apart(evidence)) ?? (await joined(evidence));
  if (found === null) return null;
  const { notes = [], ...recognised } = found;
  const prepared = await prepare(evidence, found.family);
  const warnings = [...(prepared.warnings ?? []), ...notes];
  return { ...recognised, ...prepared, warnings, decisions: [...found.decisions, ...prepared.decisions] };
};

type Found = Omit<Recognition, 'input' | 'warnings' | 'names'> & { notes?: string[] };

/** Source: configs/ppyoloe/_base_/ppyoloe_reader.yml, configs/picodet/_base_/picodet_320_reader.yml. */
const USUAL: FamilyInput = {
  ...IMAGENET,
  fit: 'stretch',
  interpolation: 'bicubic',
  padValue: 0,
  size: [640, 640],
};

async function prepare(
  evidence: Evidence,
  family: string,
): Promise<Pick<Recognition, 'input' | 'decisions' | 'warnings' | 'names'>> {
  const extras = extrasOf(evidence);
  const config = await readInferConfig(evidence.file);
  if (config !== null) {
    const input = intoFile(evidence.image, { ...config.input, extras });
    const decisions = [settled('input', input.fit, 'infer_cfg.yml beside the model')];
    const warnings = 'interpolation' in evidence.given.input ? [] : config.warnings;
    return { input, decisions, warnings, ...(config.labels === undefined ? {} : { names: config.labels }) };
  }
  if (family === DOC_LAYOUT) {
    const decisions = [settled('input.mean', '0', 'usual for PP-DocLayout, an RT-DETR')];
    return { input: { ...USUAL, ...RGB01, size: [800, 800], extras }, decisions };
  }
  const decisions = [settled('input.mean', IMAGENET.mean.join(', '), 'usual for PP-YOLOE and PicoDet')];
  const told = 'mean' in evidence.given.input;
  const warning =
    'PaddleDetection models differ in how their input is prepared, and nothing here says how: PP-YOLOE and PicoDet are ' +
    'assumed. For PP-YOLOE+ and RT-DETR give a spec {"input":{"mean":[0,0,0],"std":[1,1,1]}}, or put the ' +
    'infer_cfg.yml of the export beside the model.';
  return { input: { ...USUAL, extras }, decisions, warnings: told ? [] : [warning] };
}

function extrasOf({ inputs }: Evidence): ExtraInput[] {
  const values: Record<string, ExtraInput['value']> = { scale_factor: 'scale-yx', im_shape: 'input-hw' };
  return inputs.flatMap(({ name, type }) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? [] : [{ name, type: type as ExtraInput['type'], value }];
  });
}

const hasScaleFactor = ({ inputs }: Evidence) => inputs.some(({ name }) => name === 'scale_factor');
const byPaddle = ({ metadata }: Evidence) => /^paddle/i.test(metadata.producer);

/** [k, 6] and how many of the rows are the image's. */
function finished(evidence: Evidence): Found | null {
  if (!hasScaleFactor(evidence)) return null;
  const rows = evidence.outputs.find(({ type, dims }) => dims.length === 2 && type.startsWith('float'));
  const count = evidence.outputs.find(({ type, dims }) => dims.length === 1 && type.startsWith('int'));
  if (rows === undefined || count === undefined) return null;
  const because = 'input "scale_factor", and an output of detections with their count';
  if (rows.dims[1] === 10) throw notDecoded(evidence, 'oriented boxes', 'rows of class, score and four corners');
  const masks = evidence.outputs.find(({ dims }) => dims.length > 2);
  const declared = rows.dims[1];
  const all = typeof declared === 'number' && declared > 0 ? declared : 6;
  if (all < 6 || all > 8) return null;
  const family = all === 6 ? 'PaddleDetection' : DOC_LAYOUT;
  const head: HeadSpec = {
    family: 'rows',
    output: rows.name,
    count: count.name,
    columns: { all, box: 2, score: 1, class: 0 },
    boxFormat: 'xyxy',
    boxUnit: 'image-pixels',
  };
  return {
    family,
    head,
    classes: null,
    decisions: [
      settled('family', family, because),
      settled('head.columns', all === 6 ? 'class, score, box' : 'class, score, box, reading order', ORDER),
      settled('head.boxUnit', 'image-pixels', 'the graph divides by "scale_factor"'),
    ],
    notes: masks === undefined ? [] : [leftOut('masks', `output "${masks.name}"`)],
  };
}

/** Rows of 7 or 8: the last numbers are the order in which parts of a page are read. */
const DOC_LAYOUT = 'PP-DocLayout';
const ORDER = 'the order of every PaddleDetection export';

/** Boxes [1, n, 4] and scores [1, classes, n]. */
async function apart(evidence: Evidence): Promise<Found | null> {
  const { outputs } = evidence;
  if (outputs.length !== 2 || outputs.some(({ dims }) => dims.length !== 3)) return null;
  const [boxes, scores] =
    outputs[0]!.dims[2] === 4 && !isScores(outputs[0]!.dims, evidence) ? outputs : [...outputs].reverse();
  if (boxes!.dims[2] !== 4 || !isScores(scores!.dims, evidence)) return null;
  const input = { ...USUAL, extras: extrasOf(evidence) };
  const run = await evidence.probe(input);
  const [boxesRun, scoresRun] = [run[boxes!.name]!, run[scores!.name]!];
  if (boxesRun.dims[1] !== scoresRun.dims[2] || !isCorners(boxesRun, 4)) return null;
  const activation = activationInRun([scoresRun.data]);
  const unit = unitOf(evidence, boxesRun.data);
  const n = boxesRun.dims[1];
  return {
    family: 'PP-YOLOE',
    head: {
      family: 'boxes-scores',
      boxes: boxes!.name,
      scores: scores!.name,
      layout: 'columns',
      activation: activation.value,
      boxFormat: 'xyxy',
      boxUnit: unit.value,
      suppress: true,
    },
    classes: scoresRun.dims[1]!,
    decisions: [
      settled('family', 'PP-YOLOE', `${n} boxes in one output, and in the other ${n} scores for each class`),
      settled('head.activation', activation.value, activation.because),
      settled('head.boxFormat', 'xyxy', 'in a run no box ends before it begins'),
      settled('head.boxUnit', unit.value, unit.because),
    ],
  };
}

/** Whether dims can be a line of scores per class, one for each cell. */
function isScores([, classes, n]: readonly (number | string)[], evidence: Evidence): boolean {
  const { width, height } = evidence.sizeOf(USUAL);
  const cells = [STRIDES, [...STRIDES, 64]].map((strides) => cellsOf(width, height, strides));
  if (typeof n !== 'number' || n < 0) return hasScaleFactor(evidence) || byPaddle(evidence);
  return cells.includes(n) && classes !== n;
}

/** One output [1, n, 4 + classes]: PP-YOLOE exported with exclude_post_process. */
async function joined(evidence: Evidence): Promise<Found | null> {
  const [output, second] = evidence.outputs;
  if (!byPaddle(evidence) || output === undefined || second !== undefined || output.dims.length !== 3) return null;
  const { width, height } = evidence.sizeOf(USUAL);
  const run = (await evidence.probe({ ...USUAL, extras: extrasOf(evidence) }))[output.name]!;
  const [, n, columns] = run.dims as [number, number, number];
  if (n !== cellsOf(width, height, STRIDES) || columns < 5 || !isCorners(run, columns)) return null;
  const activation = activationInRun([run.data.filter((_, i) => i % columns > 3)]);
  return {
    family: 'PP-YOLOE',
    head: {
      family: 'yolo',
      output: output.name,
      layout: 'rows',
      objectness: false,
      activation: activation.value,
      boxFormat: 'xyxy',
      boxUnit: 'input-pixels',
      suppress: true,
    },
    classes: columns - 4,
    decisions: [
      settled('family', 'PP-YOLOE', `written by PaddlePaddle, ${n} rows: cells of strides ${STRIDES.join(', ')}`),
      settled('head.activation', activation.value, activation.because),
      settled('head.boxFormat', 'xyxy', 'in a run no box ends before it begins'),
    ],
  };
}

/** Whether the first four numbers of every row are corners; centre and size hardly ever look like them. */
function isCorners({ data }: Tensor, columns: number): boolean {
  for (let at = 0; at < data.length; at += columns) {
    if (data[at + 2]! < data[at]! || data[at + 3]! < data[at + 1]!) return false;
  }
  return true;
}

function unitOf(evidence: Evidence, boxes: Float32Array) {
  const { high, text } = rangeOf(boxes);
  const seen = `coordinates of a run go from ${text}`;
  if (high <= 1.5) return { value: 'input-fractions', because: seen } as const;
  if (!hasScaleFactor(evidence)) return { value: 'input-pixels', because: seen } as const;
  return { value: 'image-pixels', because: 'the graph divides by "scale_factor"' } as const;
}
