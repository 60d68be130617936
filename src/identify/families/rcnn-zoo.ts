import { BGR255, type FamilyInput, type Recogniser, settled } from '../recognition.js';
import { leftOut } from '../refusal.js';

/**
 * Faster R-CNN of the ONNX model zoo, from maskrcnn-benchmark: one picture [3, height, width] without a batch.
 * Torchvision's has such an input too, but wants RGB from 0 to 1: the zoo's is named `image` and its outputs by numbers.
 *
 * Source: faster-rcnn/README.md of the ONNX model zoo.
 */
export const rcnnZoo: Recogniser = ({ image, inputs, outputs, given }) => {
  const asNamed = image.name === 'image' && outputs.every(({ name }) => /^\d+$/.test(name));
  if (image.batched || inputs.length !== 1 || !(asNamed || given.input.channels === 'bgr')) return null;
  const boxes = outputs.find(({ dims }) => dims.length === 2 && dims[1] === 4);
  const scores = outputs.find(({ type, dims }) => dims.length === 1 && type.startsWith('float'));
  const classes = outputs.find(({ type, dims }) => dims.length === 1 && type.startsWith('int'));
  if (boxes === undefined || scores === undefined || classes === undefined) return null;
  const masks = outputs.find(({ dims }) => dims.length === 4);
  return {
    family: 'Faster R-CNN',
    head: {
      family: 'parts',
      boxes: boxes.name,
      scores: scores.name,
      classes: classes.name,
      count: null,
      boxFormat: 'xyxy',
      boxUnit: 'input-pixels',
    },
    input: INPUT,
    classes: (given.names ?? 80) + 1,
    background: 'first',
    decisions: [
      settled(
        'family',
        'Faster R-CNN',
        'an input without a batch; outputs with numbers for names: boxes, labels, scores',
      ),
      settled('head.boxUnit', 'input-pixels', 'as every model of maskrcnn-benchmark'),
      settled('labels', 'from 1', 'class 0 is the background'),
    ],
    ...(masks === undefined ? {} : { warnings: [leftOut('masks', `output "${masks.name}"`)] }),
  };
};

/** Source: the same README. It pads with 0 behind the mean: a grey of about 114. */
const INPUT: FamilyInput = {
  ...BGR255,
  mean: [102.9801, 115.9465, 122.7717],
  fit: 'shortest-edge',
  interpolation: 'antialias',
  padValue: 114,
  size: [1333, 800],
  multipleOf: 32,
};
