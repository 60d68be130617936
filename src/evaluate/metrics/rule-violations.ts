import type { LabelRule } from '../../types/rules.js';

/** How often label sets violate rules. */
export interface RuleViolations {
  /** Regions that violate a rule. */
  regions: number;
  /** Of 1,000 regions; null: there are no regions */
  per1000: number | null;
  /** Rules that are violated, by how many regions; most first. */
  rules: { rule: string; regions: number }[];
}

/** Counts regions that violate rules. */
export class ViolationCount {
  readonly #rules: { rule: string; when: number[]; anyOf: number[] | null; atMostOne: number[] | null }[];
  readonly #broken: Uint32Array;
  #violating = 0;
  #regions = 0;

  /** @param labels  by class number; a label of a rule that is none of them is never present */
  constructor(rules: readonly LabelRule[], labels: readonly string[]) {
    const all = (names: readonly string[]) => names.map((name) => labels.indexOf(name));
    this.#rules = rules.map(({ rule, when, anyOf, atMostOne }) => ({
      rule,
      when: all(when),
      anyOf: anyOf === undefined ? null : all(anyOf),
      atMostOne: atMostOne === undefined ? null : [...new Set(all(atMostOne))],
    }));
    this.#broken = new Uint32Array(rules.length);
  }

  add(classIds: ReadonlySet<number>): void {
    this.#regions++;
    let violates = false;
    for (const [i, { when, anyOf, atMostOne }] of this.#rules.entries()) {
      if (!when.every((label) => classIds.has(label))) continue;
      const lacks = anyOf !== null && !anyOf.some((label) => classIds.has(label));
      const clashes = atMostOne !== null && atMostOne.filter((label) => classIds.has(label)).length > 1;
      if (!lacks && !clashes) continue;
      this.#broken[i]!++;
      violates = true;
    }
    if (violates) this.#violating++;
  }

  /** null: there are no rules */
  result(): RuleViolations | null {
    if (this.#rules.length === 0) return null;
    const counts = new Map<string, number>();
    for (const [i, { rule }] of this.#rules.entries()) counts.set(rule, (counts.get(rule) ?? 0) + this.#broken[i]!);
    const rules = [...counts].map(([rule, regions]) => ({ rule, regions })).filter(({ regions }) => regions > 0);
    rules.sort((a, b) => b.regions - a.regions || (a.rule < b.rule ? -1 : 1));
    const per1000 = this.#regions === 0 ? null : (1000 * this.#violating) / this.#regions;
    return { regions: this.#violating, per1000, rules };
  }
}
