import { check, matches } from '../../check/check.js';
import { type Infer, list, optional, strictObject } from '../../check/shapes.js';
import { text } from '../../check/words.js';
import { type HeadSpec, headSchema, SPEC_HINT } from '../../heads/index.js';
import { inputSpec, labelList, parentLabel } from '../../types/model.js';
import { ruledLabels } from '../../types/rules.js';

/** Everything between a model file and its boxes, as data. */
export type ModelSpec = Infer<typeof modelSpec>;
export const modelSpec = strictObject({
  /** A short name for people. */
  name: text,
  input: inputSpec,
  head: headSchema,
  /** The label of each class column; null for columns that mean nothing (background, gaps in a numbering). */
  labels: labelList,
  /** Labels above those of the classes. Default none */
  parents: optional(list('an array of parent labels', parentLabel)),
  /** Rules between the labels of a region, and what becomes of those that violate them. Default none */
  rules: optional(ruledLabels),
});

/**
 * Checks a model spec that came from outside: JSON, metadata or a caller.
 *
 * @param where  names the source in messages
 * @throws SigboxError E_MODEL  a field that is missing, unknown or of the wrong kind
 */
export function readSpec(value: unknown, where: string): ModelSpec {
  return check(modelSpec, value, { where, code: 'E_MODEL', mend: SPEC_HINT });
}

/** Whether a value is a complete spec. */
export function isSpec(value: unknown): boolean {
  return matches(modelSpec, value);
}

/** Whether a value is a complete head. */
export function isHead(value: unknown): value is HeadSpec {
  return matches(headSchema, value);
}
