import { describe, expect, test } from 'vitest';
import { calibrate } from '../../../src/learn/calibration/calibrate.js';
import type { CalibrateOptions } from '../../../src/learn/calibration/calibrate-options.js';
import { complaint } from '../../support/complaint.js';
import { madeLesson, type Sight } from '../lessons.js';

/** Every score says much less than it should: nearly all above 0.3 are right. */
const shy: Sight = { label: 'shy', often: 1, found: 1, rightFrom: 0.3, wrongTo: 0.4 };
const boastful: Sight = { label: 'boastful', often: 0.3, found: 1, rightFrom: 0.5, wrongTo: 0.95 };

describe('calibrate', () => {
  test('lowers the calibration error on held-out images, and says by how much', () => {
    const { groundTruth, results } = madeLesson(150, [shy, boastful]);
    const found = calibrate(groundTruth, results);
    expect(found.significant).toBe(true);
    expect(found.error.gain.low).toBeGreaterThan(0);
    expect(found.error.gain.value).toBeCloseTo(found.error.before.value - found.error.after.value, 12);
    expect(found.trials).toHaveLength(6);
    expect(found.loss.after.value).toBeCloseTo(found.chosen.loss, 12);
    expect(found.options.calibration).toBeDefined();
    expect(found.reliability.before).toHaveLength(20);
    expect(found.file.made).toMatchObject([{ by: 'calibrate', kind: found.chosen.kind, kept: 'curves' }]);
  });

  test('curves per label where labels differ; one with too few examples has the shared one', () => {
    const { groundTruth, results } = madeLesson(150, [shy, boastful, { ...shy, label: 'rare', often: 0.02 }]);
    const { chosen, own } = calibrate(groundTruth, results, { kind: 'platt' });
    expect(chosen.scope).toBe('label');
    expect(own.sort()).toEqual(['boastful', 'shy']);
  });

  test('only what is asked for', () => {
    const { groundTruth, results } = madeLesson(60, [shy]);
    const { trials } = calibrate(groundTruth, results, { kind: 'temperature', scope: 'shared' });
    expect(trials.map(({ kind, scope }) => [kind, scope])).toEqual([['temperature', 'shared']]);
  });

  test('thresholds of an earlier file go through the curve: what they kept, they keep', () => {
    const { groundTruth, results } = madeLesson(150, [shy]);
    const options = { scoreThreshold: 0.3, labelThresholds: { shy: 0.35 }, iouThreshold: 0.5 };
    const file = { format: 'sigbox-thresholds', version: 1, options, made: [{ by: 'tune' }] } as const;
    const found = calibrate(groundTruth, results, {
      file: { ...file, made: [...file.made] },
      kind: 'platt',
      scope: 'shared',
    });
    const { shared } = found.options.calibration as { shared: { slope: number; intercept: number } };
    const through = (score: number) =>
      1 / (1 + Math.exp(-(shared.slope * Math.log(score / (1 - score)) + shared.intercept)));
    expect(found.options.scoreThreshold).toBeCloseTo(through(0.3), 12);
    expect(found.options.labelThresholds?.shy).toBeCloseTo(through(0.35), 12);
    expect(found.file.made.map(({ by }) => by)).toEqual(['tune', 'calibrate']);
  });

  test('without a significant gain scores are not changed', () => {
    const { groundTruth, results } = madeLesson(4, [{ ...boastful, often: 0.5 }], 3);
    const { options, significant, remarks } = calibrate(groundTruth, results);
    expect(significant).toBe(false);
    expect(options).toEqual({});
    expect(remarks.join()).toContain('scores are not changed');
  });

  test('the same seed gives the same bytes', () => {
    const { groundTruth, results } = madeLesson(40, [shy, boastful]);
    const bytes = (seed: number) => JSON.stringify(calibrate(groundTruth, results, { seed }));
    expect(bytes(3)).toBe(bytes(3));
    expect(bytes(4)).not.toBe(bytes(3));
  });

  test.each<[string, number, Sight, CalibrateOptions, RegExp]>([
    ['one image', 1, shy, {}, /^calibrate: expected two or more images, received 1\./],
    [
      'only true positives',
      5,
      { ...shy, wrongTo: -1 },
      {},
      /^calibrate: expected true and false positives, received "only true positives"\./,
    ],
    [
      'only false positives',
      9,
      { ...shy, found: 0 },
      {},
      /^calibrate: expected true and false positives, received "only false positives"\./,
    ],
    [
      'no detections',
      5,
      { ...shy, found: 0, often: 1, wrongTo: -1 },
      {},
      /^calibrate: expected true and false positives, received "no detections"\. Record the run with a lower/,
    ],
    [
      'a kind that is none',
      5,
      shy,
      { kind: 'beta' as 'platt' },
      /^calibrate: expected options\.kind to be 'temperature', 'platt' or 'isotonic', received "beta"\.$/,
    ],
  ])('refuses %s', (_, images, sight, options, message) => {
    const { groundTruth, results } = madeLesson(images, [sight]);
    const given = results.map((result) => ({
      ...result,
      detections: result.detections.filter(({ box }) => sight.wrongTo > 0 || box[1] === 0),
    }));
    expect(() => calibrate(groundTruth, given, options)).toThrow(complaint('E_ARGUMENT', message));
  });
});
