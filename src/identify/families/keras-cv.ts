import { SigboxError } from '../../errors.js';
import { gridOf } from '../evidence/layout/dense-layout.js';
import { areDistributions } from '../evidence/values/distributions.js';
import { activationInRun } from '../evidence/values/ranges.js';
import { type Recogniser, settled } from '../recognition.js';
import { LETTERBOX } from './yolo-inputs.js';

const BINS = 16;

/**
 * YOLOv8 of KerasCV and others that give the distributions of all levels in one output and the scores in another:
 * [1, n, 64] and [1, n, classes].
 *
 * Source: YOLOV8Detector in keras_cv/models/object_detection/yolo_v8 (decode_regression_to_boxes, get_anchors).
 */
export const kerasCv: Recogniser = async (evidence) => {
  const { outputs } = evidence;
  if (outputs.length !== 2 || outputs.some(({ dims, type }) => dims.length !== 3 || !type.startsWith('float')))
    return null;
  const box = outputs.filter(({ name, dims }) => dims[2] === 4 * BINS && name !== 'class');
  const [distances, ...others] = box;
  const scores = outputs.find((output) => output !== distances)!;
  if (distances === undefined || others.length > 0) return null;
  const run = await evidence.probe(LETTERBOX);
  const [tensor, { data, dims }] = [run[distances.name]!, run[scores.name]!];
  const grid = gridOf(tensor.dims[1]!, evidence.sizeOf(LETTERBOX));
  if (grid?.perCell !== 1 || dims[1] !== tensor.dims[1]) return null;
  const seen = areDistributions([tensor], { width: 4 * BINS, first: 0, bins: BINS, layout: 'rows' });
  if (!seen.holds) throw noDistributions(evidence.file, distances.name, seen.because);
  const activation = activationInRun([data]);
  const family = 'YOLOv8 (KerasCV)';
  return {
    family,
    head: {
      family: 'dfl',
      ...{ scores: [scores.name], distances: [distances.name], strides: [...grid.strides] },
      ...{ activation: activation.value, bins: BINS, centre: 0.5 },
    },
    input: LETTERBOX,
    classes: dims[2]!,
    decisions: [
      settled('family', family, `64 numbers for each cell of strides ${grid.strides.join(', ')}: ${seen.because}`),
      settled('head.activation', activation.value, activation.because),
    ],
    warnings: 'fit' in evidence.given.input ? [] : [ASSUMED],
  };
};

const ASSUMED =
  'The file does not say where its picture lies in the input: in the middle, as most YOLOs want it. KerasCV’s own resizing ' +
  'pads right and below: a spec {"input":{"fit":"letterbox-top-left","padValue":0}} does so.';

function noDistributions(file: string, output: string, because: string): SigboxError {
  const message =
    `model ${file}: output "${output}" has 64 numbers per cell, as YOLOv8 before its boxes are decoded, but they are no ` +
    `distributions of distances: ${because}. Export the model with its boxes decoded.`;
  return new SigboxError('E_MODEL', message);
}
