import { BGR255, type FamilyInput, type Recogniser, settled } from '../recognition.js';
import { leftOut } from '../refusal.js';
import { intoFile } from '../sidecars/preprocessor.js';

/** Source: DefaultPredictor of detectron2: BGR bytes, shorter side to 800; the graph subtracts the mean. */
const INPUT: FamilyInput = {
  ...BGR255,
  fit: 'shortest-edge',
  interpolation: 'antialias',
  padValue: 0,
  size: [1333, 800],
};

/**
 * detectron2's R-CNNs and RetinaNet, traced: boxes [k, 4], classes [k], scores [k] and the size of the picture [2], in this
 * order but for masks [k, …]; classes are numbered from 0.
 *
 * Source: TracingAdapter and tools/deploy/export_model.py of detectron2; Instances.get_fields, in the order of fields.
 */
export const detectron2: Recogniser = (evidence) => {
  const { outputs, inputs, image } = evidence;
  const isWhole = (type: string) => type.startsWith('int');
  const size = outputs.find(({ dims, type }) => dims.length === 1 && dims[0] === 2 && isWhole(type));
  const boxes = outputs.find(({ dims }) => dims.length === 2 && dims[1] === 4);
  const classes = outputs.find(({ dims, type }) => dims.length === 1 && dims[0] !== 2 && isWhole(type));
  const scores = outputs.find(({ dims, type }) => dims.length === 1 && type.startsWith('float'));
  if (size === undefined || boxes === undefined || classes === undefined || scores === undefined) return null;
  if (image.batched || inputs.length > 1) return null;
  const masks = outputs.find(({ dims }) => dims.length > 2);
  return {
    family: 'detectron2',
    head: {
      family: 'parts',
      ...{ boxes: boxes.name, scores: scores.name, classes: classes.name, count: null },
      ...{ boxFormat: 'xyxy', boxUnit: 'input-pixels' },
    },
    input: intoFile(image, INPUT),
    classes: null,
    decisions: [
      settled('family', 'detectron2', `boxes, classes and scores, and the size of the picture in "${size.name}"`),
      settled('head.boxUnit', 'input-pixels', 'the graph does not resize'),
      settled('class numbers', 'from 0', 'detectron2 has no background among its classes'),
    ],
    warnings: masks === undefined ? [] : [leftOut('masks', `output "${masks.name}"`)],
  };
};
