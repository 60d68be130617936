import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CocoDataset, CocoResult } from '../../../src/columns/parsed-coco.js';
import { evaluate } from '../../../src/evaluate/evaluate.js';
import type { CocoNumbers } from '../../../src/evaluate/metrics/coco.js';
import type { ErrorCosts } from '../../../src/evaluate/metrics/error-costs.js';
import { expectClose } from '../../support/close.js';

interface Golden {
  name: string;
  truth: CocoDataset;
  results: CocoResult[];
  /** By pycocotools. */
  coco?: { numbers: CocoNumbers; classes: Record<string, CocoNumbers>; classAgnostic: CocoNumbers };
  /** By lvis. */
  lvis?: Record<string, number>;
  /** By tidecv. */
  errors?: ErrorCosts;
  /** By ultralytics. */
  confusion?: number[][];
  /** By mean_average_precision, in float32. */
  voc?: Record<'numbers', VocGolden> & { classes: VocGolden[] };
}

type VocGolden = { allPoint: number | null; elevenPoint: number | null };

const url = new URL('../../fixtures/goldens/evaluation.json', import.meta.url);
const { cases, iouThreshold, scoreThreshold } = JSON.parse(readFileSync(url, 'utf8')) as {
  cases: Golden[];
  iouThreshold: number;
  scoreThreshold: number;
};
const EXACT = 1e-9;

describe.each(cases)('$name', ({ truth, results, coco, lvis, errors, confusion, voc }) => {
  const evaluation = evaluate(truth, results, { iouThreshold, scoreThreshold });

  testWith(coco, 'COCO’s numbers are those of pycocotools', () => {
    expectSame(evaluation.coco, coco!.numbers, 'all classes');
    expectSame(evaluation.classAgnostic, coco!.classAgnostic, 'without classes');
    for (const row of evaluation.classes) expectSame(row, coco!.classes[String(row.categoryId)], row.label);
  });

  testWith(lvis, 'LVIS’s numbers are those of lvis', () => expectSame(evaluation.lvis, lvis!, 'lvis'));

  testWith(errors, 'kinds of errors, and what they cost, are those of tidecv', () => {
    const { kinds, ...sums } = errors!;
    for (const [kind, expected] of Object.entries(kinds))
      expectSame(evaluation.errors.kinds[kind as never], expected, kind);
    expectSame(evaluation.errors, sums, 'sums');
  });

  testWith(confusion, 'the confusion matrix is that of ultralytics', () => {
    expect(evaluation.confusion.counts).toEqual(confusion);
  });

  testWith(voc, 'VOC’s numbers are those of mean_average_precision', () => {
    expectSame(evaluation.voc, voc!.numbers, 'all classes', 1e-6);
    for (const [i, row] of evaluation.classes.entries()) expectSame(row.voc, voc!.classes[i], row.label, 1e-6);
  });
});

/** A test of what a golden has. */
function testWith(golden: unknown, name: string, run: () => void): void {
  if (golden !== undefined) test(name, run);
}

/** Every number that is expected is there; null stays null. */
function expectSame(received: object | null, expected: object, what: string, tolerance = EXACT): void {
  const names = Object.keys(expected);
  const numbers = (values: object | null) => names.map((name) => (values as never)[name] ?? -2);
  expectClose(numbers(received), numbers(expected), tolerance, `${what}, ${names.join(' ')}`);
}
