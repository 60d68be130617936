import type { CocoDataset, ResultsGiven, TruthGiven } from '../../evaluate/given.js';
import { match } from '../../evaluate/matching/match.js';
import type { DetectionTable } from '../../evaluate/matching/tables.js';
import { cocoTruth } from '../../evaluate/tables/coco-truth.js';
import { datasetTruth } from '../../evaluate/tables/dataset-truth.js';
import { resultSet } from '../../evaluate/tables/result-set.js';
import type { TruthSet } from '../../evaluate/tables/truth-set.js';
import { calibrated } from '../../postprocess/options/calibration.js';
import type { Dataset } from '../../types/annotations.js';
import type { ScoreCalibration } from '../../types/options.js';
import { curveOf } from '../calibration/curve-of.js';
import type { Judged } from './judged.js';

/** Overlap from which a detection is right. */
const FOUND = 0.5;

/** Detections and truth of the same images. */
export interface Evidence {
  truth: TruthSet;
  detections: DetectionTable;
  warnings: string[];
}

/**
 * Brings truth and results together, by the names of their images and labels.
 *
 * @throws SigboxError E_ARGUMENT  no image in common, a field that is missing or no number
 */
export function gather(given: TruthGiven, results: ResultsGiven): Evidence {
  const truth = 'annotations' in given ? cocoTruth(given as CocoDataset) : datasetTruth(given as Dataset);
  const { table, warnings } = resultSet(results, truth);
  return { truth, detections: table, warnings: [...truth.warnings, ...warnings] };
}

/**
 * Finds which detections are right: those that match a truth of their label with an IoU from 0.5 on, best score first. Crowds
 * and difficult ones, and what matches them, count neither for nor against.
 *
 * @param detections   of the evidence's images and classes
 * @param calibration  curves that scores go through first
 */
export function judge({ truth }: Evidence, detections: DetectionTable, calibration: ScoreCalibration = {}): Judged {
  const { table: truths, size, labels, images } = truth;
  const every = { iouThresholds: [FOUND], maxDetections: Number.POSITIVE_INFINITY };
  const { rows, scores, matched, ignored } = match(truths, detections, size, every);
  const counting = Uint32Array.from(rows.keys()).filter((i) => ignored[0]![i] === 0);
  const rowOf = (i: number) => rows[i]!;
  const curves = labels.map((label) => curveOf(calibration, label));
  const score = (i: number) => {
    const curve = curves[detections.classIds[rowOf(i)]!]!;
    const own = Math.fround(scores[i]!); // float32 by origin, and so compared with thresholds
    return curve === null ? own : Math.fround(calibrated(curve, own));
  };
  const places = new Float64Array(4 * counting.length); // [n, 4]
  for (const [k, i] of counting.entries()) places.set(placeOf(detections, rowOf(i), images), 4 * k);
  const wanted = Uint32Array.from(truths.classIds.keys()).filter(
    (row) => !truths.crowds[row] && !truths.difficult[row],
  );
  return {
    images: size.images,
    labels,
    imageIds: counting.map((i) => detections.images[rowOf(i)]!),
    classIds: Uint16Array.from(counting, (i) => detections.classIds[rowOf(i)]!),
    scores: Float64Array.from(counting, score),
    hits: Uint8Array.from(counting, (i) => matched[0]![i]! & 1),
    places,
    truths: {
      imageIds: wanted.map((row) => truths.images[row]!),
      classIds: Uint16Array.from(wanted, (row) => truths.classIds[row]!),
    },
  };
}

/** Centre and size in parts of the image's; of an image whose size nobody knows, 0. */
function placeOf({ boxes, images: imageIds }: DetectionTable, row: number, images: TruthSet['images']): number[] {
  const { width, height } = images[imageIds[row]!]!;
  const [x1, y1, x2, y2] = boxes.subarray(4 * row, 4 * row + 4) as unknown as [number, number, number, number];
  if (!(width > 0 && height > 0)) return [0, 0, 0, 0];
  return [(x1 + x2) / 2 / width, (y1 + y2) / 2 / height, (x2 - x1) / width, (y2 - y1) / height];
}
