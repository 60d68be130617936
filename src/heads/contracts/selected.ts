import { type Infer, literal, strictObject } from '../../check/shapes.js';
import { complain } from '../../errors.js';
import type { Tensor, Tensors } from '../../types/model.js';
import type { ClassSelection } from '../../types/plan.js';
import { boxesOf, boxFormat, boxUnit } from '../decode/boxes.js';
import { bestOfEqualBoxes } from '../decode/equal-boxes.js';
import type { Head } from '../head.js';
import { outputOf, outputRows } from '../outputs.js';
import { outputName } from '../words.js';

const schema = strictObject({
  family: literal('selected'),
  /** Names of the outputs. */
  boxes: outputName, // [1, n, 4]
  scores: outputName, // [1, classes, n], in [0, 1]
  indices: outputName, // [k, 3] or [1, k, 3]: image, class, row of boxes; below 0: none
  boxFormat,
  boxUnit,
});

/** All boxes, all scores, and the places in them that the graph's own non-maximum suppression has kept. */
export type SelectedHeadSpec = Infer<typeof schema>;

/**
 * Detectors that end in the operator NonMaxSuppression and gather nothing: YOLOv3 of the ONNX model zoo.
 *
 * Source: operator NonMaxSuppression of ONNX, output selected_indices.
 */
export const selectedHead: Head<SelectedHeadSpec> = {
  schema,

  outputs: ({ boxes, scores, indices }) => [boxes, scores, indices],

  needsSuppression: () => false,

  finished: true,

  candidates(outputs, spec, geometry, selection) {
    const classes = selection.scoreThresholds.length;
    const boxes = outputRows(outputs, spec.boxes, 4);
    const scores = outputOf(outputs, spec.scores, [1, classes, boxes.rows]);
    const places = selectedPlaces(outputs, spec, { boxes: boxes.rows, classes });
    const kept = overThreshold(places, scores, boxes.rows, selection);
    const rows = Uint32Array.from(kept, (place) => Math.floor(place / classes));
    const classIds = Uint16Array.from(kept, (place) => place % classes);
    const values = Float32Array.from(kept, (_, i) => Math.min(scores.data[classIds[i]! * boxes.rows + rows[i]!]!, 1));
    const layout = { data: boxes.data, start: 0, rowStep: 4, step: 1 };
    const format = { format: spec.boxFormat, unit: spec.boxUnit };
    const candidates = { rows, classIds, scores: values, ...boxesOf(rows, layout, format, geometry) };
    return selection.single ? bestOfEqualBoxes(candidates) : candidates;
  },
};

/** @returns row · classes + class of each selected place, ascending, none twice */
function selectedPlaces(outputs: Tensors, spec: SelectedHeadSpec, among: { boxes: number; classes: number }): number[] {
  const { data, rows } = outputRows(outputs, spec.indices, 3);
  const places = new Set<number>();
  for (let i = 0; i < rows; i++) {
    const [image, classId, row] = [data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!];
    if (image !== 0 || classId < 0 || row < 0) continue;
    if (classId >= among.classes || row >= among.boxes) throw outside(spec, [image, classId, row], among);
    places.add(row * among.classes + classId);
  }
  return [...places].sort((a, b) => a - b);
}

function overThreshold(places: number[], scores: Tensor, boxes: number, selection: ClassSelection): number[] {
  const { scoreThresholds, labelled } = selection;
  const classes = scoreThresholds.length;
  const known = new Set(labelled);
  const scoreOf = (place: number) => scores.data[(place % classes) * boxes + Math.floor(place / classes)]!;
  return places.filter((place) => {
    const classId = place % classes;
    const score = scoreOf(place);
    return known.has(classId) && score >= scoreThresholds[classId]! && score !== Number.POSITIVE_INFINITY;
  });
}

function outside({ indices }: SelectedHeadSpec, received: number[], { boxes, classes }: Record<string, number>) {
  return complain('E_MODEL', {
    where: `output "${indices}"`,
    expected: `image, class below ${classes} and box below ${boxes}`,
    received: received.join(', '),
    mend: 'The spec (labels, head) must belong to this model.',
  });
}
