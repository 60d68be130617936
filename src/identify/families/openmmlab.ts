import type { PartsHeadSpec } from '../../heads/contracts/parts.js';
import { type Evidence, type FamilyInput, type Recogniser, type Recognition, RGB01, settled } from '../recognition.js';
import { notDecoded, refuseOtherShapes } from '../refusal.js';
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
  const known = mmdeploy(evidence) ?? easydeploy(evidence);
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
  refuseOtherShapes(evidence);
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
  refuseOtherShapes(evidence);
  const head: PartsHeadSpec = { ...parts, boxes, scores, classes, count };
  const because = 'outputs "num_dets", "boxes", "scores" and "labels"';
  return { family: 'OpenMMLab (mmyolo)', because, head, input: YOLO, usual: 'YOLOv5 to YOLOv8' };
}

interface Known {
  family: string;
  because: string;
  head: PartsHeadSpec;
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
    classes: null,
    decisions: [
      settled('family', family, because),
      settled('head.boxUnit', 'input-pixels', 'the graph does not know the size of the picture'),
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
