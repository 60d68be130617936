import type { PartsHeadSpec } from '../../heads/contracts/parts.js';
import { namedClasses } from '../named-classes.js';
import { type Evidence, type FamilyInput, type Recogniser, RGB255, settled } from '../recognition.js';
import { COCO_GUESSED } from './torchvision.js';

/**
 * TensorFlow's Object Detection API and EfficientDet, converted whole: a picture of bytes in any size; `detection_boxes`
 * [1, k, 4] as y1, x1, y2, x2, `detection_scores` and `detection_classes` [1, k], `num_detections` [1]. Classes are floats
 * and count from 1.
 *
 * Source: object_detection/exporter_lib_v2.py and core/standard_fields.py of github.com/tensorflow/models.
 */
export const tensorflow: Recogniser = async (evidence) => {
  const [boxes, scores, classes, count] = NAMES.map((wanted) => outputNamed(evidence, wanted)?.name);
  if (boxes === undefined || scores === undefined || classes === undefined) return null;
  const fixed = evidence.image.width !== null || evidence.image.height !== null;
  const input: FamilyInput = fixed ? { ...ANY_SIZE, fit: 'stretch' } : ANY_SIZE;
  const { data } = (await evidence.probe(input))[boxes]!;
  const largest = data.reduce((high, value) => Math.max(high, value), 0);
  const boxUnit = largest <= 1.5 ? 'input-fractions' : 'input-pixels';
  const head: PartsHeadSpec = {
    family: 'parts',
    boxes,
    scores,
    classes,
    count: count ?? null,
    boxFormat: 'yxyx',
    boxUnit,
  };
  const columns = columnsOf(evidence);
  const coco = columns === null || columns === COCO_COLUMNS;
  return {
    family: 'TensorFlow Object Detection',
    head,
    input,
    classes: columns,
    background: 'first',
    cocoIds: coco,
    decisions: [
      settled('family', 'TensorFlow Object Detection', `outputs "${boxes}", "${scores}" and "${classes}"`),
      settled('head.boxUnit', boxUnit, `the largest coordinate of a run is ${largest.toPrecision(4)}`),
      settled('input.fit', input.fit, fixed ? 'the file fixes the size' : 'the graph does the rest of the resizing'),
    ],
    ...(columns === null && namedClasses(evidence) === null ? { warnings: [COCO_GUESSED] } : {}),
  };
};

const NAMES = ['detection_boxes', 'detection_scores', 'detection_classes', 'num_detections'];
const ANY_SIZE: FamilyInput = {
  ...RGB255,
  fit: 'shortest-edge',
  interpolation: 'antialias',
  padValue: 114,
  size: [1333, 800],
};
/** COCO's ids 1 to 90, and background. */
const COCO_COLUMNS = 91;

/** Converters keep TensorFlow's ":0" behind a name, or do not. */
function outputNamed({ outputs }: Evidence, wanted: string) {
  return outputs.find(({ name }) => name.replace(/:\d+$/, '') === wanted);
}

/** Some models give the scores of every class as well, with background. */
function columnsOf(evidence: Evidence): number | null {
  const columns = outputNamed(evidence, 'detection_multiclass_scores')?.dims[2];
  return typeof columns === 'number' && columns > 1 ? columns : null;
}
