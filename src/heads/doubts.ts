import type { Tensor, Tensors } from '../types/model.js';
import type { Geometry } from '../types/pictures.js';
import { type HeadSpec, headOf } from './index.js';
import { selectClasses } from './selection.js';

/**
 * Warnings about a model that follow from the raw outputs of a run. Usually none.
 *
 * @param outputs  the head's outputs; others are ignored
 * @param classes  columns of the head, with a label or without
 * @param found    how many detections the run gave, if that is known
 * @throws SigboxError E_MODEL  outputs that are not those of the head
 */
export function doubtsOf(outputs: Tensors, spec: HeadSpec, geometry: Geometry, classes: number, found = 0): string[] {
  const head = headOf(spec);
  const names = head.outputs(spec);
  const doubts = names.flatMap((name) => doubtOfNumbers(name, outputs[name]));
  if (doubts.length > 0 || found > 0 || (head.finished && !head.needsSuppression(spec))) return doubts;
  const empty = names.find((name) => outputs[name]?.data.length === 0);
  if (empty !== undefined) return [`Output "${empty}" of the model is empty: nothing is found.`];
  const scoreThresholds = new Float64Array(classes).fill(Number.MIN_VALUE);
  const labelled = scoreThresholds.map((_, column) => column);
  const all = selectClasses({ scoreThresholds, labelled: Uint16Array.from(labelled), single: true });
  const { rows } = head.candidates(outputs, spec, geometry, all);
  if (rows.length > 0) return [];
  return [
    `Every score of the model's first run is 0: it is broken, or its head is not "${spec.family}". sigbox inspect tells ` +
      'how the head was found out; a spec corrects it.',
  ];
}

/** −∞ is the logit of 0, not a fault. */
function doubtOfNumbers(name: string, tensor: Tensor | undefined): string[] {
  const { data = [] } = tensor ?? {};
  let missing = 0;
  for (let i = 0; i < data.length; i++) if (!(data[i]! < Number.POSITIVE_INFINITY)) missing++;
  if (missing === 0) return [];
  if (missing === data.length) {
    return [
      `Output "${name}" is nothing but NaN or infinity: nothing is found. A float32 export of the model may help.`,
    ];
  }
  return [
    `Output "${name}" has NaN or infinity: boxes that depend on it are left out. A float32 export of the model may help.`,
  ];
}
