import type { Schema } from '../check/shapes.js';
import type { Tensors } from '../types/model.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates, ClassSelection } from '../types/plan.js';

/** One output contract: how the raw outputs of a detector become candidates. */
export interface Head<Spec> {
  /** The schema of its spec. */
  schema: Schema<Spec>;
  /** The names of the outputs it reads. */
  outputs(spec: Spec): string[];
  /** Whether several candidates may describe one object, so that suppression is needed. */
  needsSuppression(spec: Spec): boolean;
  /** Set if the graph itself drops low scores: a run without any score is then nothing unusual. */
  finished?: true;
  /**
   * Rows and classes over their thresholds.
   *
   * @throws SigboxError E_MODEL  the outputs do not have the dims that the spec states
   */
  candidates(outputs: Tensors, spec: Spec, geometry: Geometry, selection: ClassSelection): Candidates;
}
