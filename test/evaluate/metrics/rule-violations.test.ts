import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/evaluate/evaluate.js';
import { ViolationCount } from '../../../src/evaluate/metrics/rule-violations.js';
import type { Dataset } from '../../../src/types/annotations.js';
import type { LabelRule } from '../../../src/types/rules.js';

const RULES: LabelRule[] = [
  { rule: 'car implies vehicle', when: ['car'], anyOf: ['vehicle'] },
  { rule: 'car excludes person', when: [], atMostOne: ['car', 'person'] },
  { rule: 'never both', when: ['vehicle', 'person'], anyOf: [] },
  { rule: 'cup implies saucer', when: ['cup'], anyOf: ['saucer'] },
];
const LABELS = ['car', 'vehicle', 'person'];

function countOf(...sets: string[][]) {
  const count = new ViolationCount(RULES, LABELS);
  for (const set of sets) count.add(new Set(set.map((label) => LABELS.indexOf(label))));
  return count.result();
}

describe('label sets that violate rules', () => {
  test('are counted once, and their rules each', () => {
    expect(countOf(['car', 'vehicle'], ['car'], ['car', 'person'], ['vehicle', 'person'])).toEqual({
      regions: 3,
      per1000: 750,
      rules: [
        { rule: 'car implies vehicle', regions: 2 },
        { rule: 'car excludes person', regions: 1 },
        { rule: 'never both', regions: 1 },
      ],
    });
  });

  test('none', () => {
    expect(countOf(['person'])).toEqual({ regions: 0, per1000: 0, rules: [] });
    expect(countOf()).toEqual({ regions: 0, per1000: null, rules: [] });
    expect(new ViolationCount([], LABELS).result()).toBe(null);
  });
});

test('evaluate counts regions with their labels over thresholds', () => {
  const region = (x: number, labels: { label: string; score?: number }[]) => ({
    box: [x, 0, x + 10, 10] as [number, number, number, number],
    labels,
  });
  const dataset = (regions: ReturnType<typeof region>[]): Dataset => ({
    labels: LABELS,
    images: [{ image: 'a.jpg', width: 100, height: 100, regions }],
  });
  const groundTruth = dataset([region(0, [{ label: 'car' }, { label: 'vehicle' }])]);
  const results = dataset([
    region(0, [
      { label: 'car', score: 0.9 },
      { label: 'vehicle', score: 0.3 },
    ]),
    region(50, [{ label: 'person', score: 0.8 }]),
  ]);
  const violationsAt = (scoreThreshold: number) =>
    evaluate(groundTruth, results, { rules: RULES, scoreThreshold }).labelSets.violations;
  expect(violationsAt(0.2)).toEqual({ regions: 0, per1000: 0, rules: [] });
  expect(violationsAt(0.5)).toEqual({
    regions: 1,
    per1000: 500,
    rules: [{ rule: 'car implies vehicle', regions: 1 }],
  });
  expect(evaluate(groundTruth, results).labelSets.violations).toBe(null);
});
