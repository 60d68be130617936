import { describe, expect, test } from 'vitest';
import type { SuppressionSetting } from '../../../src/learn/thresholds/suppress-again.js';
import { tune } from '../../../src/learn/thresholds/tune.js';
import type { TuneOptions } from '../../../src/learn/thresholds/tune-options.js';
import type { Dataset } from '../../../src/types/annotations.js';
import type { Box } from '../../../src/types/detections.js';
import { complaint } from '../../support/complaint.js';
import { randomNumbers } from '../../support/random.js';
import { madeLesson, type Sight } from '../lessons.js';

/** The best threshold is 0.2 for all. */
const early: Sight = { label: 'early', often: 0.8, found: 1, rightFrom: 0.2, wrongTo: 0.2 };
/** The best threshold is 0.6. */
const late: Sight = { label: 'late', often: 0.8, found: 1, rightFrom: 0.6, wrongTo: 0.6 };

describe('tune', () => {
  test('finds the threshold of all, and says what it gains', () => {
    const { groundTruth, results } = madeLesson(60, [early, { ...early, label: 'other' }]);
    const { options, comparison, images, groundTruths, folds } = tune(groundTruth, results);
    expect(options.scoreThreshold).toBeCloseTo(0.2, 1);
    expect(options).toMatchObject({ suppression: 'nms', iouThreshold: 0.5 });
    expect(comparison).toMatchObject({ measure: 'macro F1', significant: true });
    expect(comparison.gain.value).toBeCloseTo(comparison.after.value - comparison.before.value, 12);
    expect(comparison.gain.low).toBeGreaterThan(0);
    expect(comparison.after.value).toBeGreaterThan(0.95);
    expect([images, folds]).toEqual([60, 5]);
    expect(groundTruths).toBe(groundTruth.images.flatMap(({ regions }) => regions).length);
  });

  test('gives labels their own threshold where that is better', () => {
    const { groundTruth, results } = madeLesson(200, [early, late]);
    const { options, labels } = tune(groundTruth, results);
    const thresholdOf = (label: string) => options.labelThresholds?.[label] ?? options.scoreThreshold;
    expect(thresholdOf('early')).toBeLessThan(0.4);
    expect(thresholdOf('late')).toBeGreaterThan(0.5);
    expect(labels.map(({ label, threshold }) => [label, threshold])).toEqual(
      ['early', 'late'].map((label) => [label, thresholdOf(label)]),
    );
  });

  test('rules lower the threshold of what is implied, with a remark', () => {
    const { groundTruth, results } = madeLesson(200, [early, late]);
    const rules = [{ rule: 'early implies late', when: ['early'], anyOf: ['late'] }];
    const { options, labels, remarks } = tune(groundTruth, results, { rules });
    const [low, high] = labels.map(({ threshold }) => threshold);
    expect(low).toBeLessThan(0.4);
    expect(high).toBe(low);
    expect(options.labelThresholds?.late ?? options.scoreThreshold).toBe(low);
    expect(remarks).toContain('Thresholds were lowered so that rules and parents hold: "late" to that of "early".');
  });

  test('a label with too few ground truths keeps the threshold of all', () => {
    const { groundTruth, results } = madeLesson(100, [early, late, { ...late, label: 'rare', often: 0.05 }]);
    const { options, labels } = tune(groundTruth, results);
    expect(labels.find(({ label }) => label === 'rare')).toMatchObject({
      tooFew: true,
      threshold: options.scoreThreshold,
    });
    expect(labels.find(({ label }) => label === 'early')).toMatchObject({ tooFew: false });
  });

  test('without a significant gain the default is kept, with a remark', () => {
    const { groundTruth, results } = madeLesson(40, [{ ...early, rightFrom: 0.34, wrongTo: 0.35 }]);
    const defaults = { scoreThreshold: 0.35, labelThresholds: { early: 0.345 } };
    const { options, comparison, remarks, file } = tune(groundTruth, results, { default: defaults });
    expect(comparison.significant).toBe(false);
    expect(options).toMatchObject(defaults);
    expect(remarks).toContain('No significant gain on held-out images: the default is kept.');
    expect(file.made).toMatchObject([{ by: 'tune', kept: 'default' }]);
  });

  test.each<[string, TuneOptions, 'precision' | 'recall', number]>([
    ['precision>=0.9', { aim: 'precision>=0.9' }, 'precision', 0.9],
    ['recall>=0.9', { aim: 'recall>=0.9' }, 'recall', 0.9],
  ])('%s is about met on held-out images', (_, options, measure, least) => {
    const blurred: Sight = { label: 'blurred', often: 0.8, found: 1, rightFrom: 0.1, wrongTo: 0.7 };
    const { groundTruth, results } = madeLesson(300, [blurred]);
    const defaults = { scoreThreshold: measure === 'recall' ? 0.6 : 0.1 };
    const tuned = tune(groundTruth, results, { ...options, default: defaults });
    expect(tuned.comparison).toMatchObject({ measure, significant: true });
    expect(tuned.comparison.after.value).toBeGreaterThan(least - 0.05);
  });

  test('a bound that cannot be met is said', () => {
    const { groundTruth, results } = madeLesson(60, [{ ...early, found: 0.5 }]);
    expect(tune(groundTruth, results, { aim: 'recall>=0.95' }).remarks.join()).toMatch(
      /recall is 0\.\d+ on held-out images, below 0\.95/,
    );
  });

  test('the same seed gives the same bytes, and the order of results does not matter', () => {
    const { groundTruth, results } = madeLesson(50, [early, late]);
    const bytes = (given: typeof results, seed: number) => JSON.stringify(tune(groundTruth, given, { seed }));
    expect(bytes(results, 7)).toBe(bytes(results, 7));
    expect(bytes([...results].reverse(), 7)).toBe(bytes(results, 7));
    expect(bytes(results, 8)).not.toBe(bytes(results, 7));
  });

  test('a tighter IoU threshold is found where the record has double boxes', () => {
    const { groundTruth, results } = madeLesson(60, [{ ...early, wrongTo: 0.06 }]);
    const doubled = results.map((result) => ({
      ...result,
      detections: result.detections.flatMap((detection) => {
        const { box, score } = detection;
        const near = { ...detection, box: [box[0], box[1], box[2], box[3] - 20] as typeof box, score: score - 0.01 }; // IoU 0.6
        return [detection, { ...near, labels: [{ ...detection.labels[0]!, score: near.score }] }];
      }),
    }));
    const recorded = { suppression: 'nms' as const, iouThreshold: 0.8 };
    const defaults = { iouThreshold: 0.8 };
    const { suppression, options } = tune(groundTruth, doubled, { recorded, default: defaults });
    expect(suppression.gain!.low).toBeGreaterThan(0);
    expect(options.iouThreshold).toBeLessThan(0.6);
    const soft = tune(groundTruth, doubled, { recorded: { suppression: 'soft-gaussian', iouThreshold: 0.5 } });
    expect(soft.suppression).toMatchObject({ tried: [], gain: null });
    expect(soft.remarks.join()).toContain("Suppression can't be tuned from a run with soft-gaussian");
  });

  test('an earlier calibration is kept, applied first, and so are notes of other commands', () => {
    const { groundTruth, results } = madeLesson(60, [early]);
    const calibration = { shared: { kind: 'temperature' as const, temperature: 2 } };
    const file = {
      format: 'sigbox-thresholds',
      version: 1,
      options: { calibration },
      made: [{ by: 'calibrate' }, { by: 'tune' }],
    } as const;
    const { options, file: written } = tune(groundTruth, results, { file: { ...file, made: [...file.made] } });
    expect(options.calibration).toEqual(calibration);
    expect(options.scoreThreshold).toBeCloseTo(1 / 3, 1); // 0.2 at half its log-odds
    expect(written.made.map(({ by }) => by)).toEqual(['calibrate', 'tune']);
  });

  test('no detections at all: nothing is gained', () => {
    const { groundTruth, results } = madeLesson(10, [early]);
    const { comparison, options } = tune(
      groundTruth,
      results.map((result) => ({ ...result, detections: [] })),
    );
    expect(comparison).toMatchObject({ significant: false, before: { value: 0 }, after: { value: 0 } });
    expect(options.scoreThreshold).toBe(0.35);
  });

  test.each<[string, number, number, TuneOptions, RegExp]>([
    ['one image', 1, 1, {}, /^tune: expected two or more images, received 1\./],
    ['no ground truth', 5, 0, {}, /^tune: expected ground truth in the images, received "none"\.$/],
    ['an aim that is none', 5, 1, { aim: 'f' }, /^aim: expected f1, f0\.5 or another F-measure, .*, received "f"\.$/],
    ['a bound above 1', 5, 1, { aim: 'recall>=2' }, /^aim: expected .*received "recall>=2"/],
    ['one fold', 5, 1, { folds: 1 }, /^tune: expected options\.folds to be a whole number from 2, received 1\.$/],
    [
      'an unknown option',
      5,
      1,
      { aims: 'f1' } as TuneOptions,
      /^tune: expected one of the options aim, .*, received "aims"\. Did you mean "aim"\?$/,
    ],
  ])('refuses %s', (_, images, often, options, message) => {
    const { groundTruth, results } = madeLesson(images, [{ ...early, often }]);
    expect(() => tune(groundTruth, results, options)).toThrow(complaint('E_ARGUMENT', message));
  });
});

test('other results of the same images are tried under every setting, and taken if they are better without doubt', () => {
  const random = randomNumbers(5);
  const box = (i: number): Box => [10 * i, 0, 10 * i + 8, 8];
  const truth: Dataset = {
    labels: ['a'],
    images: Array.from({ length: 40 }, (_, i) => ({
      ...{ image: `${i}.jpg`, width: 100, height: 100 },
      regions: [0, 1, 2].map((k) => ({ box: box(k), labels: [{ label: 'a' }] })),
    })),
  };
  const results = (wrong: number): Dataset => ({
    labels: ['a'],
    images: truth.images.map(({ regions, ...image }) => ({
      ...image,
      regions: [
        ...regions.map((region) => ({ ...region, labels: [{ label: 'a', score: 0.9 }] })),
        ...Array.from({ length: wrong }, (_, k) => ({
          box: box(4 + k),
          labels: [{ label: 'a', score: 0.85 + random() / 10 }],
        })),
      ],
    })),
  });
  const tried: SuppressionSetting[] = [];
  const { suppression, options } = tune(truth, results(3), {
    again: (setting) => {
      tried.push(setting);
      return results(setting.scope === 'all' && setting.iouThreshold === 0.4 ? 0 : 3);
    },
  });
  expect(tried.length).toBeGreaterThan(25);
  expect(suppression.chosen).toEqual({ suppression: 'nms', iouThreshold: 0.4, scope: 'all' });
  expect(options).toMatchObject({ suppression: 'nms', iouThreshold: 0.4, measure: 'iou', scope: 'all' });
});
