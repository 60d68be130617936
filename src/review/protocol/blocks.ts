import { shortestFloat32 } from '../../text/json-number.js';
import type { Box, Detection, LabelScore } from '../../types/detections.js';

/** Images of a run that travel together. */
export const BLOCK_ROWS = 256;

/** What is known of an image, in bits. */
export const FAILED = 1;
export const DAMAGED = 2;

/** The images of a block with their recorded regions, as columns. */
export interface RegionsBlock {
  /** [rows] pixels; 0: the image failed */
  widths: Uint32Array;
  heights: Uint32Array;
  /** [rows] bits */
  flags: Uint8Array;
  /** [rows + 1] where the regions of each image begin */
  regionStarts: Uint32Array;
  /** [regions, 4] xyxy, image pixels */
  boxes: Float32Array;
  /** [regions + 1] where the labels of each region begin */
  labelStarts: Uint32Array;
  /** [labels] */
  classIds: Uint16Array;
  /** [labels] */
  scores: Float32Array;
}

/** What the model saw in the images of a block. */
export interface CandidatesBlock {
  /** [rows + 1] where the candidates of each image begin, bytes; none: they were not recorded */
  starts: Uint32Array;
  /** Blocks as in candidates.bin, without names. */
  bytes: Uint8Array;
}

/** One image on its way into a block. */
export interface BlockImage {
  width: number;
  height: number;
  flags: number;
  detections: readonly Detection[];
}

/** @param classOf  number of a label; below 0: the run does not know it, and the label is left out */
export function regionsBlock(images: readonly BlockImage[], classOf: (label: LabelScore) => number): RegionsBlock {
  const [boxes, classIds, scores]: number[][] = [[], [], []];
  const [regionStarts, labelStarts] = [[0], [0]];
  for (const { detections } of images) {
    for (const { box, labels } of detections) {
      const known = labels.filter((label) => classOf(label) >= 0);
      if (known.length === 0) continue;
      boxes!.push(...box);
      for (const label of known) {
        classIds!.push(classOf(label));
        scores!.push(label.score);
      }
      labelStarts.push(scores!.length);
    }
    regionStarts.push(labelStarts.length - 1);
  }
  return {
    widths: Uint32Array.from(images, ({ width }) => width),
    heights: Uint32Array.from(images, ({ height }) => height),
    flags: Uint8Array.from(images, ({ flags }) => flags),
    regionStarts: Uint32Array.from(regionStarts),
    boxes: Float32Array.from(boxes!),
    labelStarts: Uint32Array.from(labelStarts),
    classIds: Uint16Array.from(classIds!),
    scores: Float32Array.from(scores!),
  };
}

/**
 * The recorded regions of an image, with the very numbers that the record has.
 *
 * @param row     in the block
 * @param labels  by class number
 */
export function detectionsAt(block: RegionsBlock, row: number, labels: readonly (string | null)[]): Detection[] {
  const { regionStarts, labelStarts, boxes, classIds, scores } = block;
  const detections: Detection[] = [];
  for (let region = regionStarts[row]!; region < regionStarts[row + 1]!; region++) {
    const own: LabelScore[] = [];
    for (let i = labelStarts[region]!; i < labelStarts[region + 1]!; i++) {
      const classId = classIds[i]!;
      own.push({ label: labels[classId] ?? '', classId, score: shortestFloat32(scores[i]!) });
    }
    const box = Array.from(boxes.subarray(4 * region, 4 * region + 4), shortestFloat32) as Box;
    detections.push({ box, ...own[0]!, labels: own });
  }
  return detections;
}
