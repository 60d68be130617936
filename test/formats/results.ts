import type { Box, DetectionResult } from '../../src/types/detections.js';

export const labels = [null, 'person', 'car', null, 'truck'];

/** A region's box, and the class number and score of each of its labels. */
type Region = [box: Box, ...labels: [classId: number, score: number][]];

export function resultOf(image: string | null, ...regions: Region[]): DetectionResult {
  const detections = regions.map(([box, ...given]) => {
    const found = given.map(([classId, score]) => ({ label: labels[classId]!, classId, score: Math.fround(score) }));
    return { box, ...found[0], labels: found };
  });
  return { image, width: 640, height: 480, detections };
}
