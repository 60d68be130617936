import { describe, expect, test } from 'vitest';
import { compileRules, type LabelRules, parseDimacs } from '../../../src/labels/rules/index.js';
import type { Box } from '../../../src/types/detections.js';

const labels = ['car', 'truck', 'vehicle', 'person', 'red', 'amber', 'green', 'light'];
const groups = { colours: ['red', 'amber', 'green'], cars: ['car', 'truck'] };

const refusal = (message: string) => expect.objectContaining({ name: 'SigboxError', code: 'E_ARGUMENT', message });

/** `car 0.9, truck 0.6` as scores; labels that are not named have 0.01. */
function scoresOf(text: string): number[] {
  const scores = new Map(text.split(', ').map((part) => [part.split(' ')[0]!, Number(part.split(' ')[1])]));
  return labels.map((label) => scores.get(label) ?? 0.01);
}

describe('repair', () => {
  test.each<[string, LabelRules, string, string[]]>([
    ['nothing is violated', { excludes: [['car', 'person']] }, 'car 0.9, truck 0.8', ['car', 'truck']],
    [
      'excludes: the label nearer to its threshold goes',
      { excludes: [['car', 'truck']] },
      'car 0.9, truck 0.6',
      ['car'],
    ],
    ['excludes between groups', { excludes: [['cars', 'colours']] }, 'car 0.7, truck 0.9, red 0.8', ['car', 'truck']],
    ['implies: adding is cheaper', { implies: { car: ['vehicle'] } }, 'car 0.9, vehicle 0.4', ['car', 'vehicle']],
    ['implies: dropping is cheaper', { implies: { car: ['vehicle'] } }, 'car 0.55, vehicle 0.1', []],
    ['a group implies', { implies: { cars: ['vehicle'] } }, 'truck 0.9, vehicle 0.4', ['truck', 'vehicle']],
    [
      'needs: the best alternative',
      { needs: { light: ['colours'] } },
      'light 0.9, red 0.2, green 0.4',
      ['green', 'light'],
    ],
    ['oneOf for a label', { oneOf: { light: ['colours'] } }, 'light 0.9, red 0.8, green 0.7', ['red', 'light']],
    [
      'oneOf for a label: others are left alone',
      { oneOf: { light: ['colours'] } },
      'red 0.8, green 0.7',
      ['red', 'green'],
    ],
    ['oneOf everywhere', { oneOf: [['car', 'person']] }, 'truck 0.9, person 0.3', ['truck', 'person']],
    ['atMostOne everywhere', { atMostOne: [['cars', 'person']] }, 'car 0.7, truck 0.9, person 0.6', ['truck']],
    ['atLeastOne for a label', { atLeastOne: { vehicle: ['cars'] } }, 'vehicle 0.9, truck 0.45', ['truck', 'vehicle']],
    ['equal labels', { implies: { car: ['vehicle'], vehicle: ['car'] } }, 'car 0.9, vehicle 0.2', ['car', 'vehicle']],
    ['clauses', { clauses: [{ when: ['car', 'red'], anyOf: [] }] }, 'car 0.9, red 0.6', ['car']],
    ['a tie: the first label is left unchanged', { excludes: [['car', 'truck']] }, 'car 0.6, truck 0.6', ['car']],
  ])('%s', (_, rules, scores, expected) => {
    const repaired = compileRules(rules, labels, { groups }).repair(scoresOf(scores), { thresholds: 0.5 });
    expect(repaired.labels).toEqual(expected);
  });

  test('says what changed, why and at what cost', () => {
    const rules = compileRules({ implies: { car: ['vehicle'] }, excludes: [['car', 'person']] }, labels);
    const { added, dropped, violated, cost, isCertain } = rules.repair(scoresOf('car 0.9, vehicle 0.4, person 0.6'), {
      thresholds: 0.5,
    });
    expect({ added, dropped, violated, isCertain }).toEqual({
      added: ['vehicle'],
      dropped: ['person'],
      violated: ['car implies vehicle', 'car excludes person'],
      isCertain: true,
    });
    expect(cost).toBeCloseTo(2 * Math.log(1.5), 6); // both lie a factor of 1.5 in the odds from even
  });

  test('drop only takes away; report changes nothing', () => {
    const rules = compileRules({ implies: { car: ['vehicle'] } }, labels);
    const scores = scoresOf('car 0.9, person 0.8');
    expect(rules.repair(scores, { thresholds: 0.5, mode: 'drop' }).labels).toEqual(['person']);
    expect(rules.repair(scores, { thresholds: 0.5, mode: 'report' })).toMatchObject({
      labels: ['car', 'person'],
      violated: ['car implies vehicle'],
    });
  });
});

describe('rules that can’t be right', () => {
  test.each<[string, LabelRules, string]>([
    [
      'a label by another name',
      { implies: { carr: ['vehicle'] } },
      'compileRules: rules name "carr", which is no label. Did you mean "car"? No rule is left.',
    ],
    ['no rule', {}, 'compileRules: there is no rule. Write one, or leave "rules" out.'],
    [
      'a contradiction',
      {
        atLeastOne: [['car', 'truck']],
        excludes: [['person', 'light']],
        clauses: [
          { when: ['car'], anyOf: [] },
          { when: ['truck'], anyOf: [] },
        ],
      },
      'compileRules: no region can satisfy "at least one of car, truck", "never car", "never truck". Change or remove one of these rules.',
    ],
    [
      'a label that can’t be',
      {
        implies: { car: ['vehicle', 'person'] },
        excludes: [
          ['vehicle', 'person'],
          ['red', 'green'],
        ],
      },
      'compileRules: no region can have "car" under "car implies vehicle", "car implies person", "vehicle excludes person". Change or remove one of these rules.',
    ],
    [
      'an empty list',
      { oneOf: [[]] },
      'compileRules: expected rules.oneOf to be arrays of labels, or arrays of labels by label, received Array of length 1.',
    ],
    [
      'a group with the name of a label',
      { excludes: [['car', 'truck']] },
      'compileRules: expected groups with names that no label has, received "car". Give the group another name.',
    ],
  ])('%s', (name, rules, message) => {
    const named = name.startsWith('a group') ? { car: ['truck'] } : groups;
    expect(() => compileRules(rules, labels, { groups: named })).toThrow(refusal(message));
  });

  test('an unknown label among alternatives is left out, with a warning', () => {
    const rules = compileRules({ needs: { light: ['red', 'gren'] }, implies: { car: ['vehikle'] } }, labels);
    expect(rules.warnings).toEqual([
      'compileRules: rules name "vehikle", which is no label. Did you mean "vehicle"?',
      'compileRules: rules name "gren", which is no label. Did you mean "green"?',
    ]);
    expect(rules.rules).toEqual([{ rule: 'light needs red or gren', when: ['light'], anyOf: ['red'] }]);
  });

  test('10,000 rules over 80 labels compile, and equal labels follow each other', () => {
    const many = Array.from({ length: 80 }, (_, i) => `label ${i}`);
    const clauses = Array.from({ length: 10_000 }, (_, i) => ({
      when: [many[(i * 7) % 80]!],
      anyOf: [many[(i * 13 + 1) % 80]!],
    })).filter(({ when, anyOf }) => when[0] !== anyOf[0]);
    const rules = compileRules({ clauses }, many);
    const { labels: kept } = rules.repair(
      many.map((_, i) => (i === 0 ? 0.999 : 0.45)),
      { thresholds: 0.5 },
    );
    expect(
      rules.repair(
        many.map((label) => (kept.includes(label) ? 0.9 : 0.1)),
        { thresholds: 0.5 },
      ).violated,
    ).toEqual([]);
  });
});

describe('parseDimacs', () => {
  test('clauses with comments, over several lines, without those that always hold', () => {
    const text = 'c rules\np cnf 3 4\n1 -2 0\n3\n-1 0 2 0\r\n1 -1 0\n';
    expect(parseDimacs(text, ['a', 'b', 'c'], 'rules.cnf')).toEqual([
      { when: ['b'], anyOf: ['a'] },
      { when: ['a'], anyOf: ['c'] },
      { when: [], anyOf: ['b'] },
    ]);
  });

  test.each([
    ['1 x 0', 'rules.cnf: line 1: expected whole numbers, received "x".'],
    ['1 4 0', 'rules.cnf: line 1: expected variables from 1 to 3, one for each of dimacsLabels, received 4.'],
    ['1 0\n0', 'rules.cnf: line 2: expected a clause of one number or more before 0, received "none".'],
  ])('%j is refused', (text, message) => {
    expect(() => parseDimacs(text, ['a', 'b', 'c'], 'rules.cnf')).toThrow(refusal(message));
  });
});

describe('apply', () => {
  const rules = compileRules({ excludes: [['car', 'truck']], implies: { car: ['vehicle'] } }, [
    'car',
    'truck',
    'vehicle',
  ]);
  const score = (label: string, classId: number, own: number) => ({ label, classId, score: own });
  const region = (...labels: ReturnType<typeof score>[]) => ({ box: [0, 0, 9, 9] as Box, ...labels[0]!, labels });
  const car = region(score('car', 3, 0.9), score('truck', 8, 0.5), score('cup', 2, 0.8));

  test('labels go by their names, and keep their class numbers', () => {
    const given = structuredClone([car]);
    const { detections } = rules.apply(given, { scoreThreshold: 0.35, floor: 0.2, classIds: { vehicle: 90 } });
    expect(detections).toEqual([
      {
        ...region(score('car', 3, 0.9)),
        labels: [score('car', 3, 0.9), { ...score('vehicle', 90, 0.9), by: 'rule' }],
        dropped: [{ ...score('truck', 8, 0.5), by: 'rule' }],
        violated: ['car implies vehicle', 'car excludes truck'],
      },
    ]);
    expect(given).toEqual([car]);
  });

  test('a region that is left without a label is in `removed`', () => {
    const { detections, removed } = rules.apply([region(score('car', 3, 0.4))], { scoreThreshold: 0.35, floor: 0.05 });
    expect(detections).toEqual([]);
    expect(removed).toMatchObject([{ dropped: [score('car', 3, 0.4)], violated: ['car implies vehicle'] }]);
  });
});
