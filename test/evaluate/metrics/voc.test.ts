import { describe, expect, test } from 'vitest';
import { vocSummary } from '../../../src/evaluate/metrics/voc.js';
import type { CocoDetection, CocoGroundTruth } from '../../reference/coco-match.js';
import { detectionTable, groundTruthTable } from '../../support/coco-tables.js';

const groundTruth = (x: number): CocoGroundTruth => ({
  id: 1,
  image_id: 0,
  category_id: 0,
  bbox: [x, 0, 10, 10],
  area: 100,
});
const found = (x: number, score: number, width = 10): CocoDetection => {
  return { image_id: 0, category_id: 0, bbox: [x, 0, width, 10], score };
};

describe('VOC’s average precision', () => {
  const rows: [string, CocoGroundTruth[], CocoDetection[], allPoint: number | null, elevenPoint: number | null][] = [
    ['no ground truth', [], [found(0, 0.9)], null, null],
    ['no detection', [groundTruth(0)], [], 0, 0],
    ['an overlap that is the threshold', [groundTruth(0)], [found(0, 0.9, 5)], 1, 1],
    ['just below', [groundTruth(0)], [found(0, 0.9, 4.99)], 0, 0],
    [
      'a second one for a ground truth is wrong',
      [groundTruth(0), groundTruth(50)],
      [found(0, 0.9), found(0, 0.8), found(50, 0.7)],
      5 / 6,
      (6 + 5 * (2 / 3)) / 11,
    ],
    // COCO would give it the free ground truth at 4, which it overlaps less
    [
      'only the nearest ground truth counts, taken or not',
      [groundTruth(0), groundTruth(3)],
      [found(0, 0.9), found(1, 0.8)],
      0.5,
      6 / 11,
    ],
    ['half of the ground truths', [groundTruth(0), groundTruth(50)], [found(0, 0.9)], 0.5, 6 / 11],
  ];
  test.each(rows)('%s', (_, groundTruths, detections, allPoint, elevenPoint) => {
    const { classes } = vocSummary(
      groundTruthTable(groundTruths),
      detectionTable(detections),
      { images: 1, classes: 1 },
      0.5,
    );
    const close = (value: number | null) => (value === null ? null : expect.closeTo(value, 12));
    expect(classes).toEqual([{ allPoint: close(allPoint), elevenPoint: close(elevenPoint) }]);
  });

  test('a difficult ground truth is neither found nor missed, however often it is met', () => {
    const groundTruths = groundTruthTable([groundTruth(0), groundTruth(50)]);
    groundTruths.difficult[0] = 1;
    const detections = detectionTable([found(0, 0.9), found(0, 0.8), found(50, 0.7)]);
    const { numbers } = vocSummary(groundTruths, detections, { images: 1, classes: 1 }, 0.5);
    expect(numbers).toEqual({ allPoint: 1, elevenPoint: 1 });
  });

  test('the mean is over classes that have ground truths', () => {
    const detections = detectionTable([found(0, 0.9), { ...found(0, 0.9), category_id: 1 }]);
    const { numbers } = vocSummary(groundTruthTable([groundTruth(0)]), detections, { images: 1, classes: 2 }, 0.5);
    expect(numbers).toEqual({ allPoint: 1, elevenPoint: 1 });
  });
});
