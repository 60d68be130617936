import { type Evidence, type FamilyInput, IMAGENET, type Recogniser, settled } from '../recognition.js';
import { refuseOtherShapes } from '../refusal.js';
import { prepareInput } from '../sidecars/preprocessor.js';

/**
 * RF-DETR as it exports itself, and LibreYOLO after its pattern: `dets` [1, queries, 4] and the logits `labels`
 * [1, queries, classes + 1]. RTMDet's outputs have the same names, but scores in `dets` and whole numbers in `labels`.
 *
 * Source: rfdetr.export._onnx.inference and rfdetr.models.postprocess of the package rfdetr.
 */
export const rfDetr: Recogniser = async (evidence) => {
  const { inputs, outputs } = evidence;
  const [dets, labels] = ['dets', 'labels'].map((wanted) => outputs.find(({ name }) => name === wanted));
  if (dets === undefined || labels === undefined || labels.type.includes('int')) return null;
  if (dets.dims.length !== 3 || labels.dims.length !== 3 || dets.dims[2] === 5 || inputs.length > 1) return null;
  refuseOtherShapes(evidence);
  const { input, decision } = prepareInput(evidence, SQUARE, 'RF-DETR');
  const classes = await columnsOf(evidence, labels.dims[2], input);
  return {
    family: 'RF-DETR',
    head: {
      family: 'boxes-scores',
      boxes: 'dets',
      scores: 'labels',
      layout: 'rows',
      activation: 'sigmoid',
      boxFormat: 'cxcywh',
      boxUnit: 'input-fractions',
      suppress: false,
    },
    input,
    classes,
    ...numberingOf(evidence, classes),
    decisions: [
      settled('family', 'RF-DETR', 'outputs "dets" [1, n, 4] and "labels" [1, n, columns] of logits'),
      settled('head.activation', 'sigmoid', 'RF-DETR is trained with it'),
      decision,
    ],
  };
};

const SQUARE: FamilyInput = {
  ...IMAGENET,
  fit: 'stretch',
  interpolation: 'bilinear',
  padValue: 114,
  size: [560, 560],
};

async function columnsOf(evidence: Evidence, declared: number | string | undefined, input: FamilyInput) {
  if (typeof declared === 'number' && declared > 0) return declared;
  return (await evidence.probe(input)).labels!.dims[2]!;
}

/**
 * COCO's models have a column per id, 0 to 90; others one per class, and a last one that is never an object's. Names as
 * many as columns mean that this one was cut off.
 */
function numberingOf({ given }: Evidence, classes: number) {
  if (classes === 91) return { cocoIds: true };
  return given.names === classes ? {} : { background: 'last' as const };
}
