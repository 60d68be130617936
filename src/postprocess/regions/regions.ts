import type { Box, Detection, LabelScore } from '../../types/detections.js';
import { iou } from '../suppress/measures.js';

/** A kept detection before regions are formed. */
export interface LabelledBox extends LabelScore {
  box: Box;
  /** Row of the head's output that it came from; of a fused box, that of the best it was made of. */
  row: number;
  /** Of a fused box: the rows of all that it was made of. */
  fusedRows?: readonly number[];
}

/**
 * Joins detections of different labels that are the same place into regions.
 *
 * Two detections are the same place when they come from the same row of the head, or when their IoU is ≥ regionIou. A
 * fused box comes from its best row, and another has the same row if that one was made of it, or the other way round.
 * Each detection, highest score first, joins the region of its row, else the region it overlaps most, as long as that
 * region does not have its label yet; else it starts a region, which keeps its box.
 *
 * @param detections  highest score first. Not changed.
 * @param regionIou   in (0, 1]; 1 joins only equal boxes and equal rows.
 * @returns regions, highest score first; the labels of each, highest first.
 */
export function joinRegions(detections: readonly LabelledBox[], regionIou: number): Detection[] {
  const regions: Region[] = [];
  for (const detection of detections) {
    const { label, classId, score } = detection;
    const region = regionFor(regions, detection, regionIou);
    if (region === null) regions.push({ first: detection, labels: [{ label, classId, score }] });
    else region.labels.push({ label, classId, score });
  }
  return regions.map(({ first: { box, label, classId, score }, labels }) => ({ box, label, classId, score, labels }));
}

interface Region {
  first: LabelledBox;
  labels: LabelScore[];
}

function regionFor(regions: Region[], detection: LabelledBox, regionIou: number): Region | null {
  let best: Region | null = null;
  let highest = 0;
  for (const region of regions) {
    if (region.labels.some(({ classId }) => classId === detection.classId)) continue;
    const together = ofOneRow(region.first, detection);
    const overlap = together ? Number.POSITIVE_INFINITY : iou(region.first.box, detection.box);
    if (overlap >= regionIou && overlap > highest) {
      best = region;
      highest = overlap;
    }
  }
  return best;
}

function ofOneRow(a: LabelledBox, b: LabelledBox): boolean {
  return a.row === b.row || a.fusedRows?.includes(b.row) === true || b.fusedRows?.includes(a.row) === true;
}
