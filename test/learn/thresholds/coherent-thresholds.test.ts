import { expect, test } from 'vitest';
import { coherentThresholds } from '../../../src/learn/thresholds/coherent-thresholds.js';

const labels = ['car', 'vehicle', 'thing', 'person'];
const implies = (a: string, b: string) => ({ rule: `${a} implies ${b}`, when: [a], anyOf: [b] });

test('what is implied has no higher threshold, over several steps', () => {
  const given = Float64Array.of(0.3, 0.5, 0.6, 0.7);
  const { thresholds, lowered } = coherentThresholds(labels, given, [
    implies('vehicle', 'thing'),
    implies('car', 'vehicle'),
    implies('person', 'thing'),
  ]);
  expect([...thresholds]).toEqual([0.3, 0.3, 0.3, 0.7]);
  expect(lowered).toEqual([
    { label: 'thing', for: 'vehicle' },
    { label: 'vehicle', for: 'car' },
  ]);
  expect([...given]).toEqual([0.3, 0.5, 0.6, 0.7]);
});

test('labels that imply each other get the lower one', () => {
  const rules = [implies('car', 'vehicle'), implies('vehicle', 'car')];
  expect([...coherentThresholds(labels, Float64Array.of(0.6, 0.4, 0.5, 0.5), rules).thresholds.slice(0, 2)]).toEqual([
    0.4, 0.4,
  ]);
});

test('other rules, and labels without results, change nothing', () => {
  const rules = [
    { rule: 'a', when: [], atMostOne: ['car', 'person'] },
    { rule: 'b', when: ['car'], anyOf: ['vehicle', 'thing'] },
    implies('car', 'cup'),
  ];
  const given = Float64Array.of(0.1, 0.5, 0.5, 0.5);
  expect(coherentThresholds(labels, given, rules)).toEqual({ thresholds: given, lowered: [] });
});
