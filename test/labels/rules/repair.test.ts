import { describe, expect, test } from 'vitest';
import { DiagramRepairer } from '../../../src/labels/rules/diagram-repair.js';
import type { LabelRepairer } from '../../../src/labels/rules/label-repairer.js';
import { type NumberedRule, rulesDiagram } from '../../../src/labels/rules/rule-diagram.js';
import { RuleSet } from '../../../src/labels/rules/rule-set.js';
import { SearchRepairer } from '../../../src/labels/rules/search-repair.js';
import { repairByTrial } from '../../reference/repair-labels.js';
import { randomNumbers } from '../../support/random.js';

const LABELS = 9;

const REPAIRERS: [string, (rules: NumberedRule[]) => LabelRepairer][] = [
  ['diagram', (rules) => new DiagramRepairer(rulesDiagram(rules)!)],
  ['search', (rules) => new SearchRepairer(rules)],
  ['connected parts', (rules) => new RuleSet(rules)],
];

function randomRules(random: () => number): NumberedRule[] {
  const some = (most: number) =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, () => Math.floor(random() * LABELS));
  return Array.from({ length: 1 + Math.floor(random() * 8) }, () => ({
    when: some(2),
    anyOf: random() < 0.6 ? some(3) : null,
    atMostOne: random() < 0.5 ? some(4) : null,
  }));
}

describe.each(REPAIRERS)('%s', (_, open) => {
  test('2,000 seeded rule sets: the set that trying all of them finds, ties included', () => {
    const random = randomNumbers(7);
    let unreachable = 0;
    for (let round = 0; round < 2000; round++) {
      const rules = randomRules(random);
      const repairer = open(rules);
      const given = Uint8Array.from({ length: LABELS }, () => (random() < 0.5 ? 1 : 0));
      const few = random() < 0.5; // equal costs
      const costs = Float64Array.from({ length: LABELS }, () => {
        if (random() < 0.1) return Number.POSITIVE_INFINITY;
        return few ? Math.floor(random() * 3) : Math.floor(random() * 1e9);
      });
      const expected = repairByTrial(rules, given, costs);
      const present = given.slice();
      const isReached = repairer.repair(present, costs);
      expect(isReached, `round ${round}`).toBe(expected !== null);
      expect([...present], `round ${round}`).toEqual([...(expected ?? given)]);
      expect(repairer.isCertain).toBe(true);
      expect(repairer.satisfies(given), `round ${round}`).toBe(
        repairByTrial(rules, given, new Float64Array(LABELS).fill(Number.POSITIVE_INFINITY)) !== null,
      );
      if (expected === null) unreachable++;
    }
    expect(unreachable).toBeGreaterThan(50);
    expect(unreachable).toBeLessThan(1500);
  });
});

test('rules that are too entangled for a diagram are searched, within a bound', () => {
  const random = randomNumbers(3);
  const labels = 120;
  const any = () => Math.floor(random() * labels);
  const rules = Array.from({ length: 420 }, (): NumberedRule => {
    const [a, b, c] = [any(), any(), any()];
    return random() < 0.5
      ? { when: [a], anyOf: [b, c], atMostOne: null }
      : { when: [a, b], anyOf: [c], atMostOne: null };
  });
  const set = new RuleSet(rules);
  const present = new Uint8Array(labels).fill(1, 0, 60);
  const reached = set.repair(present, new Float64Array(labels).fill(5));
  if (reached) expect(set.satisfies(present)).toBe(true);
  else expect(set.isCertain).toBe(false);
}, 60_000);

test('a hierarchy of 300 labels under 30 parents, in any order, has a small diagram', () => {
  const rules = Array.from({ length: 300 }, (_, child): NumberedRule => {
    return { when: [child], anyOf: [300 + (child % 30)], atMostOne: null };
  });
  const above = Array.from({ length: 30 }, (_, i): NumberedRule => {
    return { when: [300 + i], anyOf: [330], atMostOne: null };
  });
  const diagram = rulesDiagram([...rules, ...above])!;
  expect(diagram.variables.length).toBeLessThan(2000);
});
