import { logit, sigmoid, softmaxRows } from '../kernels/activation.js';
import { scanRows } from '../kernels/scan.js';
import type { Candidates, InputSpec, SsdHeadSpec, Tensors } from '../types.js';
import { type ClassSelection, type Head, outputOf } from './head.js';

/**
 * SSD: every row is an anchor with a score per class and a box encoded against the anchor.
 *
 * Source: Liu et al., SSD (2016), section 2.2; box coder of the TensorFlow Object Detection API
 * (faster_rcnn_box_coder): centre = t / scale · anchor size + anchor centre, size = e^(t / scale) · anchor size.
 */
export const ssd: Head<SsdHeadSpec> = {
  outputs: ({ scores, boxes, anchors }) => [scores, boxes, anchors],

  candidates(outputs, spec, input, selection): Candidates {
    const classes = selection.scoreThresholds.length;
    const scores = outputOf(outputs, spec.scores, [1, -1, classes]);
    const { rows, classIds, values } = scanScores(scores.data, classes, spec, selection);
    const boxes = decodeBoxes(outputs, spec, input, rows);
    return { rows, classIds, scores: values, boxes };
  },
};

/** Hits whose values are scores, whatever the head's activation is. */
function scanScores(raw: Float32Array, classes: number, spec: SsdHeadSpec, selection: ClassSelection) {
  const { scoreThresholds, labelled: columns, single } = selection;
  if (spec.activation === 'sigmoid') {
    const hits = scanRows(raw, { classes, thresholds: scoreThresholds.map(logit), columns, single });
    return { ...hits, values: hits.values.map(sigmoid) };
  }
  const scores = spec.activation === 'softmax' ? softmaxRows(raw, classes) : raw;
  return scanRows(scores, { classes, thresholds: scoreThresholds, columns, single });
}

/** @returns [rows.length, 4] xyxy, model-input pixels */
function decodeBoxes(outputs: Tensors, spec: SsdHeadSpec, input: InputSpec, rows: Uint32Array): Float32Array {
  const anchors = outputOf(outputs, spec.anchors, [1, -1, 4]);
  const count = anchors.dims[1]!;
  const singleton = outputs[spec.boxes]?.dims.length === 4; // TensorFlow keeps a class axis of one
  const encodings = outputOf(outputs, spec.boxes, singleton ? [1, count, 1, 4] : [1, count, 4]);
  outputOf(outputs, spec.scores, [1, count, -1]);
  const [scaleY, scaleX, scaleH, scaleW] = spec.boxScales;
  const boxes = new Float32Array(rows.length * 4); // [n, 4]
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i]! * 4;
    const [y1, x1, y2, x2] = anchors.data.subarray(at, at + 4) as unknown as [number, number, number, number];
    const [ty, tx, th, tw] = encodings.data.subarray(at, at + 4) as unknown as [number, number, number, number];
    const centreY = (ty / scaleY) * (y2 - y1) + (y1 + y2) / 2;
    const centreX = (tx / scaleX) * (x2 - x1) + (x1 + x2) / 2;
    const halfHeight = (Math.exp(th / scaleH) * (y2 - y1)) / 2;
    const halfWidth = (Math.exp(tw / scaleW) * (x2 - x1)) / 2;
    boxes[i * 4] = (centreX - halfWidth) * input.width;
    boxes[i * 4 + 1] = (centreY - halfHeight) * input.height;
    boxes[i * 4 + 2] = (centreX + halfWidth) * input.width;
    boxes[i * 4 + 3] = (centreY + halfHeight) * input.height;
  }
  return boxes;
}
