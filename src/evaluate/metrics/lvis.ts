import { COCO_IOU_THRESHOLDS, match } from '../matching/match.js';
import { gather, orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { type DetectionTable, type GroundTruthTable, someRows, type TableSize } from '../matching/tables.js';
import type { Federated } from '../tables/ground-truth-set.js';
import { COCO_AREAS } from './areas.js';
import { minusOne, valuesOf } from './coco.js';
import { meanOf, type Precision, precisionOf } from './precision.js';

/** LVIS's numbers, in [0, 1]; −1 if there is no ground truth to find. Named as in CocoNumbers; r, c, f: rare, common, frequent labels. */
export interface LvisNumbers {
  AP: number;
  AP50: number;
  AP75: number;
  APs: number;
  APm: number;
  APl: number;
  APr: number;
  APc: number;
  APf: number;
  AR300: number;
  ARs: number;
  ARm: number;
  ARl: number;
}

const MAX_PER_IMAGE = 300;
const THRESHOLDS = COCO_IOU_THRESHOLDS.length;

/**
 * Average precision for federated ground truth, where images are annotated for some labels only. A detection counts if its
 * label is annotated in its image or listed as absent there; where a label is not annotated exhaustively, unmatched
 * detections are ignored. At most 300 detections per image, over all labels.
 *
 * Source: LVISEval and LVISResults of lvis 0.5.3 (https://github.com/lvis-dataset/lvis-api).
 */
export function lvisNumbers(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  size: TableSize,
  federated: Federated,
): LvisNumbers {
  const matched = countedDetections(groundTruths, bestOfImages(detections), federated);
  const each = { ...groundTruths, crowds: new Uint8Array(groundTruths.crowds.length) }; // LVIS has no crowds
  const matches = match(each, matched, size, { areaRanges: COCO_AREAS, maxDetections: MAX_PER_IMAGE });
  const areas = COCO_AREAS.map((_, area) =>
    precisionOf(matches, { thresholds: THRESHOLDS, area, limits: [MAX_PER_IMAGE] }),
  ) as [Precision, Precision, Precision, Precision];
  const every = [...federated.frequencies.keys()];
  const mean = (values: Float64Array, threshold?: number, classIds = every) =>
    minusOne(meanOf(valuesOf(values, classIds, size.classes, threshold)));
  const [all, small, medium, large] = areas;
  const of = (frequency: string) => every.filter((classId) => federated.frequencies[classId] === frequency);
  return {
    AP: mean(all.averages),
    AP50: mean(all.averages, 0),
    AP75: mean(all.averages, 5),
    APs: mean(small.averages),
    APm: mean(medium.averages),
    APl: mean(large.averages),
    APr: mean(all.averages, undefined, of('rare')),
    APc: mean(all.averages, undefined, of('common')),
    APf: mean(all.averages, undefined, of('frequent')),
    AR300: mean(all.recalls[0]!),
    ARs: mean(small.recalls[0]!),
    ARm: mean(medium.recalls[0]!),
    ARl: mean(large.recalls[0]!),
  };
}

/** The highest-scoring detections of each image. Images with fewer keep their order, which decides ties. */
function bestOfImages(detections: DetectionTable): DetectionTable {
  const { images, scores } = detections;
  const byImage = orderBy(rowNumbers(scores.length), images);
  const byScore = orderBy(orderByScore(rowNumbers(scores.length), scores), images);
  const kept: number[] = [];
  for (let start = 0; start < byImage.length; ) {
    let end = start + 1;
    while (end < byImage.length && images[byImage[end]!] === images[byImage[start]!]) end++;
    const rows =
      end - start > MAX_PER_IMAGE ? byScore.subarray(start, start + MAX_PER_IMAGE) : byImage.subarray(start, end);
    kept.push(...rows);
    start = end;
  }
  return someRows(detections, Uint32Array.from(kept));
}

/** Detections of labels that their image is annotated for; ignored when unmatched if that is not exhaustive. */
function countedDetections(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  { absent, incomplete }: Federated,
): DetectionTable {
  const present = absent.map(() => new Set<number>());
  for (let i = 0; i < groundTruths.images.length; i++) present[groundTruths.images[i]!]!.add(groundTruths.classIds[i]!);
  const rows = rowNumbers(detections.scores.length).filter((row) => {
    const [image, classId] = [detections.images[row]!, detections.classIds[row]!];
    return present[image]!.has(classId) || absent[image]!.has(classId);
  });
  const matched = someRows(detections, rows);
  const images = gather(detections.images, rows);
  matched.ignoreUnmatched = Uint8Array.from(rows, (row, i) =>
    incomplete[images[i]!]!.has(detections.classIds[row]!) ? 1 : 0,
  );
  return matched;
}
