import type { BoxTable, DetectionTable, GroundTruthTable } from '../../src/evaluate/matching/tables.js';
import type { CocoDetection, CocoGroundTruth } from '../reference/coco-match.js';

/** Columns of COCO rows whose image and category ids are themselves the numbers of images and classes. */
export function groundTruthTable(groundTruths: CocoGroundTruth[]): GroundTruthTable {
  return {
    ...boxTable(groundTruths),
    areas: Float64Array.from(groundTruths, ({ area }) => area),
    crowds: Uint8Array.from(groundTruths, ({ iscrowd }) => iscrowd ?? 0),
    difficult: new Uint8Array(groundTruths.length),
    zeroIds: Uint8Array.from(groundTruths, ({ id }) => (id === 0 ? 1 : 0)),
  };
}

export function detectionTable(detections: CocoDetection[]): DetectionTable {
  return {
    ...boxTable(detections),
    scores: Float64Array.from(detections, ({ score }) => score),
    ignoreUnmatched: new Uint8Array(detections.length),
  };
}

function boxTable(rows: (CocoGroundTruth | CocoDetection)[]): BoxTable {
  return {
    images: Uint32Array.from(rows, (row) => row.image_id),
    classIds: Uint32Array.from(rows, (row) => row.category_id),
    boxes: Float64Array.from(rows.flatMap(({ bbox: [x, y, width, height] }) => [x, y, x + width, y + height])),
    boxAreas: Float64Array.from(rows, ({ bbox: [, , width, height] }) => width * height),
  };
}
