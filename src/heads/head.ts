import type { Schema } from '../check/shapes.js';
import type { Tensors } from '../types/model.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates, ClassSelection } from '../types/plan.js';

/** One output contract: how the raw outputs of a detector become candidates. */
export interface Head<Spec> {
  /** What a spec of it must be. */
  schema: Schema<Spec>;
  /** The names of the outputs it reads. */
  outputs(spec: Spec): string[];
  /** Whether several candidates may stand for one object, so that non-maximum suppression is still to be done. */
  needsSuppression(spec: Spec): boolean;
  /** Set where the graph leaves out what it is not sure of: then a run without any score is nothing unusual. */
  finished?: true;
  /**
   * Rows and classes over their thresholds.
   *
   * @throws SigboxError E_MODEL  the outputs do not have the dims that the spec promises
   */
  candidates(outputs: Tensors, spec: Spec, geometry: Geometry, selection: ClassSelection): Candidates;
}
