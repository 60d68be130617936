import type { CocoId } from '../types/annotations.js';
import type { CocoNumbers } from './metrics/coco.js';
import type { ErrorCosts } from './metrics/error-costs.js';
import type { LabelSetEvaluation } from './metrics/label-sets.js';
import type { LvisNumbers } from './metrics/lvis.js';
import type { OpenImagesNumbers } from './metrics/open-images.js';
import type { ReliabilityBin } from './metrics/reliability.js';
import type { BestThreshold, Counts, MacroRates, Rates, ThresholdCurve } from './metrics/score-counts.js';
import type { VocNumbers } from './metrics/voc.js';

/** How detections compare with ground truth. */
export interface Evaluation {
  images: number;
  /** Without crowds and difficult ground truths. */
  groundTruths: number;
  detections: number;
  coco: CocoNumbers;
  /** COCO's numbers with all labels treated as one: are objects found, whatever their label? */
  classAgnostic: CocoNumbers;
  voc: VocNumbers;
  /** Null: the ground truth is not federated. */
  lvis: LvisNumbers | null;
  /** Null: the ground truth doesn't say which labels were looked for in an image. */
  openImages: OpenImagesNumbers | null;
  /** Thresholds of `micro`, `macro`, `confusion` and `errors`. */
  iouThreshold: number;
  scoreThreshold: number;
  /** All labels together. */
  micro: Counts & Rates & { best: BestThreshold | null };
  /** Means over labels with ground truths. */
  macro: MacroRates & { best: BestThreshold | null };
  /** In the order of category ids; without ids, in the order of the ground truth's labels. */
  classes: ClassEvaluation[];
  confusion: Confusion;
  errors: ErrorCosts;
  /** Objects with all their labels, at `iouThreshold` and over the score thresholds. */
  labelSets: LabelSetEvaluation;
  curves: Curves;
  /** Odd entries of ground truth and results, one line each. */
  warnings: string[];
}

export interface ClassEvaluation extends CocoNumbers, Counts, Rates {
  label: string;
  /** Only if the ground truth has ids. */
  categoryId?: CocoId;
  /** Without crowds and difficult ground truths. */
  groundTruths: number;
  detections: number;
  scoreThreshold: number;
  best: BestThreshold | null;
  voc: VocNumbers;
}

export interface Confusion {
  /** Of rows (ground truth) and columns (detections); the last is background. */
  labels: string[];
  counts: number[][];
}

export interface Curves {
  /** Means over labels with ground truths: the highest precision at each recall or above. Empty: no such label. */
  precision: { recall: number[]; iou50: number[]; iou75: number[]; iou50to95: number[] };
  thresholds: ThresholdCurve;
  reliability: ReliabilityBin[];
}
