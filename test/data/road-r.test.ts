import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileRules, parseDimacs } from '../../src/labels/rules/index.js';
import { data, describeWithData } from '../support/data.js';
import { randomNumbers } from '../support/random.js';

const LABELS = Array.from({ length: 41 }, (_, i) => `label ${i + 1}`);

describeWithData('the 243 requirements of ROAD-R', () => {
  test('10,000 seeded boxes: no violation is left, and a second repair changes nothing', () => {
    const text = readFileSync(data('road-r', 'requirements_dimacs.txt'), 'utf8');
    const clauses = parseDimacs(text, LABELS, 'ROAD-R');
    expect(clauses).toHaveLength(243);
    const rules = compileRules({ clauses }, LABELS);
    const random = randomNumbers(41);
    let violating = 0;
    for (let box = 0; box < 10_000; box++) {
      const scores = LABELS.map(() => random() ** 3);
      const { violated, labels, isCertain } = rules.repair(scores, { thresholds: 0.5 });
      if (violated.length > 0) violating++;
      const after = LABELS.map((label) => (labels.includes(label) ? 0.9 : 0.1));
      expect(rules.repair(after, { thresholds: 0.5 }).violated).toEqual([]);
      expect(isCertain).toBe(true);
    }
    expect(violating).toBeGreaterThan(9000);
  });
});
