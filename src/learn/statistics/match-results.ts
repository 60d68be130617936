import { match } from '../../evaluate/matching/match.js';
import type { DetectionTable } from '../../evaluate/matching/tables.js';
import type { EvaluationTables } from '../../evaluate/tables/evaluation-tables.js';
import type { GroundTruthSet } from '../../evaluate/tables/ground-truth-set.js';
import { calibrated } from '../../postprocess/options/calibration.js';
import type { ScoreCalibration } from '../../types/options.js';
import { labelCurve } from '../calibration/label-curve.js';
import type { MatchedDetections } from './matched-detections.js';

/** IoU from which a detection matches a ground truth. */
const FOUND = 0.5;

/**
 * Marks detections as true or false positives: a true positive matches a ground truth of its label with an IoU of 0.5 or
 * more, best score first. Crowds, difficult ground truths and detections that match them are ignored.
 *
 * @param detections   of the tables's images and classes
 * @param calibration  curves applied to the scores first
 */
export function matchResults(
  { groundTruth }: EvaluationTables,
  detections: DetectionTable,
  calibration: ScoreCalibration = {},
): MatchedDetections {
  const { table: groundTruths, size, labels, images } = groundTruth;
  const every = { iouThresholds: [FOUND], maxDetections: Number.POSITIVE_INFINITY };
  const { rows, scores, matched, ignored } = match(groundTruths, detections, size, every);
  const counting = Uint32Array.from(rows.keys()).filter((i) => ignored[0]![i] === 0);
  const rowOf = (i: number) => rows[i]!;
  const curves = labels.map((label) => labelCurve(calibration, label));
  const score = (i: number) => {
    const curve = curves[detections.classIds[rowOf(i)]!]!;
    const own = Math.fround(scores[i]!); // float32 by origin, and so compared with thresholds
    return curve === null ? own : Math.fround(calibrated(curve, own));
  };
  const places = new Float64Array(4 * counting.length); // [n, 4]
  for (const [k, i] of counting.entries()) places.set(placeOf(detections, rowOf(i), images), 4 * k);
  const wanted = Uint32Array.from(groundTruths.classIds.keys()).filter(
    (row) => !groundTruths.crowds[row] && !groundTruths.difficult[row],
  );
  return {
    images: size.images,
    labels,
    imageIds: counting.map((i) => detections.images[rowOf(i)]!),
    classIds: Uint16Array.from(counting, (i) => detections.classIds[rowOf(i)]!),
    scores: Float64Array.from(counting, score),
    truePositives: Uint8Array.from(counting, (i) => matched[0]![i]! & 1),
    places,
    groundTruths: {
      imageIds: wanted.map((row) => groundTruths.images[row]!),
      classIds: Uint16Array.from(wanted, (row) => groundTruths.classIds[row]!),
    },
  };
}

/** Centre and size as fractions of the image size; 0 if that is unknown. */
function placeOf({ boxes, images: imageIds }: DetectionTable, row: number, images: GroundTruthSet['images']): number[] {
  const { width, height } = images[imageIds[row]!]!;
  const [x1, y1, x2, y2] = boxes.subarray(4 * row, 4 * row + 4) as unknown as [number, number, number, number];
  if (!(width > 0 && height > 0)) return [0, 0, 0, 0];
  return [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
}
