import { complain } from '../errors.js';
import type { Candidates, HeadSpec, InputSpec, Tensor, Tensors } from '../types.js';

/** Which classes may become candidates, and from which score on. */
export interface ClassSelection {
  /** [classes] score from which a class is a candidate (score ≥ threshold); NaN: never. */
  scoreThresholds: Float64Array;
  /** Ascending class columns that carry a label. */
  labelled: Uint16Array;
  /** Only the best labelled class of a row may be a candidate. */
  single: boolean;
}

/** One output contract: how the raw outputs of a detector become candidates. */
export interface Head<Spec extends HeadSpec> {
  /** The names of the outputs it reads. */
  outputs(spec: Spec): string[];
  /** Rows and classes over their thresholds; E_MODEL where the outputs do not have the dims that the spec promises. */
  candidates(outputs: Tensors, spec: Spec, input: InputSpec, selection: ClassSelection): Candidates;
}

/** The output a spec names, after a check of its dims. A dim of −1 in `dims` may be anything. */
export function outputOf(outputs: Tensors, name: string, dims: number[]): Tensor {
  const tensor = outputs[name];
  if (tensor === undefined) {
    throw complain('E_MODEL', {
      where: `output "${name}"`,
      expected: 'an output of the model',
      received: Object.keys(outputs).join(', '),
      mend: 'Correct the head in the spec.',
    });
  }
  const fits = tensor.dims.length === dims.length && dims.every((d, i) => d === -1 || d === tensor.dims[i]);
  if (!fits) {
    throw complain('E_MODEL', {
      where: `output "${name}"`,
      expected: `dims [${dims.map((d) => (d === -1 ? 'n' : d)).join(', ')}]`,
      received: `[${tensor.dims.join(', ')}]`,
      mend: 'The spec (labels, head) must belong to this model.',
    });
  }
  return tensor;
}
