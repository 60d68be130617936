import type { BoxTable, DetectionTable, TruthTable } from '../../src/evaluate/matching/tables.js';
import type { CocoDetection, CocoTruth } from '../reference/coco-match.js';

/** Columns of COCO rows whose image and category ids are themselves the numbers of images and classes. */
export function truthTable(truths: CocoTruth[]): TruthTable {
  return {
    ...boxTable(truths),
    areas: Float64Array.from(truths, ({ area }) => area),
    crowds: Uint8Array.from(truths, ({ iscrowd }) => iscrowd ?? 0),
    difficult: new Uint8Array(truths.length),
    unnumbered: Uint8Array.from(truths, ({ id }) => (id === 0 ? 1 : 0)),
  };
}

export function detectionTable(detections: CocoDetection[]): DetectionTable {
  return {
    ...boxTable(detections),
    scores: Float64Array.from(detections, ({ score }) => score),
    lenient: new Uint8Array(detections.length),
  };
}

function boxTable(rows: (CocoTruth | CocoDetection)[]): BoxTable {
  return {
    images: Uint32Array.from(rows, (row) => row.image_id),
    classIds: Uint32Array.from(rows, (row) => row.category_id),
    boxes: Float64Array.from(rows.flatMap(({ bbox: [x, y, width, height] }) => [x, y, x + width, y + height])),
    boxAreas: Float64Array.from(rows, ({ bbox: [, , width, height] }) => width * height),
  };
}
