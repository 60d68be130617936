import type { Evidence } from '../../recognition.js';
import { SeveralReadings } from '../../refusal.js';
import type { ModelFacts } from './facts.js';

type Output = ModelFacts['outputs'][number];

/**
 * An output is not taken for all of a model while others are unexplained: its boxes may be those of an auxiliary head, or
 * mean something else beside them.
 *
 * @param named     the output that would be read, unless the user names one
 * @param explains  whether another output is known to belong to it
 * @param means     whose boxes they would be
 * @throws SeveralReadings  an output that nothing explains
 */
export function requireExplained(
  { outputs, given }: Pick<Evidence, 'outputs' | 'given'>,
  named: Output,
  explains: (output: Output) => boolean,
  means: string,
): void {
  if (given.head.output === named.name) return;
  const others = outputs.filter((output) => output !== named && !explains(output) && !SIDES.test(output.name));
  if (others.length === 0) return;
  const shown = others.map(({ name, dims }) => `"${name}" [${dims.join(', ')}]`).join(', ');
  const open = `output "${named.name}" may hold its boxes, but nothing explains ${shown} beside it`;
  throw new SeveralReadings(open, [{ spec: { head: { output: named.name } }, means }]);
}

/** Names that say what is left out; a note tells of them. */
const SIDES = /mask|proto|key_?points?|kpts?/i;
