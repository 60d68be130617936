import { COCO_IOU_THRESHOLDS, match } from '../matching/match.js';
import type { DetectionTable, GroundTruthTable, TableSize } from '../matching/tables.js';
import { COCO_AREAS } from './areas.js';
import { meanOf, type Precision, precisionOf } from './precision.js';

/** COCO's summary, numbers in [0, 1]; −1 if there is no ground truth to find, as in pycocotools. */
export interface CocoNumbers {
  /** Average precision: the mean over IoU thresholds 0.5, 0.55 … 0.95 */
  AP: number;
  /** … at IoU 0.5 */
  AP50: number;
  /** … at IoU 0.75 */
  AP75: number;
  /** … of small objects: up to 32² pixels */
  APs: number;
  /** … of medium ones: 32² to 96² pixels */
  APm: number;
  /** … of large ones: from 96² pixels */
  APl: number;
  /** Average recall with one detection per class and image: the mean over IoU thresholds */
  AR1: number;
  /** … with ten */
  AR10: number;
  /** … with a hundred */
  AR100: number;
  /** … with a hundred, of small objects */
  ARs: number;
  /** … of medium ones */
  ARm: number;
  /** … of large ones */
  ARl: number;
}

export interface CocoSummary {
  numbers: CocoNumbers;
  /** [classes] */
  classes: CocoNumbers[];
  /** Of all areas; thresholds are `COCO_IOU_THRESHOLDS`. */
  precision: Precision;
}

const LIMITS = [1, 10, 100];
const THRESHOLDS = COCO_IOU_THRESHOLDS.length;

/** The twelve numbers of COCO, over all classes and for each. Source: COCOeval.summarize of pycocotools. */
export function cocoSummary(groundTruths: GroundTruthTable, detections: DetectionTable, size: TableSize): CocoSummary {
  const matches = match(groundTruths, detections, size, { areaRanges: COCO_AREAS });
  const areas = COCO_AREAS.map((_, area) =>
    precisionOf(matches, { thresholds: THRESHOLDS, area, limits: area === 0 ? LIMITS : LIMITS.slice(-1) }),
  );
  const every = Array.from({ length: size.classes }, (_, classId) => classId);
  return {
    numbers: numbersOf(areas, every, size.classes),
    classes: every.map((classId) => numbersOf(areas, [classId], size.classes)),
    precision: areas[0]!,
  };
}

function numbersOf(areas: Precision[], classIds: number[], classes: number): CocoNumbers {
  const [all, small, medium, large] = areas as [Precision, Precision, Precision, Precision];
  const mean = (values: Float64Array, t?: number) => minusOne(meanOf(valuesOf(values, classIds, classes, t)));
  return {
    AP: mean(all.averages),
    AP50: mean(all.averages, 0),
    AP75: mean(all.averages, 5),
    APs: mean(small.averages),
    APm: mean(medium.averages),
    APl: mean(large.averages),
    AR1: mean(all.recalls[0]!),
    AR10: mean(all.recalls[1]!),
    AR100: mean(all.recalls[2]!),
    ARs: mean(small.recalls[0]!),
    ARm: mean(medium.recalls[0]!),
    ARl: mean(large.recalls[0]!),
  };
}

/** Values [thresholds, classes] of some classes, at one threshold or at all. */
export function* valuesOf(
  values: Float64Array,
  classIds: readonly number[],
  classes: number,
  threshold?: number,
): Generator<number> {
  const [first, last] = threshold === undefined ? [0, values.length / classes - 1] : [threshold, threshold];
  for (let t = first; t <= last; t++) for (const classId of classIds) yield values[t * classes + classId]!;
}

export function minusOne(value: number): number {
  return Number.isNaN(value) ? -1 : value;
}
