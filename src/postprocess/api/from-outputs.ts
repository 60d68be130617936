import { headOf } from '../../heads/index.js';
import type { DetectionResult } from '../../types/detections.js';
import type { Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import type { PostprocessPlan } from '../../types/plan.js';
import { detectionsOf, type Find } from '../detections.js';
import { candidatesOf, type LabelledHead } from '../select/candidates-of.js';

/**
 * From the raw outputs of a model to regions in the image, with what was cut.
 *
 * @throws SigboxError E_MODEL  outputs that are not those of the spec
 */
export function detectionsFrom(
  outputs: Tensors,
  spec: LabelledHead,
  geometry: Geometry,
  plan: PostprocessPlan,
): Pick<DetectionResult, 'width' | 'height' | 'detections' | 'notes'> {
  const find: Find = (enough) => candidatesOf(outputs, spec, geometry, plan, enough);
  const from = { geometry, labels: spec.labels, needsSuppression: headOf(spec.head).needsSuppression(spec.head) };
  const { detections, notes } = detectionsOf(find, from, plan);
  const { imageWidth: width, imageHeight: height } = geometry;
  return notes === undefined ? { width, height, detections } : { width, height, detections, notes };
}
