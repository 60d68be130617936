import { expect, test } from 'vitest';
import type { NumberedRule } from '../../../src/labels/rules/rule-diagram.js';
import { Satisfiability } from '../../../src/labels/rules/satisfiable.js';
import { satisfiesRule } from '../../../src/labels/rules/search-repair.js';
import { randomNumbers } from '../../support/random.js';

const SIZE = 6;

/** By trying every label set. */
function isPossible(rules: readonly NumberedRule[], wanted: readonly number[]): boolean {
  for (let bits = 0; bits < 2 ** SIZE; bits++) {
    const present = Uint8Array.from({ length: SIZE }, (_, label) => (bits >> label) & 1);
    const holds = rules.every((rule) => satisfiesRule(rule, present));
    if (holds && wanted.every((label) => present[label] === 1)) return true;
  }
  return false;
}

test('3,000 seeded rule sets: what trying every label set finds', () => {
  const random = randomNumbers(23);
  const some = (most: number) =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, () => Math.floor(random() * SIZE));
  let impossible = 0;
  for (let i = 0; i < 3000; i++) {
    const rules = Array.from({ length: 10 }, (): NumberedRule => {
      const kind = random();
      return { when: some(2), anyOf: kind < 0.7 ? some(2) : null, atMostOne: kind > 0.6 ? some(4) : null };
    });
    const search = new Satisfiability(rules, SIZE);
    for (const wanted of [[], [0], [1, 2], []]) {
      const expected = isPossible(rules, wanted);
      expect(search.isPossible(wanted)).toBe(expected);
      if (!expected) impossible++;
    }
  }
  expect(impossible).toBeGreaterThan(1000);
  expect(impossible).toBeLessThan(11_000);
});

test('10,000 rules that imply each other in long chains take no search', () => {
  const random = randomNumbers(5);
  const rules = Array.from({ length: 10_000 }, (): NumberedRule => {
    const label = Math.floor(random() * 598);
    return { when: [label], anyOf: [label + 1 + Math.floor(random() * (599 - label))], atMostOne: null };
  });
  const search = new Satisfiability(rules, 600);
  expect(rules.slice(0, 100).map(({ when }) => search.isPossible(when))).toEqual(new Array(100).fill(true));
  const clash: NumberedRule = { when: [], anyOf: null, atMostOne: [rules[0]!.when[0]!, rules[0]!.anyOf![0]!] };
  expect(new Satisfiability([...rules, clash], 600).isPossible(rules[0]!.when)).toBe(false);
});
