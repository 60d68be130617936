import { labelsOf, type NumberedRule } from './rule-diagram.js';
import { RuleSet } from './rule-set.js';
import { Satisfiability } from './satisfiable.js';

/** What makes rules useless. */
export interface Contradiction {
  /** A label that no region can have; null: there is no set of labels at all that satisfies the rules */
  label: number | null;
  /** The numbers of rules that clash: without any one of them the others do not. */
  rules: number[];
}

/**
 * Looks for rules that no set of labels satisfies, and for labels that no such set contains.
 *
 * @returns the first that is found; null: there is none, or rules too entangled to tell
 */
export function findContradiction(rules: readonly NumberedRule[]): Contradiction | null {
  if (!isSatisfiable(rules)) return { label: null, rules: clash(rules, []) };
  const search = new Satisfiability(rules, sizeOf(rules));
  let compiled: RuleSet | undefined;
  for (const label of [...new Set(rules.flatMap(labelsOf))].sort((a, b) => a - b)) {
    let found = search.isPossible([label]);
    if (found === null) {
      compiled ??= new RuleSet(rules);
      found = canHave(compiled, sizeOf(rules), label);
    }
    if (!found) return { label, rules: clash(rules, [mustHave(label)]) };
  }
  return null;
}

const mustHave = (label: number): NumberedRule => ({ when: [], anyOf: [label], atMostOne: null });

/** True as well where it can't be told. */
function canHave(set: RuleSet, size: number, label: number): boolean {
  const present = new Uint8Array(size);
  const costs = new Float64Array(size).fill(1);
  present[label] = 1;
  costs[label] = Number.POSITIVE_INFINITY;
  return set.repair(present, costs) || !set.isCertain;
}

/** True as well where it can't be told. */
function isSatisfiable(rules: readonly NumberedRule[]): boolean {
  const size = sizeOf(rules);
  const found = new Satisfiability(rules, size).isPossible();
  if (found !== null) return found;
  const set = new RuleSet(rules);
  return set.repair(new Uint8Array(size), new Float64Array(size).fill(1)) || !set.isCertain;
}

function sizeOf(rules: readonly NumberedRule[]): number {
  return rules.flatMap(labelsOf).reduce((most, label) => Math.max(most, label), 0) + 1;
}

/**
 * A smallest group of rules that clash with each other and with others that are given: none of them can be left out. Source:
 * Junker, "QuickXplain" (2004).
 */
function clash(rules: readonly NumberedRule[], given: readonly NumberedRule[]): number[] {
  const explain = (base: number[], hasNew: boolean, candidates: number[]): number[] => {
    if (hasNew && !isSatisfiable([...given, ...base.map((i) => rules[i]!)])) return [];
    if (candidates.length === 1) return candidates;
    const half = candidates.length >> 1;
    const [first, second] = [candidates.slice(0, half), candidates.slice(half)];
    const ofSecond = explain([...base, ...first], first.length > 0, second);
    const ofFirst = explain([...base, ...ofSecond], ofSecond.length > 0, first);
    return [...ofFirst, ...ofSecond];
  };
  return explain([], false, [...rules.keys()]).sort((a, b) => a - b);
}
