import type { NumberedRule } from '../../src/labels/rules/rule-diagram.js';

/** Label sets as numbers, one bit per label. */
function satisfies({ when, anyOf, atMostOne }: NumberedRule, set: number): boolean {
  const has = (label: number) => ((set >> label) & 1) === 1;
  if (!when.every(has)) return true;
  if (anyOf !== null && !anyOf.some(has)) return false;
  return atMostOne === null || [...new Set(atMostOne)].filter(has).length <= 1;
}

/**
 * The cheapest satisfying label set by trying all: least cost, then fewest changes, then the one that leaves the lowest label
 * unchanged on which two differ.
 *
 * @returns null: there is none that can be reached
 */
export function repairByTrial(
  rules: readonly NumberedRule[],
  present: Uint8Array,
  costs: Float64Array,
): Uint8Array | null {
  let best: { set: number; key: [cost: number, changes: number, changed: number] } | null = null;
  for (let set = 0; set < 2 ** present.length; set++) {
    if (!rules.every((rule) => satisfies(rule, set))) continue;
    const changed = [...present.keys()].filter((label) => ((set >> label) & 1) !== present[label]);
    const cost = changed.reduce((sum, label) => sum + costs[label]!, 0);
    if (cost === Number.POSITIVE_INFINITY) continue;
    const order = changed.reduce((sum, label) => sum + 2 ** (present.length - label), 0); // low labels weigh most
    const key: [number, number, number] = [cost, changed.length, order];
    if (best === null || isBefore(key, best.key)) best = { set, key };
  }
  return best && Uint8Array.from(present, (_, label) => (best.set >> label) & 1);
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i >= 0 && a[i]! < b[i]!;
}
