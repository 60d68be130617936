import { describe, expect, test } from 'vitest';
import { compare } from '../../src/compare/compare.js';
import { HEADLINE_NUMBERS, modelNumbers } from '../../src/compare/model-numbers.js';
import { minus, resample } from '../../src/compare/resample.js';
import { evaluate } from '../../src/evaluate/evaluate.js';
import { evaluationTables } from '../../src/evaluate/tables/evaluation-tables.js';
import { complaint } from '../support/complaint.js';
import { randomCoco } from '../support/random-coco.js';

const coco = randomCoco(11, { images: 12 });
const groundTruth = {
  images: Array.from({ length: coco.size.images }, (_, id) => ({
    id,
    file_name: `${id}.jpg`,
    width: 100,
    height: 100,
  })),
  annotations: coco.groundTruths,
  categories: Array.from({ length: coco.size.classes }, (_, id) => ({ id, name: `label ${id}` })),
};
/** Results with less in them, and lower scores. */
const worse = coco.detections
  .filter((_, i) => i % 3 > 0)
  .map((row, i) => ({ ...row, score: row.score * (i % 2 ? 0.5 : 1) }));

describe('numbers', () => {
  test('with every image once are those of evaluate', () => {
    const { numbers, labels } = compare(
      groundTruth,
      [
        { name: 'a', results: coco.detections },
        { name: 'b', results: worse },
      ],
      { resamples: 100, scoreThreshold: 0.3 },
    );
    for (const [m, results] of [coco.detections, worse].entries()) {
      const {
        coco: own,
        classAgnostic,
        micro,
        macro,
        classes,
      } = evaluate(groundTruth, results, { scoreThreshold: 0.3 });
      const { precision, recall, f1 } = micro;
      const expected = { ...own, classAgnosticAP: classAgnostic.AP, precision, recall, f1, macroF1: macro.f1 };
      for (const { name, values } of numbers) {
        const number = expected[name as 'AP'];
        if (number >= 0) expect(values[m].value, name).toBeCloseTo(number, 9);
      }
      for (const { label, values } of labels) {
        expect(values[m].value, label).toBeCloseTo(classes.find((row) => row.label === label)!.AP, 9);
      }
    }
  });

  test('an image of weight 2 counts as two equal images', () => {
    const double = {
      ...groundTruth,
      images: groundTruth.images.flatMap((image) => [image, { ...image, id: image.id + 1000 }]),
      annotations: groundTruth.annotations.flatMap((row, i) => [
        { ...row, id: 2 * i + 1 },
        { ...row, id: 2 * i + 2, image_id: row.image_id + 1000 },
      ]),
    };
    const distinct = coco.detections.map((row, i) => ({ ...row, score: row.score + i * 1e-9 })); // ties are no copies
    const results = distinct.flatMap((row) => [row, { ...row, image_id: row.image_id + 1000 }]);
    const numbered = { ...groundTruth, annotations: groundTruth.annotations.map((row, i) => ({ ...row, id: i + 1 })) };
    const once = evaluationTables(numbered, distinct);
    const thresholds = new Float64Array(coco.size.classes).fill(0.3);
    const { measure } = modelNumbers(once.groundTruth, once.detections, { iouThreshold: 0.5, thresholds });
    const numbers = measure(new Uint32Array(coco.size.images).fill(2));
    const twice = evaluate(double, results, { scoreThreshold: 0.3 });
    for (const [i, { name }] of HEADLINE_NUMBERS.slice(0, 9).entries()) {
      const expected = twice.coco[name as 'AP'];
      if (expected >= 0) expect(numbers[i], name).toBeCloseTo(expected, 9);
    }
    expect(numbers[10]).toBeCloseTo(twice.micro.precision!, 12);
  });
});

test('a model does not differ from itself', () => {
  const models = ['a', 'b'].map((name) => ({ name, results: coco.detections }));
  const { numbers, labels, changedImages, slices } = compare(groundTruth, models, { resamples: 100 });
  for (const { differences } of [...numbers, ...labels, ...slices]) {
    if (!Number.isNaN(differences[0].value)) expect(differences[0]).toMatchObject({ value: 0, verdict: 'undecided' });
  }
  expect(changedImages).toEqual([]);
});

test('a model that finds nothing is worse, in all images', () => {
  const perfect = coco.groundTruths
    .filter((row) => !row.iscrowd)
    .map(({ image_id, category_id, bbox }) => {
      return { image_id, category_id, bbox, score: 0.9 };
    });
  const models = [
    { name: 'all', results: perfect },
    { name: 'none', results: [] },
  ];
  const { numbers, changedImages } = compare(groundTruth, models, { resamples: 200 });
  expect(numbers[0]).toMatchObject({ name: 'AP', differences: [{ verdict: 'worse' }] });
  expect(numbers[0].verdicts[0]).toMatch(/^none is worse: −0\.\d{3} \(95 % interval −\d\.\d{3} to −\d\.\d{3}\)$/);
  expect(changedImages[0].errors).toBeGreaterThan(0);
  expect(changedImages[0].after).toMatchObject({ truePositives: 0, falsePositives: 0 });
});

test('three models: each is compared with the first', () => {
  const models = [coco.detections, worse, coco.detections].map((results, i) => ({ name: `model ${i}`, results }));
  const { numbers } = compare(groundTruth, models, { resamples: 100 });
  expect(numbers[0].values).toHaveLength(3);
  expect(numbers[0].differences).toHaveLength(2);
  expect(numbers[0].differences[1].value).toBe(0);
});

test('too few images for intervals are named', () => {
  const images = groundTruth.images.slice(0, 3);
  const inFew = <Row extends { image_id: number }>(rows: Row[]) => rows.filter(({ image_id }) => image_id < 3);
  const models = [coco.detections, worse].map((results, i) => ({ name: `model ${i}`, results: inFew(results) }));
  const few = { ...groundTruth, images, annotations: inFew(coco.groundTruths) };
  const { numbers, warnings } = compare(few, models, { resamples: 100 });
  expect(warnings[0]).toMatch(/^3 images are too few for intervals and verdicts, which need 10/);
  expect(numbers[0].values[1]).toMatchObject({ low: NaN, high: NaN });
});

test('the same seed gives the same intervals', () => {
  const models = [coco.detections, worse].map((results, i) => ({ name: `model ${i}`, results }));
  const run = (seed: number) => compare(groundTruth, models, { resamples: 100, seed });
  expect(run(3)).toEqual(run(3));
  expect(run(4).numbers[0].differences[0].low).not.toBe(run(3).numbers[0].differences[0].low);
});

test('slices by a field: its values, or quarters of its numbers', () => {
  const models = [coco.detections, worse].map((results, i) => ({ name: `model ${i}`, results }));
  const names = groundTruth.images.map(({ file_name }) => file_name);
  const byHalf = Object.fromEntries(names.map((name, i) => [name, i % 2 ? 'day' : 'night']));
  const byNumber = Object.fromEntries(names.map((name, i) => [name, 100 + i]));
  const { slices } = compare(groundTruth, models, { resamples: 100, slices: { time: byHalf, brightness: byNumber } });
  const images = (by: string) => slices.filter((slice) => slice.by === by).map((slice) => slice.images);
  expect(images('time').reduce((a, b) => a + b)).toBe(names.length);
  expect(images('time')).toHaveLength(2);
  expect(images('brightness').reduce((a, b) => a + b)).toBe(names.length);
});

test.each([
  ['one model', { models: 1 }, /^compare: expected two or more models, received 1\./],
  ['an unknown option', { options: { resample: 9 } }, /resample/],
  [
    'a field that no image has',
    { options: { slices: { time: { 'x.jpg': 1 } } } },
    /^slices: expected the field time of some image/,
  ],
])('%s', (_, { models = 2, options = {} }: { models?: number; options?: object }, message) => {
  const given = Array.from({ length: models }, (_, i) => ({ name: `${i}`, results: coco.detections }));
  expect(() => compare(groundTruth, given, options)).toThrow(complaint('E_ARGUMENT', message));
});

test('resamples are paired: what all models have in common cancels out', () => {
  const hard = (times: Uint32Array) => Float64Array.of(times.reduce((sum, count, i) => sum + count * i, 0));
  const shifted = (times: Uint32Array) => Float64Array.of(hard(times)[0] + 1);
  const { draws } = resample([hard, shifted], { images: 20, resamples: 100, seed: 1 });
  expect(new Set(minus(draws[1][0], draws[0][0]))).toEqual(new Set([1]));
  expect(new Set(draws[0][0]).size).toBeGreaterThan(50);
});
