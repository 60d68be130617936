import { dimsOf } from '../evidence/layout/table.js';
import { type Evidence, type FamilyInput, type Recogniser, settled } from '../recognition.js';
import { DARKNET } from './yolo-inputs.js';

/**
 * YOLOv3 and its tiny form in the ONNX model zoo: boxes, scores, and which of them to keep.
 *
 * Source: README of the zoo's YOLOv3; order of the box numbers: yolo_correct_boxes of keras-yolo3, from which it was made.
 */
export const yolov3: Recogniser = async (evidence) => {
  const shape = evidence.inputs.find(({ name }) => /^image_shape/.test(name));
  if (shape === undefined || evidence.outputs.length !== 3) return null;
  const input: FamilyInput = {
    ...DARKNET,
    interpolation: 'antialias', // letterbox_image resizes with Pillow
    extras: [{ name: shape.name, type: 'float32', value: 'image-hw' }],
  };
  const outputs = await outputsOf(evidence, input);
  if (outputs === null) return null;
  const { boxes, scores, indices, classes } = outputs;
  return {
    family: 'YOLOv3',
    head: { family: 'selected', boxes, scores, indices, boxFormat: 'yxyx', boxUnit: 'image-pixels' },
    input,
    classes,
    decisions: [
      settled('family', 'YOLOv3', `input "${shape.name}"; boxes, scores per class, and indices of three numbers`),
      settled('head.boxFormat', 'yxyx', 'order of keras-yolo3, from which it was made'),
      settled('head.boxUnit', 'image-pixels', `it is given "${shape.name}"`),
    ],
  };
};

async function outputsOf(evidence: Evidence, input: Parameters<Evidence['probe']>[0]) {
  const indices = evidence.outputs.find(({ type }) => type.startsWith('int'));
  if (indices === undefined) return null;
  const others = evidence.outputs.filter((output) => output !== indices);
  const lastOf = (dims: readonly (number | string)[]) => dims.at(-1);
  let boxes = others.find(({ dims }) => dims.length === 3 && lastOf(dims) === 4);
  if (boxes === undefined) {
    const run = await evidence.probe(input);
    boxes = others.find(({ name }) => lastOf(run[name]!.dims) === 4);
  }
  const scores = others.find((output) => output !== boxes);
  if (boxes === undefined || scores === undefined) return null;
  const declared = scores.dims[1];
  const classes = typeof declared === 'number' && declared > 0 ? declared : (await dimsOf(evidence, scores, input))[1]!;
  return { boxes: boxes.name, scores: scores.name, indices: indices.name, classes };
}
