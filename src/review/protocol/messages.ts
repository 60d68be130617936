import type { ErrorKind } from '../../evaluate/metrics/error-kinds.js';
import type { Counts, MacroRates, Rates, ThresholdCurve } from '../../evaluate/metrics/score-counts.js';
import type { Box, Detection } from '../../types/detections.js';
import type { Corrections, PageInfo } from './info.js';
import type { Knobs } from './knobs.js';
import type { KnobView } from './view.js';

/** What the page asks of a worker. */
export type Request =
  | {
      type: 'open';
      info: PageInfo;
      groundTruth: ArrayBuffer | null;
      pairs: ArrayBuffer | null;
      corrections: Corrections;
    }
  | { type: 'block'; run: number; block: number; regions: ArrayBuffer; candidates: ArrayBuffer | null }
  | { type: 'drop'; run: number; block: number }
  | { type: 'corrected'; row: number; corrections: Corrections }
  | { type: 'show'; id: number; knobs: Knobs; rows: number[]; judged: boolean; inspected: number | null }
  | { type: 'count'; id: number; knobs: Knobs; view: KnobView; patches: boolean };

/** What a worker tells the page. */
export type Reply =
  | { type: 'shown'; id: number; images: ShownImage[] }
  | { type: 'counted'; id: number; numbers: Numbers }
  | { type: 'ordered'; id: number; order: Order }
  | { type: 'confused'; id: number; confusion: ConfusionRows | null }
  | { type: 'failed'; message: string };

/** An image with what is visible in it. */
export interface ShownImage {
  row: number;
  width: number;
  height: number;
  flags: number;
  detections: Detection[];
  /** Whether a person made the detections what they are. */
  corrected: boolean;
  /** Only where it was asked for, and the ground truth has the image. */
  judged: JudgedImage | null;
  /** What the run that is compared with shows of the image; null: there is none, or it does not have the image. */
  rival: Detection[] | null;
  /** What the model saw, of the one image that it was asked of; null: that was not recorded. */
  candidates: InspectedCandidate[] | null;
}

/** A place that the model saw, and what became of it. */
export interface InspectedCandidate {
  box: Box;
  /** Number of the visible detection that it is; −1: none. */
  region: number;
  /** Highest score first. */
  labels: { label: string; classId: number; score: number; threshold: number; reaches: boolean }[];
  /** The visible detection that suppresses it; null: none does. */
  rival: { region: number; overlap: number } | null;
}

export interface JudgedImage {
  groundTruth: { box: Box; label: string; found: boolean; ignored: boolean }[];
  /** By detection, then by label: null where it finds its ground truth, or does not count. */
  errors: (Exclude<ErrorKind, 'missed'> | null)[][];
}

export interface Numbers {
  /** Images that the numbers are of; `exact`: all of the run. */
  images: number;
  exact: boolean;
  /** [labels] how many are visible */
  visible: Uint32Array;
  regions: number;
  /** Images with a visible region. */
  withRegions: number;
  /** [20] scores from the floor on, whether visible or not, in twentieths of 1 */
  histogram: Uint32Array;
  /** How many images are not certain, because candidates that matter were not recorded; and why, of one of them. */
  doubts: { images: number; why: string } | null;
  judgement: Judgement | null;
}

/** [labels + 1][labels + 1]: rows ground truth, columns detections, the last is the background */
export type ConfusionRows = number[][];

/** What detections are worth against ground truth, at some thresholds. */
export interface Judgement {
  micro: Counts & Rates;
  macro: MacroRates;
  /** By label of the ground truth. */
  classes: (Counts & Rates)[];
  curve: ThresholdCurve;
}

/** Rows of the images that a view has, or of the regions, in their order. */
export interface Order {
  rows: Uint32Array;
  /** With patches: the class of each, its box and score; regions of one label follow each other. */
  patches: { classIds: Uint16Array; scores: Float32Array; boxes: Float32Array } | null;
  /** Images that could be looked at so far. */
  images: number;
}
