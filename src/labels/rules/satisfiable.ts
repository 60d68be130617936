import type { NumberedRule } from './rule-diagram.js';

/** Dead ends until a search is given up. */
const MOST_DEAD_ENDS = 1_000;

const ABSENT = 0;
const PRESENT = 1;
const OPEN = 2;

/**
 * Finds out whether label sets can satisfy rules, without looking for the cheapest: what is settled settles others in turn
 * (unit propagation), and what is open counts as absent as long as that breaks no rule.
 *
 * Source: Davis, Logemann and Loveland, "A machine program for theorem-proving" (1962).
 */
export class Satisfiability {
  readonly #rules: readonly NumberedRule[];
  /** [labels] */
  readonly #sides: Uint8Array;
  /** Settled labels, in their order. */
  readonly #trail: number[] = [];
  /** [labels] the rules that each is part of */
  readonly #rulesOf: number[][];
  #deadEnds = 0;

  /** @param size  above the highest label */
  constructor(rules: readonly NumberedRule[], size: number) {
    this.#rules = rules;
    this.#sides = new Uint8Array(size).fill(OPEN);
    this.#rulesOf = Array.from({ length: size }, () => []);
    for (const [i, { when, anyOf, atMostOne }] of rules.entries()) {
      for (const label of new Set([...when, ...(anyOf ?? []), ...(atMostOne ?? [])])) this.#rulesOf[label]!.push(i);
    }
  }

  /**
   * Whether some set of labels satisfies all rules.
   *
   * @param present  labels that it has to contain
   * @returns null: the search was given up
   */
  isPossible(present: readonly number[] = []): boolean | null {
    const mark = this.#trail.length;
    this.#deadEnds = 0;
    const settled =
      this.#rules.every((_, i) => this.#propagate(i)) && present.every((label) => this.#settle(label, PRESENT));
    const found = settled ? this.#search() : false;
    this.#undo(mark);
    return found;
  }

  #search(): boolean | null {
    const open = this.#openOfBroken();
    if (open === null) return true;
    const mark = this.#trail.length;
    for (const label of open) {
      const found = this.#settle(label, PRESENT) ? this.#search() : false;
      if (found !== false) return found;
      this.#undo(mark);
      if (++this.#deadEnds > MOST_DEAD_ENDS) return null;
    }
    return false;
  }

  #undo(mark: number): void {
    while (this.#trail.length > mark) this.#sides[this.#trail.pop()!] = OPEN;
  }

  /** Settles a label, and what follows from it. @returns false: that contradicts what was settled before */
  #settle(label: number, side: number): boolean {
    if (this.#sides[label] !== OPEN) return this.#sides[label] === side;
    this.#sides[label] = side;
    this.#trail.push(label);
    const rules = this.#rulesOf[label]!;
    for (let i = 0; i < rules.length; i++) if (!this.#propagate(rules[i]!)) return false;
    return true;
  }

  #propagate(number: number): boolean {
    const { when, anyOf, atMostOne } = this.#rules[number]!;
    if (anyOf !== null && !this.#propagateClause(when, anyOf)) return false;
    return atMostOne === null || this.#propagateSet(when, atMostOne);
  }

  /** One of `when` is absent, or one of `anyOf` is present. */
  #propagateClause(when: readonly number[], anyOf: readonly number[]): boolean {
    const sides = this.#sides;
    let [last, side, open] = [-1, ABSENT, 0];
    for (let i = 0; i < when.length; i++) {
      const label = when[i]!;
      if (sides[label] === ABSENT) return true;
      if (sides[label] === OPEN && label !== last) [last, side, open] = [label, ABSENT, open + 1];
    }
    for (let i = 0; i < anyOf.length; i++) {
      const label = anyOf[i]!;
      if (sides[label] === PRESENT) return true;
      const isKnown = label === last && side === PRESENT;
      if (sides[label] === OPEN && !isKnown) [last, side, open] = [label, PRESENT, open + 1];
    }
    if (open === 0) return false;
    return open > 1 || this.#settle(last, side);
  }

  #propagateSet(when: readonly number[], atMostOne: readonly number[]): boolean {
    const sides = this.#sides;
    if (when.some((label) => sides[label] === ABSENT)) return true;
    const held = new Set(atMostOne.filter((label) => sides[label] === PRESENT));
    const open = new Set(when.filter((label) => sides[label] === OPEN));
    if (held.size > 1) return open.size > 1 || (open.size === 1 && this.#settle([...open][0]!, ABSENT));
    if (held.size === 0 || open.size > 0) return true;
    return atMostOne.every((label) => held.has(label) || this.#settle(label, ABSENT));
  }

  /** Open labels of which one has to be present; null: all rules are satisfied with what is open absent */
  #openOfBroken(): number[] | null {
    const sides = this.#sides;
    const isPresent = (label: number) => sides[label] === PRESENT;
    for (let i = 0; i < this.#rules.length; i++) {
      const { when, anyOf, atMostOne } = this.#rules[i]!;
      if (!when.every(isPresent)) continue;
      if (anyOf !== null && !anyOf.some(isPresent)) return anyOf.filter((label) => sides[label] === OPEN);
      if (atMostOne !== null && new Set(atMostOne.filter(isPresent)).size > 1) return [];
    }
    return null;
  }
}
