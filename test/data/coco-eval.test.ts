import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import { expectClose } from '../support/close.js';
import { data, describeWithData } from '../support/data.js';

type Numbers = Record<string, number>;

/** By pycocotools 2.0.11. */
interface Expected {
  expected: { stats: Numbers; per_category: Record<string, Numbers> };
  expected_class_agnostic: { stats: Numbers };
}

describeWithData('COCO’s numbers are those of pycocotools to 1e-9', () => {
  const sets = () =>
    readdirSync(data('coco-eval')).flatMap((name) => /^(.*)\.expected\.json$/.exec(name)?.slice(1) ?? []);
  const read = (set: string, part: string) =>
    JSON.parse(readFileSync(data('coco-eval', `${set}.${part}.json`), 'utf8'));

  test('on every set', () => {
    expect(sets().length).toBeGreaterThan(0);
    for (const set of sets()) {
      const { expected, expected_class_agnostic: agnostic } = read(set, 'expected') as Expected;
      const { coco, classAgnostic, classes } = evaluate(read(set, 'gt'), read(set, 'dt'));
      expectSame(coco, expected.stats, set);
      expectSame(classAgnostic, agnostic.stats, `${set}, without classes`);
      expect(classes).toHaveLength(Object.keys(expected.per_category).length);
      for (const row of classes) expectSame(row, expected.per_category[String(row.categoryId)], `${set}, ${row.label}`);
    }
  });
});

function expectSame(received: object, expected: Numbers, what: string): void {
  const names = Object.keys(expected);
  const numbers = names.map((name) => (received as Numbers)[name]);
  expectClose(numbers, Object.values(expected), 1e-9, `${what}, ${names.join(' ')}`);
}
