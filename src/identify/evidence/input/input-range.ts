import { type HeadSpec, headOf } from '../../../heads/index.js';
import { selectClasses } from '../../../heads/selection.js';
import type { InputSpec } from '../../../types/model.js';
import { type Decision, settled } from '../../recognition.js';
import type { Probe, ProbeRun } from '../values/probe.js';
import type { StatedInput } from './stated-input.js';

/** Below this a run has found nothing; from SURE on it has found something. */
const NOTHING = 0.05;
const SURE = 0.5;

/**
 * Where the picture could not be followed through the graph, two runs tell whether the graph divides bytes itself: one at the
 * family's range, which finds nothing, and one at the other, which does.
 *
 * @returns null where the family's range stands
 */
export async function otherRange(
  probe: Probe,
  { input, head, classes }: { input: InputSpec; head: HeadSpec; classes: number },
  { lost }: StatedInput,
): Promise<{ input: InputSpec; decision: Decision } | null> {
  if (lost === null) return null;
  const usual = bestScore(await probe.exact(input), head, classes);
  if (usual >= NOTHING) return null;
  const bytes = Math.max(...input.std) / input.scale > 100;
  const other: InputSpec = { ...input, scale: bytes ? 1 : 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] };
  const best = bestScore(await probe.exact(other), head, classes);
  if (best < SURE) return null;
  const because =
    `the graph prepares the picture itself (${lost}): the best score of a run is ${best.toFixed(2)} from 0 to ` +
    `${bytes ? 255 : 1}, and ${usual.toFixed(3)} as usual for the family`;
  return { input: other, decision: settled('input.scale', bytes ? '1' : '1/255', because) };
}

function bestScore({ outputs, geometry }: ProbeRun, head: HeadSpec, classes: number): number {
  const scoreThresholds = new Float64Array(classes).fill(Number.MIN_VALUE);
  const labelled = Uint16Array.from(scoreThresholds, (_, column) => column);
  const selection = selectClasses({ scoreThresholds, labelled, single: true });
  const { scores } = headOf(head).candidates(outputs, head, geometry, selection);
  return scores.reduce((best, score) => Math.max(best, score), 0);
}
