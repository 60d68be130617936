import { complain } from '../../errors.js';
import { field, oneOf, requireFields } from '../../heads/fields.js';
import { type HeadSpec, headOf, isHeadFamily } from '../../heads/index.js';
import type { LabelList, ParentLabel, ParentScore } from '../../types/model.js';

const where = 'postprocess';

/** Heads that were checked: once each, as checking takes longer than asking here. */
const checked = new WeakSet<object>();

/** @throws SigboxError E_ARGUMENT  an unknown family, or a field that is not as its family has it */
export function requireHead(head: unknown): asserts head is HeadSpec {
  if (typeof head === 'object' && head !== null && checked.has(head)) return;
  const family = (head as { family?: unknown } | null | undefined)?.family;
  if (!isHeadFamily(family)) {
    const mend = 'sigbox inspect --save writes the spec of a model.';
    throw complain('E_ARGUMENT', { where, expected: 'spec.head.family to be known', received: family, mend });
  }
  const spec = head as HeadSpec;
  requireFields(spec, headOf(spec).fields, { where, path: 'spec.head' });
  checked.add(spec);
}

/** @throws SigboxError E_ARGUMENT  no list of labels, or one without any */
export function requireLabels(labels: unknown): asserts labels is LabelList {
  const isLabel = (label: unknown) => label === null || typeof label === 'string';
  if (!Array.isArray(labels) || labels.length === 0 || !labels.every(isLabel)) {
    throw complain('E_ARGUMENT', { where, expected: 'spec.labels to be a label per class', received: labels });
  }
}

/** @throws SigboxError E_ARGUMENT  no list of parents, or a field of one that can't be right */
export function requireParents(parents: unknown): asserts parents is ParentLabel[] | undefined {
  if (parents === undefined) return;
  if (!Array.isArray(parents)) {
    throw complain('E_ARGUMENT', { where, expected: 'spec.parents to be an array', received: parents });
  }
  for (const [i, parent] of parents.entries()) {
    requireFields<ParentLabel>(parent, PARENT, { where, path: `spec.parents[${i}]` });
  }
}

const text = field<string>('a text', (value) => typeof value === 'string');
const PARENT = {
  label: text,
  below: field<string[]>('an array of labels', (value) => Array.isArray(value) && value.every(text.holds)),
  score: oneOf<ParentScore>('maximum', 'noisy-or'),
};
