import { check } from '../../check/check.js';
import { type Infer, list, optional, partial, strictObject } from '../../check/shapes.js';
import { text } from '../../check/words.js';
import { complain } from '../../errors.js';
import { headSchema, SPEC_HINT } from '../../heads/index.js';
import { inputFields, labelList, parentLabel } from '../../types/model.js';
import { ruledLabels } from '../../types/rules.js';

/** What a model's outputs mean: a ModelSpec, or these parts of one. `sigbox inspect --save` writes it. */
export type PostprocessSpec = Infer<typeof postprocessSpec>;
const postprocessSpec = strictObject({
  name: optional(text),
  /** Size of the model's input, pixels, and how an image is fitted into it; not needed beside a geometry. */
  input: optional(partial(inputFields, 'width', 'height', 'fit')),
  head: headSchema,
  /** The label of each class column; null for columns that mean nothing. */
  labels: labelList,
  /** Labels above those of the classes. Default none */
  parents: optional(list('an array of parent labels', parentLabel)),
  /** Rules between labels: not applied here, so they are refused. */
  rules: optional(ruledLabels),
});

/** @throws SigboxError E_ARGUMENT  a field that is missing, unknown or not as it must be; label rules */
export function requireSpec(spec: unknown, where: string): asserts spec is PostprocessSpec {
  const { rules } = check(postprocessSpec, spec, { where, path: 'spec', mend: SPEC_HINT });
  if (rules === undefined) return;
  const mend = 'Leave them out, and apply them to the regions with compileRules of sigbox/rules.';
  throw complain('E_ARGUMENT', { where, expected: 'a spec without label rules', received: 'rules', mend });
}
