import type { Schema } from '../check/shapes.js';
import type { Tensors } from '../types/model.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates } from '../types/plan.js';

/** Which classes may become candidates, and from which score on. Its arrays are never changed. */
export interface ClassSelection {
  /** [classes] score from which a class is a candidate (score ≥ threshold); NaN: never. */
  scoreThresholds: Float64Array;
  /** Ascending class columns that carry a label. */
  labelled: Uint16Array;
  /** Only the best labelled class of a row may be a candidate. */
  single: boolean;
  /**
   * The best so many candidates will probably do, and where there are many more, lower ones may be left out: `floor` and
   * `total` of the candidates then say so. Default Infinity: all are wanted
   */
  enough?: number;
  /** Where lower ones are left out, all are counted unless there can't be more than so many. Default 0 */
  countAbove?: number;
}

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
