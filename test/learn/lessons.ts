import type { Dataset } from '../../src/types/annotations.js';
import type { Box, DetectionResult } from '../../src/types/detections.js';
import { randomNumbers } from '../support/random.js';

/** How a made-up detector sees one label. */
export interface Sight {
  label: string;
  /** Share of images that have one. */
  often: number;
  /** Of those, the share that it finds. */
  found: number;
  /** Scores of right ones are drawn evenly from here to 1; those of wrong ones from 0.05 to `wrongTo`. */
  rightFrom: number;
  wrongTo: number;
}

/** Ground truth, and results of a detector whose faults are known; one object of each label and image at most. */
export function madeLesson(
  images: number,
  sights: readonly Sight[],
  seed = 1,
): { groundTruth: Dataset; results: DetectionResult[] } {
  const random = randomNumbers(seed);
  const groundTruth: Dataset = { labels: sights.map(({ label }) => label), images: [] };
  const results: DetectionResult[] = [];
  for (let i = 0; i < images; i++) {
    const [regions, detections]: [Dataset['images'][number]['regions'], DetectionResult['detections']] = [[], []];
    for (const [classId, { label, often, found, rightFrom, wrongTo }] of sights.entries()) {
      const box: Box = [100 * classId, 0, 100 * classId + 50, 50];
      const wrong: Box = [100 * classId, 60, 100 * classId + 50, 90];
      const add = (where: Box, from: number, to: number) => {
        const score = Math.fround(from + random() * (to - from));
        detections.push({ box: where, label, classId, score, labels: [{ label, classId, score }] });
      };
      const isThere = random() < often;
      if (isThere) regions.push({ box, labels: [{ label }] });
      if (isThere && random() < found) add(box, rightFrom, 1);
      if (random() < 0.5) add(wrong, 0.05, wrongTo);
    }
    const place = { image: `${i}.jpg`, width: 100 * sights.length, height: 100 };
    groundTruth.images.push({ ...place, regions });
    results.push({ ...place, detections: detections.sort((a, b) => b.score - a.score) });
  }
  return { groundTruth, results };
}
