import type { CocoDetection, CocoGroundTruth } from '../reference/coco-match.js';
import { randomNumbers } from './random.js';

export interface RandomCoco {
  groundTruths: CocoGroundTruth[];
  detections: CocoDetection[];
  size: { images: number; classes: number };
}

/**
 * Ground truths, among them crowds and one with id 0, and detections near them and elsewhere; boxes on a coarse grid and few
 * different scores, so that equal overlaps and equal scores are common; empty boxes, images and classes.
 */
export function randomCoco(seed: number, { images = 6, classes = 3, perImage = 12 } = {}): RandomCoco {
  const random = randomNumbers(seed);
  const whole = (n: number) => Math.floor(random() * n);
  const bboxOf = () => [5 * whole(30), 5 * whole(30), 5 * whole(30), 5 * whole(30)];
  const groundTruths = Array.from({ length: images * perImage }, (_, id): CocoGroundTruth => {
    const bbox = bboxOf();
    const area = random() < 0.8 ? bbox[2] * bbox[3] * (0.5 + random() / 2) : bbox[2] * bbox[3];
    const place = { image_id: whole(images - 1), category_id: whole(classes - 1) };
    return { id, ...place, bbox, area, iscrowd: random() < 0.15 ? 1 : 0 };
  });
  const detections = Array.from({ length: 3 * images * perImage }, (): CocoDetection => {
    const near = groundTruths[whole(groundTruths.length)];
    const bbox = random() < 0.7 ? near.bbox.map((side) => Math.max(0, side + 5 * (whole(3) - 1))) : bboxOf();
    const own = random() < 0.8;
    const image_id = own ? near.image_id : whole(images);
    return { image_id, category_id: own ? near.category_id : whole(classes), bbox, score: whole(20) / 20 };
  });
  return { groundTruths, detections, size: { images, classes } };
}
