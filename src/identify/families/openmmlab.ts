import type { BoxesScoresHeadSpec } from '../../heads/contracts/boxes-scores.js';
import type { PartsHeadSpec } from '../../heads/contracts/parts.js';
import { gridOf } from '../evidence/layout/dense-layout.js';
import { tableOf } from '../evidence/layout/table.js';
import { boxForm } from '../evidence/values/box-form.js';
import { activationInRun } from '../evidence/values/ranges.js';
import {
  type Decision,
  type Evidence,
  type FamilyInput,
  type Recogniser,
  type Recognition,
  RGB01,
  settled,
} from '../recognition.js';
import { notDecoded } from '../refusal.js';
import { type MmdeployPipeline, readMmdeployPipeline } from '../sidecars/mmdeploy-pipeline.js';
import { intoFile } from '../sidecars/preprocessor.js';

/**
 * What mmdeploy exports (`dets` [1, k, 5] and `labels` [1, k]), and mmyolo's easydeploy (`num_dets`, `boxes`, `scores`,
 * `labels`).
 *
 * Source: mmdeploy.codebase.mmdet (output names, mmdet.models.dense_heads), projects/easydeploy/tools/export_onnx.py of
 * mmyolo; configs/rtmdet of mmdetection.
 */
export const openmmlab: Recogniser = async (evidence) => {
  const known = mmdeploy(evidence) ?? easydeploy(evidence) ?? (await withoutSuppression(evidence));
  return known === null ? null : finished(evidence, known, await readMmdeployPipeline(evidence.file));
};

/** Source: test_pipeline and data_preprocessor in configs/rtmdet/rtmdet_l_8xb32-300e_coco.py. */
const RTMDET: FamilyInput = {
  channels: 'bgr',
  scale: 1,
  mean: [103.53, 116.28, 123.675],
  std: [57.375, 57.12, 58.395],
  fit: 'letterbox-top-left',
  interpolation: 'bilinear',
  padValue: 114,
  size: [640, 640],
};

/** Source: test_pipeline and data_preprocessor in configs/yolov5/yolov5_s-v61_syncbn_8xb16-300e_coco.py of mmyolo. */
const YOLO: FamilyInput = {
  ...RGB01,
  fit: 'letterbox',
  rounding: 'down',
  interpolation: 'antialias',
  padValue: 114,
  size: [640, 640],
};

const parts = { family: 'parts', boxFormat: 'xyxy', boxUnit: 'input-pixels' } as const;

function mmdeploy(evidence: Evidence): Known | null {
  const [dets, labels] = [named(evidence, 'dets'), named(evidence, 'labels')];
  if (dets?.dims.length !== 3 || labels?.dims.length !== 2 || !labels.type.startsWith('int')) return null;
  if (dets.dims[2] === 6) throw notDecoded(evidence, 'oriented boxes', '"dets" of six numbers: box, angle, score');
  if (typeof dets.dims[2] === 'number' && dets.dims[2] > 0 && dets.dims[2] !== 5) return null;
  const head: PartsHeadSpec = { ...parts, boxes: dets.name, scores: null, classes: labels.name, count: null };
  const because = 'outputs "dets" of five numbers, the fifth one the score, and "labels"';
  return { family: 'OpenMMLab (mmdeploy)', because, head, input: RTMDET, usual: 'RTMDet' };
}

function easydeploy(evidence: Evidence): Known | null {
  const found = ['num_dets', 'boxes', 'scores', 'labels'].map((name) => named(evidence, name)?.name);
  const [count, boxes, scores, classes] = found;
  if (count === undefined || boxes === undefined || scores === undefined || classes === undefined) return null;
  const head: PartsHeadSpec = { ...parts, boxes, scores, classes, count };
  const because = 'outputs "num_dets", "boxes", "scores" and "labels"';
  return { family: 'OpenMMLab (mmyolo)', because, head, input: YOLO, usual: 'YOLOv5 to YOLOv8' };
}

/** `scores` [1, n, classes] and `boxes` [1, n, 4], a row for each cell. */
async function withoutSuppression(evidence: Evidence): Promise<Known | null> {
  const [boxes, scores] = [named(evidence, 'boxes'), named(evidence, 'scores')];
  if (evidence.outputs.length !== 2 || boxes?.dims.length !== 3 || scores?.dims.length !== 3) return null;
  const run = await evidence.probe(YOLO);
  const [table, { data, dims }] = [tableOf(run.boxes!, 'rows'), run.scores!];
  const size = evidence.sizeOf(YOLO);
  const grid = gridOf(table.rows, size);
  if (table.width !== 4 || grid === null || dims[1] !== table.rows) return null;
  const form = boxForm({ table, first: 0, grid, size }, 'xyxy');
  if (form === null) return null;
  const activation = activationInRun([data]);
  const { boxFormat, boxUnit } = form;
  const head: BoxesScoresHeadSpec = {
    family: 'boxes-scores',
    ...{ boxes: 'boxes', scores: 'scores', layout: 'rows', boxFormat, boxUnit, suppress: true },
    activation: activation.value,
  };
  const because = 'outputs "boxes" and "scores" with a row for each cell';
  const decisions = [...form.decisions, settled('head.activation', activation.value, activation.because)];
  const classes = dims[2]!;
  return { family: 'OpenMMLab (mmyolo)', because, head, input: YOLO, usual: 'YOLOv5 to YOLOv8', classes, decisions };
}

interface Known {
  family: string;
  because: string;
  head: PartsHeadSpec | BoxesScoresHeadSpec;
  /** Columns of the head; absent: its outputs do not tell. */
  classes?: number;
  decisions?: Decision[];
  input: FamilyInput;
  /** Whose input it is, of the models that are exported so. */
  usual: string;
}

function finished(evidence: Evidence, known: Known, pipeline: MmdeployPipeline | null): Recognition {
  const { family, because, head } = known;
  const { input, decision, warnings } = pipeline === null ? assumed(evidence, known) : told(evidence, pipeline);
  return {
    family,
    head,
    input,
    classes: known.classes ?? null,
    decisions: [
      settled('family', family, because),
      ...(known.decisions ?? [
        settled('head.boxUnit', 'input-pixels', 'the graph does not know the size of the picture'),
      ]),
      decision,
    ],
    warnings,
  };
}

function told({ image, given }: Evidence, { input: described, warnings }: MmdeployPipeline) {
  const input = intoFile(image, described);
  const decision = settled('input', input.fit, 'pipeline.json beside the model');
  return { input, decision, warnings: 'interpolation' in given.input ? [] : warnings };
}

function assumed({ given }: Evidence, { family, input, usual }: Known) {
  const warning =
    `The file does not say how ${family} prepares its pictures: ${usual} is assumed (${input.channels}, mean ` +
    `${input.mean.join(', ')}). If it is another model, put the pipeline.json of the export beside it, or a spec ` +
    '{"input":{"channels":…,"mean":[…],"std":[…],"fit":…}} says so.';
  const decision = settled('input.mean', input.mean.join(', '), `usual for ${usual}`);
  return { input, decision, warnings: 'mean' in given.input || 'channels' in given.input ? [] : [warning] };
}

function named({ outputs }: Evidence, wanted: string) {
  return outputs.find(({ name }) => name === wanted);
}
