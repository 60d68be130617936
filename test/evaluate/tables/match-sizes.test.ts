import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/evaluate/evaluate.js';
import type { Dataset } from '../../../src/types/annotations.js';
import type { Box, DetectionResult } from '../../../src/types/detections.js';

const truth = (width: number, height: number, box: Box): Dataset => ({
  labels: ['mug'],
  images: [{ image: 'a.jpg', width, height, regions: [{ box, labels: [{ label: 'mug' }] }] }],
});
const found = (width: number, height: number, box: Box): DetectionResult[] => {
  const label = { label: 'mug', classId: 0, score: 0.9 };
  return [{ image: 'a.jpg', width, height, detections: [{ box, ...label, labels: [label] }] }];
};

describe('images of another size in the ground truth', () => {
  const small = truth(100, 50, [10, 10, 30, 40]);
  const large = found(400, 200, [40, 40, 120, 160]);

  test('are told with both sizes, and how to mend it', () => {
    const { coco, warnings } = evaluate(small, large);
    expect(coco.AP).toBe(0);
    expect(warnings).toEqual([
      expect.stringMatching(/^1 image has another size .*a\.jpg: 100 × 50, in the results 400 × 200\).*--scale-truth/),
    ]);
  });

  test('are scaled on request, with their areas', () => {
    const { coco, warnings } = evaluate(small, large, { scaleGroundTruth: true });
    expect(coco.AP).toBeCloseTo(1, 10);
    expect(coco.APl).toBeCloseTo(1, 10); // 80 × 120 pixels; 20 × 30 would be small
    expect(warnings).toEqual([
      expect.stringMatching(/^1 image of the ground truth was scaled to the size in the results/),
    ]);
  });

  test('are not scaled where the aspect differs: they were turned or cut', () => {
    const { warnings } = evaluate(small, found(50, 100, [10, 10, 30, 40]), { scaleGroundTruth: true });
    expect(warnings).toEqual([expect.stringMatching(/another size .*turned \(EXIF\) or cut/)]);
  });

  test('nothing is said where sizes agree, or one is unknown', () => {
    expect(evaluate(truth(400, 200, [40, 40, 120, 160]), large).warnings).toEqual([]);
    expect(evaluate(truth(0, 0, [40, 40, 120, 160]), large).warnings).toEqual([]);
  });
});

test('categories of one name are one label for results with names, and two for results with ids', () => {
  const image = { id: 1, file_name: 'a.jpg', width: 400, height: 200 };
  const coco = {
    images: [image],
    categories: [
      { id: 1, name: 'mug' },
      { id: 4, name: 'jug' },
      { id: 9, name: 'mug' },
    ],
    annotations: [
      { id: 1, image_id: 1, category_id: 1, bbox: [40, 40, 80, 120], area: 9600, iscrowd: 0 },
      { id: 2, image_id: 1, category_id: 9, bbox: [200, 40, 80, 120], area: 9600, iscrowd: 0 },
    ],
  };
  const label = { label: 'mug', classId: 0, score: 0.9 };
  const boxes: Box[] = [
    [40, 40, 120, 160],
    [200, 40, 280, 160],
  ];
  const detections = boxes.map((box) => ({ box, ...label, labels: [label] }));
  const named = evaluate(coco, [{ image: 'a.jpg', width: 400, height: 200, detections }]);
  expect(named.coco.AP).toBeCloseTo(1, 10);
  expect(named.classes.map((row) => row.label)).toEqual(['mug', 'jug']);
  expect(named.warnings).toEqual([expect.stringMatching(/^1 category has the name of another/)]);
  const numbered = evaluate(coco, [{ image_id: 1, category_id: 9, bbox: [200, 40, 80, 120], score: 0.9 }]);
  expect(numbered.classes).toHaveLength(3);
});

test('images that share an id are told', () => {
  const images = ['left.png', 'right.png'].map((file_name) => ({ id: 7, file_name, width: 9, height: 9 }));
  const annotations = [{ id: 1, image_id: 7, category_id: 1, bbox: [1, 1, 4, 4], area: 16, iscrowd: 0 }];
  const results = [{ image_id: 7, category_id: 1, bbox: [1, 1, 4, 4], score: 0.5 }];
  const { warnings } = evaluate({ images, annotations, categories: [{ id: 1, name: 'mug' }] }, results);
  expect(warnings).toEqual([expect.stringMatching(/^1 image has the id of another/)]);
});
