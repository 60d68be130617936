import type { LabelRule } from '../../types/rules.js';
import { DiagramRepairer } from './diagram-repair.js';
import type { LabelRepairer } from './label-repairer.js';
import { labelsOf, type NumberedRule, rulesDiagram } from './rule-diagram.js';
import { SearchRepairer, satisfiesRule } from './search-repair.js';

/** Rules over numbered labels, compiled. Labels that no rule connects are repaired apart. */
export class RuleSet implements LabelRepairer {
  readonly rules: readonly NumberedRule[];
  readonly #parts: readonly LabelRepairer[];

  constructor(rules: readonly NumberedRule[]) {
    this.rules = rules;
    this.#parts = connected(rules).map((part) => {
      const diagram = rulesDiagram(part);
      return diagram === null ? new SearchRepairer(part) : new DiagramRepairer(diagram);
    });
  }

  get isCertain(): boolean {
    return this.#parts.every((part) => part.isCertain);
  }

  satisfies(present: Uint8Array): boolean {
    for (const part of this.#parts) if (!part.satisfies(present)) return false;
    return true;
  }

  repair(present: Uint8Array, costs: Float64Array): boolean {
    const given = present.slice();
    for (const part of this.#parts) {
      if (part.satisfies(present) || part.repair(present, costs)) continue;
      present.set(given);
      return false;
    }
    return true;
  }

  /** The rules that a set of labels violates, in order. */
  violated(present: Uint8Array): number[] {
    const numbers: number[] = [];
    for (let i = 0; i < this.rules.length; i++) if (!satisfiesRule(this.rules[i]!, present)) numbers.push(i);
    return numbers;
  }
}

/** @param numberOf  of a label; all labels of the rules have one */
export function numberRules(rules: readonly LabelRule[], numberOf: (label: string) => number): NumberedRule[] {
  return rules.map(({ when, anyOf, atMostOne }) => ({
    when: when.map(numberOf),
    anyOf: anyOf?.map(numberOf) ?? null,
    atMostOne: atMostOne?.map(numberOf) ?? null,
  }));
}

/** Rules in groups that have no label in common. */
function connected(rules: readonly NumberedRule[]): NumberedRule[][] {
  const above = new Map<number, number>();
  const rootOf = (label: number): number => {
    let root = label;
    while (above.has(root)) root = above.get(root)!;
    if (root !== label) above.set(label, root);
    return root;
  };
  for (const [first, ...others] of rules.map(labelsOf)) {
    for (const other of others) {
      const [a, b] = [rootOf(first!), rootOf(other)];
      if (a !== b) above.set(b, a);
    }
  }
  const groups = new Map<number, NumberedRule[]>();
  for (const rule of rules) {
    const [first = -1] = labelsOf(rule); // a rule without labels can't be satisfied: a group of its own
    const root = first < 0 ? first : rootOf(first);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [rule]);
    else group.push(rule);
  }
  return [...groups.values()];
}
