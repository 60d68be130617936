import type { Detection, DetectionResult } from '../types/detections.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates, PostprocessPlan } from '../types/plan.js';
import { type Find, suppressBestFirst } from './best-first.js';
import { labelRegions } from './regions/label-regions.js';
import { restoreDetections } from './regions/restore-detections.js';

/** What post-processing says of an image. */
export type ImageDetections = Pick<DetectionResult, 'width' | 'height' | 'detections' | 'notes'>;

/** From candidates to regions in the image. The pipeline has the same steps among its own. */
export function detectionsOf(find: Find, geometry: Geometry, plan: PostprocessPlan): ImageDetections {
  const suppressed = suppressBestFirst(find, plan);
  const boxes = restoreDetections(suppressed, geometry, plan);
  const detections = labelRegions(boxes, plan);
  return imageDetections(detections, suppressed.candidates, geometry, plan);
}

/** Detections with the size of their image, and with notes where something was left out. */
export function imageDetections(
  detections: Detection[],
  candidates: Candidates,
  { imageWidth: width, imageHeight: height }: Geometry,
  plan: PostprocessPlan,
): ImageDetections {
  const notes = notesOf(candidates.total ?? candidates.scores.length, plan);
  return notes.length === 0 ? { width, height, detections } : { width, height, detections, notes };
}

function notesOf(found: number, { maxCandidates }: PostprocessPlan): string[] {
  if (found <= maxCandidates) return [];
  const cut = found - maxCandidates;
  return [
    `maxCandidates: ${cut} of ${found} candidates were cut; the ${maxCandidates} with the highest scores were looked at.`,
  ];
}
