import { SigboxError } from '../errors.js';
import type { ModelFacts } from './facts.js';

/** A model that is recognised, but gives something else than upright boxes. */
export function notDecoded({ file }: Pick<ModelFacts, 'file'>, what: string, because: string): SigboxError {
  return new SigboxError('E_MODEL', `model ${file}: it gives ${what} (${because}), which sigbox does not decode yet.`);
}

/** A model that leaves something open; `settles` names the options that settle it. */
export function undecided({ file }: Pick<ModelFacts, 'file'>, open: string, settles: string): SigboxError {
  return new SigboxError('E_MODEL', `model ${file}: ${open}. ${settles} settles it.`);
}

/** @throws SigboxError E_MODEL  where an output or its task says that it gives masks, key points or oriented boxes */
export function refuseOtherShapes(facts: Pick<ModelFacts, 'file' | 'outputs'>): void {
  for (const { name } of facts.outputs) {
    const what = OTHER_SHAPES.find(([pattern]) => pattern.test(name))?.[1];
    if (what !== undefined) throw notDecoded(facts, what, `output "${name}"`);
  }
}

const OTHER_SHAPES: readonly [RegExp, string][] = [
  [/mask/i, 'masks'],
  [/key_?points?/i, 'key points'],
  [/angle|rotat|obb/i, 'oriented boxes'],
];
