import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createDetector } from '../../src/index.js';
import { data, describeWithData } from '../support/data.js';

/** Class, score, and box in pixels of the picture. */
type Found = [classId: number, score: number, ...box: number[]];

/** What a family's own program finds from score 0.5 on; made by test/fixtures/make/photographs.py. */
const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/goldens/photographs.json', import.meta.url), 'utf8'),
) as {
  cases: { model: string; photo: string; detections: Found[] }[];
};

/** Pixels of the picture, and score. */
const BOUNDS = { box: 2, score: 0.02 };
const single = { labels: 'single' } as const;

/** As the programs suppress: Ultralytics and YOLOX take the best class of each row. */
const models: [file: string, { iouThreshold: number; labels?: 'single'; detections: number }][] = [
  ['yolov8n_int8_msh.onnx', { ...single, iouThreshold: 0.7, detections: 85 }],
  ['yolo26n_int8.onnx', { ...single, iouThreshold: 0.7, detections: 60 }],
  ['yolox_nano_416.onnx', { ...single, iouThreshold: 0.45, detections: 67 }],
  ['nanodet_m_hpc203.onnx', { iouThreshold: 0.6, detections: 56 }],
  ['picodet_s_320.onnx', { iouThreshold: 0.6, detections: 82 }],
];

describeWithData('from the photograph to the box, as the family’s own program', () => {
  describe.each(models)('%s', (file, { detections: count, ...options }) => {
    test('finds the same, within 2 pixels and 0.02 in score', async () => {
      const expected = cases.filter(({ model }) => model === file);
      expect(expected.flatMap(({ detections }) => detections)).toHaveLength(count);
      const model = data('models', file);
      await using detector = await createDetector({
        model,
        ...options,
        scoreThreshold: 0.45,
        regionIou: 1,
        workers: 0,
      });
      for (const { photo, detections } of expected) {
        const result = await detector.detect(data('photos', photo));
        const found = result.detections.flatMap(({ box, labels }) =>
          labels.map(({ classId, score }): Found => [classId, score, ...box]),
        );
        expect(
          detections.filter((one) => !found.some((other) => near(one, other))),
          photo,
        ).toEqual([]);
        const certain = found.filter(([, score]) => score >= 0.5 + BOUNDS.score);
        expect(
          certain.filter((one) => !detections.some((other) => near(one, other))),
          photo,
        ).toEqual([]);
      }
    });
  });
});

function near([classId, score, ...box]: Found, [otherClass, otherScore, ...otherBox]: Found): boolean {
  const close = box.every((side, k) => Math.abs(side - otherBox[k]) <= BOUNDS.box);
  return classId === otherClass && Math.abs(score - otherScore) <= BOUNDS.score && close;
}
