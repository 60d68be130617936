import type { LabelRepairer } from './label-repairer.js';
import { labelsOf, type NumberedRule } from './rule-diagram.js';

/** Label sets that are looked at for one repair: about 10 ms. */
const MAX_STEPS = 20_000;

/**
 * Repairs by branch and bound, for rules that are too entangled for a diagram. Beyond `MAX_STEPS` the cheapest set that was
 * found so far is taken.
 */
export class SearchRepairer implements LabelRepairer {
  isCertain = true;
  readonly #rules: readonly NumberedRule[];
  /** [labels that occur] → the rules that a change of it may break */
  readonly #rulesOf = new Map<number, NumberedRule[]>();

  constructor(rules: readonly NumberedRule[]) {
    this.#rules = rules;
    for (const rule of rules) {
      for (const label of new Set(labelsOf(rule))) {
        const own = this.#rulesOf.get(label);
        if (own === undefined) this.#rulesOf.set(label, [rule]);
        else own.push(rule);
      }
    }
  }

  satisfies(present: Uint8Array): boolean {
    return this.#rules.every((rule) => satisfiesRule(rule, present));
  }

  repair(present: Uint8Array, costs: Float64Array): boolean {
    const set = present.slice();
    const broken = this.#rules.filter((rule) => !satisfiesRule(rule, set));
    const isFixed = new Uint8Array(set.length);
    const search: Search = {
      set,
      given: present,
      costs,
      isFixed,
      best: null,
      bound: Number.POSITIVE_INFINITY,
      steps: 0,
    };
    this.#search(search, broken, 0);
    this.isCertain = search.steps < MAX_STEPS;
    if (search.best === null) return false;
    present.set(search.best);
    return true;
  }

  /** @param open  rules that may be broken */
  #search(search: Search, open: readonly NumberedRule[], sum: number): void {
    if (sum > search.bound || ++search.steps >= MAX_STEPS) return;
    const { set, costs, isFixed } = search;
    const broken = open.filter((rule) => !satisfiesRule(rule, set));
    if (broken.length === 0) {
      if (sum < search.bound || leavesLowest(search)) search.best = set.slice();
      search.bound = sum;
      return;
    }
    const fixed: number[] = [];
    for (const label of mends(broken[0]!, set)) {
      const change = costs[label]! * 2048 + 1;
      if (isFixed[label] === 1 || change === Number.POSITIVE_INFINITY) continue;
      set[label]! ^= 1;
      isFixed[label] = 1;
      this.#search(search, [...broken, ...this.#rulesOf.get(label)!], sum + change);
      set[label]! ^= 1;
      fixed.push(label); // what is tried next leaves it unchanged
    }
    for (const label of fixed) isFixed[label] = 0;
  }
}

interface Search {
  /** Before any change. */
  given: Uint8Array;
  set: Uint8Array;
  costs: Float64Array;
  isFixed: Uint8Array;
  best: Uint8Array | null;
  bound: number;
  steps: number;
}

/** Of two sets that cost as much, the one that leaves the lowest label unchanged on which they differ. */
function leavesLowest({ set, best, given }: Search): boolean {
  const lowest = set.findIndex((side, label) => side !== best![label]);
  return lowest >= 0 && set[lowest] === given[lowest];
}

export function satisfiesRule({ when, anyOf, atMostOne }: NumberedRule, present: Uint8Array): boolean {
  if (when.some((label) => present[label] === 0)) return true;
  if (anyOf !== null && !anyOf.some((label) => present[label] === 1)) return false;
  return atMostOne === null || new Set(atMostOne.filter((label) => present[label] === 1)).size <= 1;
}

/** Labels of which at least one has to change for a broken rule to hold, ascending. */
function mends({ when, anyOf, atMostOne }: NumberedRule, present: Uint8Array): number[] {
  const isMissing = anyOf !== null && !anyOf.some((label) => present[label] === 1);
  const changes = isMissing ? anyOf : [...new Set(atMostOne)].filter((label) => present[label] === 1).slice(0, 2);
  return [...new Set([...when, ...changes])].sort((a, b) => a - b);
}
