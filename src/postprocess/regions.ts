import type { Box, Detection, LabelScore } from '../types.js';
import { iou } from './suppress.js';

/** A kept detection before regions are formed. */
export interface LabelledBox extends LabelScore {
  box: Box;
  /** Row of the head's output that it came from. */
  row: number;
}

/**
 * Joins detections of different labels that are the same place into regions.
 *
 * Two detections are the same place when they come from the same row of the head, or when their IoU is ≥ regionIou.
 * Each detection, highest score first, joins the region of its row, else the region it overlaps most, as long as that
 * region does not have its label yet; else it starts a region, which keeps its box.
 *
 * @param detections  highest score first. Not changed.
 * @param regionIou   in (0, 1]; 1 joins only equal boxes and equal rows.
 * @returns regions, highest score first; the labels of each, highest first.
 */
export function joinRegions(detections: readonly LabelledBox[], regionIou: number): Detection[] {
  const regions: Region[] = [];
  for (const { row, box, ...label } of detections) {
    const region = placeOf(regions, row, box, label.classId, regionIou);
    if (region === null) regions.push({ row, box, labels: [label] });
    else region.labels.push(label);
  }
  return regions.map(({ box, labels }) => ({ box, ...labels[0]!, labels }));
}

interface Region {
  row: number;
  box: Box;
  labels: LabelScore[];
}

function placeOf(regions: Region[], row: number, box: Box, classId: number, regionIou: number): Region | null {
  let best: Region | null = null;
  let highest = 0;
  for (const region of regions) {
    if (region.labels.some((label) => label.classId === classId)) continue;
    const overlap = region.row === row ? Number.POSITIVE_INFINITY : iou(region.box, 0, box, 0);
    if (overlap >= regionIou && overlap > highest) {
      best = region;
      highest = overlap;
    }
  }
  return best;
}
