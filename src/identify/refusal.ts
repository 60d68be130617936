import { SigboxError } from '../errors.js';
import type { ModelFacts } from './evidence/facts.js';

/** A model that is recognised, but gives something else than upright boxes. */
export function notDecoded({ file }: Pick<ModelFacts, 'file'>, what: string, because: string): SigboxError {
  return new SigboxError('E_MODEL', `model ${file}: it gives ${what} (${because}), which sigbox does not decode yet.`);
}

/** A model that leaves something open; `settles` names the options that settle it. */
export function undecided({ file }: Pick<ModelFacts, 'file'>, open: string, settles: string): SigboxError {
  return new SigboxError('E_MODEL', `model ${file}: ${open}. ${settles} settles it.`);
}

/** @throws SigboxError E_MODEL  where an output, or the task in metadata, says that it gives more than upright boxes */
export function refuseOtherShapes(facts: Pick<ModelFacts, 'file' | 'outputs' | 'metadata'>): void {
  const { task = 'detect' } = facts.metadata.properties;
  for (const [pattern, what] of OTHER_SHAPES) {
    if (pattern.test(task)) throw notDecoded(facts, what, `task "${task}"`);
    const output = facts.outputs.find(({ name }) => pattern.test(name));
    if (output !== undefined) throw notDecoded(facts, what, `output "${output.name}"`);
  }
}

const OTHER_SHAPES: readonly [RegExp, string][] = [
  [/mask|segment/i, 'masks'],
  [/key_?points?|pose/i, 'key points'],
  [/angle|rotat|obb/i, 'oriented boxes'],
];
