/** Rules between the labels of a region. */

import { either, type Infer, list, oneOf, optional, record, strictObject } from '../check/shapes.js';
import { text } from '../check/words.js';

const someLabels = list('labels or groups', text, { min: 1 });
const byLabel = record('arrays of labels, by label', someLabels);
const everywhereOrByLabel = either(
  'arrays of labels, or arrays of labels by label',
  list('arrays of labels', someLabels),
  byLabel,
);

/** A rule in its plain form. */
export type Clause = Infer<typeof clause>;
export const clause = strictObject({
  /** Regions that have all these labels must have at least one of `anyOf`. Default []: every region */
  when: optional(list('an array of labels', text)),
  anyOf: list('an array of labels', text),
});

/** Rules as a label map has them. A group's name stands for its labels. */
export type LabelRules = Infer<typeof labelRules>;
export const labelRules = strictObject({
  /** Label → all labels that a region with it has too. */
  implies: optional(byLabel),
  /** Label → labels of which a region with it has at least one. */
  needs: optional(byLabel),
  /** Labels that exclude each other. Those of one group do not. */
  excludes: optional(list('arrays of labels', list('labels or groups', text, { min: 2 }))),
  /** Exactly one of these labels: in every region, or in those with the label in front. */
  oneOf: optional(everywhereOrByLabel),
  /** At most one of them. */
  atMostOne: optional(everywhereOrByLabel),
  /** At least one of them. */
  atLeastOne: optional(everywhereOrByLabel),
  clauses: optional(list('clauses', clause)),
  /** Path of a DIMACS file with clauses, from the map's folder; variable 1 is the first of `dimacsLabels`. */
  dimacs: optional(text),
  dimacsLabels: optional(list('an array of labels', text, { min: 1 })),
});

export const labelGroups = record('arrays of labels, by group', list('labels', text, { min: 1 }));

/** One rule, resolved: what regions are held to. */
export type LabelRule = Infer<typeof labelRule>;
export const labelRule = strictObject({
  /** For people, as "car implies vehicle". */
  rule: text,
  /** It applies to regions with all these labels; to every region where there are none. */
  when: list('an array of labels', text),
  /** They have at least one of these. Default: not asked */
  anyOf: optional(list('an array of labels', text)),
  /** They have at most one of these. Default: not asked */
  atMostOne: optional(list('an array of labels', text)),
});

/** What becomes of regions that violate rules. */
export const RULE_MODES = ['repair', 'drop', 'report'] as const;
export type RuleMode = (typeof RULE_MODES)[number];

/** Rules as a model's spec has them. */
export type RuledLabels = Infer<typeof ruledLabels>;
export const ruledLabels = strictObject({
  mode: oneOf(...RULE_MODES),
  rules: list('rules', labelRule),
});
