import { describe, expect, test } from 'vitest';
import { confusionMatrix } from '../../../src/evaluate/metrics/confusion.js';
import type { CocoDetection, CocoGroundTruth } from '../../reference/coco-match.js';
import { detectionTable, groundTruthTable } from '../../support/coco-tables.js';

const groundTruth = (x: number, category_id = 0, more: Partial<CocoGroundTruth> = {}): CocoGroundTruth => {
  return { id: 1, image_id: 0, category_id, bbox: [x, 0, 10, 10], area: 100, ...more };
};
const found = (x: number, score: number, category_id = 0): CocoDetection => {
  return { image_id: 0, category_id, bbox: [x, 0, 10, 10], score };
};

describe('cells that are not 0: ground truth, detection, count; 2 is the background', () => {
  const rows: [string, CocoGroundTruth[], CocoDetection[], [number, number, number][]][] = [
    ['nothing', [], [], []],
    ['right', [groundTruth(0)], [found(0, 0.9)], [[0, 0, 1]]],
    ['taken for another', [groundTruth(0)], [found(0, 0.9, 1)], [[0, 1, 1]]],
    ['not found', [groundTruth(0)], [], [[0, 2, 1]]],
    ['nothing there', [], [found(0, 0.9, 1)], [[2, 1, 1]]],
    [
      'the best score takes it, whatever its class',
      [groundTruth(0)],
      [found(0, 0.5), found(0, 0.9, 1)],
      [
        [0, 1, 1],
        [2, 0, 1],
      ],
    ],
    [
      'the next ground truth when the nearest is taken',
      [groundTruth(0), groundTruth(3, 1)],
      [found(0, 0.9), found(1, 0.8)],
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
    ],
    [
      'an overlap of the threshold is none',
      [groundTruth(0)],
      [{ ...found(0, 0.9), bbox: [0, 0, 5, 10] }],
      [
        [0, 2, 1],
        [2, 0, 1],
      ],
    ],
    ['a score below the threshold', [groundTruth(0)], [found(0, 0.29)], [[0, 2, 1]]],
    ['a score that is the threshold', [groundTruth(0)], [found(0, 0.3)], [[0, 0, 1]]],
    [
      'in a crowd of its class',
      [groundTruth(0, 0, { iscrowd: 1, bbox: [0, 0, 90, 90] })],
      [found(0, 0.9), found(9, 0.8)],
      [],
    ],
    ['in a crowd of another class', [groundTruth(0, 1, { iscrowd: 1 })], [found(0, 0.9)], [[2, 0, 1]]],
  ];
  test.each(rows)('%s', (_, groundTruths, detections, cells) => {
    const options = { iouThreshold: 0.5, scoreThresholds: [0.3, 0.3] };
    const size = { images: 1, classes: 2 };
    const matrix = confusionMatrix(groundTruthTable(groundTruths), detectionTable(detections), size, options);
    const filled = matrix.flatMap((row, r) => row.flatMap((count, c) => (count === 0 ? [] : [[r, c, count]])));
    expect(filled).toEqual(cells);
  });
});
