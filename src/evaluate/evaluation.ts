import type { CocoId } from './given.js';
import type { CocoNumbers } from './metrics/coco.js';
import type { ErrorCosts } from './metrics/error-costs.js';
import type { LvisNumbers } from './metrics/lvis.js';
import type { ReliabilityBin } from './metrics/reliability.js';
import type { BestThreshold, Counts, MacroRates, Rates, ThresholdCurve } from './metrics/score-counts.js';
import type { VocNumbers } from './metrics/voc.js';

/** What detections are worth. */
export interface Evaluation {
  images: number;
  /** Without crowds and difficult ones. */
  truths: number;
  detections: number;
  coco: CocoNumbers;
  /** The same with all labels taken for one: whether things are found, whatever they are called. */
  classAgnostic: CocoNumbers;
  voc: VocNumbers;
  /** Null: everything is marked in every image of the truth. */
  lvis: LvisNumbers | null;
  /** The thresholds that `micro`, `macro`, `confusion` and `errors` are at. */
  iouThreshold: number;
  scoreThreshold: number;
  /** All labels together. */
  micro: Counts & Rates & { best: BestThreshold | null };
  /** The means over labels that have truths. */
  macro: MacroRates & { best: BestThreshold | null };
  /** In the order of the truth's category ids, or of its labels where it has none. */
  classes: ClassEvaluation[];
  confusion: Confusion;
  errors: ErrorCosts;
  curves: Curves;
  /** What is odd about the truth and the results, one line each. */
  warnings: string[];
}

export interface ClassEvaluation extends CocoNumbers, Counts, Rates {
  label: string;
  /** Only where the truth has ids. */
  categoryId?: CocoId;
  /** Without crowds and difficult ones. */
  truths: number;
  detections: number;
  scoreThreshold: number;
  best: BestThreshold | null;
  voc: VocNumbers;
}

export interface Confusion {
  /** Of rows (truth) and columns (detections); the last is the background. */
  labels: string[];
  counts: number[][];
}

export interface Curves {
  /** Means over labels that have truths: the highest precision from each recall on. Empty: there are none. */
  precision: { recall: number[]; iou50: number[]; iou75: number[]; iou50to95: number[] };
  thresholds: ThresholdCurve;
  reliability: ReliabilityBin[];
}
