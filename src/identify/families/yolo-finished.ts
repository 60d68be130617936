import { type Evidence, type Recogniser, type Recognition, RGB255, settled } from '../recognition.js';
import { leftOut } from '../refusal.js';
import { LETTERBOX } from './yolo-inputs.js';

/**
 * YOLOs whose graph ends in non-maximum suppression and gives boxes, scores and classes apart.
 *
 * Source: export-det of YOLOv6 (deploy/ONNX), YOLOv7 (models/experimental.py, ONNX_TRT), super-gradients
 * (conversion/onnx/nms.py).
 */
export const yoloFinished: Recogniser = (evidence) => yoloNasBatch(evidence) ?? fourOutputs(evidence);

/** num_predictions, pred_boxes, pred_scores, pred_classes, perhaps behind a prefix. */
function yoloNasBatch(evidence: Evidence): Recognition | null {
  const named = (end: string) => evidence.outputs.find(({ name }) => name.endsWith(end))?.name;
  const count = named('num_predictions');
  if (count === undefined) return null;
  const joints = named('_joints');
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
    warnings: joints === undefined ? [] : [leftOut('key points', `output "${joints}"`)],
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
