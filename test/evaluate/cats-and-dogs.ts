import type { CocoDataset, CocoResult } from '../../src/columns/parsed-coco.js';
import type { AnnotatedRegion } from '../../src/types/annotations.js';
import type { Box } from '../../src/types/detections.js';

/** Two images with one box each: a dog, and a cat. */
export const groundTruth = (changes: Partial<CocoDataset> = {}): CocoDataset => ({
  images: [
    { id: 7, file_name: 'b/7.jpg', width: 100, height: 100 },
    { id: 3, file_name: 'a/3.jpg', width: 100, height: 100 },
  ],
  annotations: [
    { id: 1, image_id: 7, category_id: 2, bbox: [0, 0, 10, 10] },
    { id: 2, image_id: 3, category_id: 1, bbox: [20, 0, 10, 10] },
  ],
  categories: [
    { id: 2, name: 'dog' },
    { id: 1, name: 'cat' },
  ],
  ...changes,
});
/** The dog; the cat as a dog, then as itself; and nothing taken for a cat. */
export const results: CocoResult[] = [
  { image_id: 7, category_id: 2, bbox: [0, 0, 10, 10], score: 0.9 },
  { image_id: 3, category_id: 2, bbox: [20, 0, 10, 10], score: 0.8 },
  { image_id: 3, category_id: 1, bbox: [20, 0, 10, 8], score: 0.4 },
  { image_id: 3, category_id: 1, bbox: [60, 0, 10, 10], score: 0.3 },
];
/** A box with one label, of ground truth where it has no score. */
export const region = (
  box: Box,
  label: string,
  score?: number,
  more: Partial<AnnotatedRegion> = {},
): AnnotatedRegion => ({
  box,
  labels: [score === undefined ? { label } : { label, score }],
  ...more,
});
export const image = (name: string, regions: AnnotatedRegion[]) => ({ image: name, width: 100, height: 100, regions });

/** As a detector gives it: the labels of a box, the best first. */
export function detection(box: Box, ...labels: [label: string, score: number][]) {
  const all = labels.map(([label, score]) => ({ label, score, classId: 0 }));
  return { box, ...all[0], labels: all };
}
