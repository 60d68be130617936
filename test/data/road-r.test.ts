import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileRules, parseDimacs } from '../../src/labels/rules/index.js';
import { COST_UNIT } from '../../src/labels/rules/label-repairer.js';
import { data, describeWithData } from '../support/data.js';
import { ROAD_R_LABELS, ROAD_R_THRESHOLD, roadRScores } from '../support/road-r.js';

/** Costs in whole units: the first of them, and the SHA-256 of all, a line each. */
interface Golden {
  boxes: number;
  sha256: string;
  first: number[];
}

describeWithData('the 243 requirements of ROAD-R', () => {
  const golden: Golden = JSON.parse(readFileSync(new URL('../fixtures/goldens/road-r.json', import.meta.url), 'utf8'));
  const requirements = () => {
    const text = readFileSync(data('road-r', 'requirements_dimacs.txt'), 'utf8');
    return parseDimacs(text, ROAD_R_LABELS, 'ROAD-R');
  };

  test('the labels are those of the requirements as people read them', () => {
    const lines = readFileSync(data('road-r', 'requirements_readable.txt'), 'utf8').split('\n').slice(5);
    const words = (text: readonly string[]) => text.filter((word) => !['not', ''].includes(word)).sort();
    const readable = lines.map((line) => words(line.trim().split(/ +/))).filter((line) => line.length > 0);
    expect(requirements().map(({ when = [], anyOf }) => words([...when, ...anyOf]))).toEqual(readable);
  });

  test('10,000 seeded boxes: no violation is left, at the costs that RC2 finds', () => {
    const clauses = requirements();
    expect(clauses).toHaveLength(243);
    const rules = compileRules({ clauses }, ROAD_R_LABELS);
    let violating = 0;
    const costs = roadRScores(golden.boxes).map((scores) => {
      const { violated, labels, isCertain, cost } = rules.repair(scores, { thresholds: ROAD_R_THRESHOLD });
      if (violated.length > 0) violating++;
      const after = ROAD_R_LABELS.map((label) => (labels.includes(label) ? 0.9 : 0.1));
      expect(rules.repair(after, { thresholds: 0.5 }).violated).toEqual([]);
      expect(isCertain).toBe(true);
      return cost / COST_UNIT;
    });
    expect(violating).toBeGreaterThan(9000);
    expect(costs.slice(0, golden.first.length)).toEqual(golden.first);
    expect(createHash('sha256').update(costs.join('\n')).digest('hex')).toBe(golden.sha256);
  });
});
