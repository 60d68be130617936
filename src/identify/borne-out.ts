import type { HeadSpec } from '../heads/index.js';
import type { LabelList } from '../types/model.js';
import { type Doubt, implausible } from './evidence/values/implausible.js';
import type { ProbeRun } from './evidence/values/probe.js';
import { type Decision, settled } from './recognition.js';

/** A head as a run bears it out. */
export interface BorneOut {
  head: HeadSpec;
  decisions: Decision[];
  warnings: string[];
}

/**
 * Where a run contradicts a head and bears out another one that differs in one field, the run wins. Else the contradiction
 * is told.
 *
 * @param given  fields that the user says: they stand
 */
export function borneOut(
  run: ProbeRun,
  head: HeadSpec,
  labels: LabelList,
  given: Readonly<Record<string, unknown>>,
): BorneOut {
  const doubt = implausible(run, head, labels);
  if (doubt === null) return { head, decisions: [], warnings: [] };
  for (const { field, value } of doubt.instead) {
    const other = { ...head, [field]: value } as HeadSpec;
    if (field in given || implausible(run, other, labels) !== null) continue;
    const decision = settled(`head.${field}`, value, `in a run ${doubt.seen}`);
    const was = String((head as unknown as Record<string, unknown>)[field]);
    const warning = `In a run ${doubt.seen}: head.${field} is taken to be "${value}", not "${was}" as is usual for its family.`;
    return { head: other, decisions: [decision], warnings: [warning] };
  }
  return { head, decisions: [], warnings: [warningOf(doubt)] };
}

/** A doubt in words that say what settles it. */
export function warningOf({ seen }: Doubt): string {
  return (
    `In a run ${seen}. Compare boxes on a picture that you know before you trust it; a spec (sigbox inspect --save FILE ` +
    'writes this one) corrects the head, labelsFile (--labels-file) the names.'
  );
}
