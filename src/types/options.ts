/** What a user may ask for; every option has a default. */

import type { LabelMap, Provider } from './model.js';

/**
 * A monotone curve from a model's scores to the share of detections that are right. 'temperature': σ(logit(s) /
 * temperature); 'platt': σ(slope · logit(s) + intercept); 'isotonic': straight lines from (0, 0) through the points to
 * (1, 1).
 */
export type Calibration =
  | { kind: 'temperature'; temperature: number }
  | { kind: 'platt'; slope: number; intercept: number }
  | { kind: 'isotonic'; scores: number[]; calibrated: number[] };

/** Calibration of a model's scores, by label. */
export interface ScoreCalibration {
  /** For labels that `labels` does not name. Default: their scores stay as they are */
  shared?: Calibration;
  labels?: Record<string, Calibration>;
}

/**
 * How candidates that stand for one object become one. 'nms': the best goes first, and what overlaps it goes away.
 * 'soft-linear', 'soft-gaussian': what overlaps it loses score. 'matrix-linear', 'matrix-gaussian': the same for all at
 * once. 'wbf': what overlaps is averaged. 'nmw': what overlaps the best is averaged into it. 'none': all stay.
 */
export type Suppression = (typeof SUPPRESSIONS)[number];

export const SUPPRESSIONS = [
  'nms',
  'soft-linear',
  'soft-gaussian',
  'matrix-linear',
  'matrix-gaussian',
  'wbf',
  'nmw',
  'none',
] as const;

/** How much two boxes overlap. 'ios': intersection over the smaller area. */
export type OverlapMeasure = 'iou' | 'giou' | 'diou' | 'ciou' | 'ios';

/** The score of boxes that were fused: the mean of theirs, or the highest. */
export type FusedScore = 'avg' | 'max';

/**
 * How scores become detections; every option has a default. A label may be named by its class number as well; overlaps
 * are those of `measure`. Sources: docs/options.md.
 */
export interface PostprocessOptions {
  /**
   * The defaults of all that is not given. 'use': what is to be shown or written. 'evaluation': what average precision
   * is measured on: score 0.001, IoU 0.6, 100 detections, regions of equal boxes only. Default 'use'
   */
  preset?: 'use' | 'evaluation';
  /** Score from which a label counts, in [0, 1]. Default 0.35 */
  scoreThreshold?: number;
  /** Label → its own score threshold, in place of `scoreThreshold`. Default none */
  labelThresholds?: Record<string, number>;
  /** In [0, 1]; of two rivals that overlap more, the one with the lower score goes. Default 0.5 */
  iouThreshold?: number;
  /** Label → its own `iouThreshold`, for boxes of the label that may have to go. Default none */
  labelIouThresholds?: Record<string, number>;
  /** 'multi': every label over its threshold; 'single': only the best label of each row of the head. Default 'multi' */
  labels?: 'multi' | 'single';
  /** Only these labels. Default all */
  include?: string[];
  /** Not these labels; wins over `include`. Default none */
  exclude?: string[];
  /** How rivals are dealt with. Models that have done it in their graph skip it. Default 'nms' */
  suppression?: Suppression;
  /** Default 'iou' */
  measure?: OverlapMeasure;
  /** Exponent of the distance in 'diou', above 0. Default 1 */
  diouBeta?: number;
  /**
   * Which boxes are rivals: those of one 'class', 'all', or those of one group of labels, as [['car', 'truck'], …]; a
   * label outside all groups is one by itself. Default 'class'
   */
  scope?: 'class' | 'all' | string[][];
  /** Of the gaussian methods, above 0: a score is multiplied by e^(−overlap² / sigma). Default 0.5 */
  sigma?: number;
  /** With 'wbf'. Default 'avg' */
  fusedScore?: FusedScore;
  /** Positive integer: only so many candidates, those with the highest scores, are looked at. Default 30000 */
  maxCandidates?: number;
  /** Positive integer: at most so many labels over all regions of an image. Default 300 */
  maxDetections?: number;
  /** Positive integer: at most so many of each label. Default no limit */
  maxPerClass?: number;
  /** Pixels of the image: a box counts when its shorter side has at least so many inside the image. Default 0 */
  minSide?: number;
  /** Pixels of the image: a box counts when its longer side has at most so many inside the image. Default no limit */
  maxSide?: number;
  /** Square pixels of the image, as `minSide`. Default 0 */
  minArea?: number;
  /** Square pixels of the image, as `maxSide`. Default no limit */
  maxArea?: number;
  /** In (0, 1]: IoU from which boxes of different labels are one region. Default 0.9 */
  regionIou?: number;
  /** Curves that scores go through first of all: thresholds and results are in calibrated scores. Default none */
  calibration?: ScoreCalibration;
}

/** How an image becomes detections; every option has a default. */
export interface DetectOptions extends PostprocessOptions {
  /** Colour that shows through transparent pixels, #rrggbb. Default '#ffffff' */
  background?: string;
  /** Use the part of a damaged image that can be decoded, and say so in the result's `damage`. Default false */
  lenient?: boolean;
}

export interface DetectCallOptions extends DetectOptions {
  /** On abort the promise rejects with the signal's reason, and an image that no worker has begun never is. */
  signal?: AbortSignal;
}

export interface DetectAllOptions extends DetectCallOptions {
  /** What becomes of an image that fails. Default 'throw' */
  errors?: 'throw' | 'yield';
}

export interface DetectorOptions extends DetectOptions {
  /** Path of an ONNX model. Default: the built-in SSDLite MobileNet v2 with COCO's labels */
  model?: string | URL;
  /** A ModelSpec, or parts of one: they win over what is found out about the model. */
  spec?: unknown;
  /** Width and height of the model's input, pixels, where the model leaves it open and the spec names no other. */
  size?: [width: number, height: number];
  /**
   * File with the names of the classes: one per line, JSON, or a data.yaml. Not beside a spec that has labels. Default: what
   * the model says
   */
  labelsFile?: string | URL;
  /**
   * What becomes of the model's labels: a map, the path or file URL of a JSON or YAML file with one, or the name of a ready
   * one, as coco-to-voc. All other options name labels as it leaves them.
   */
  map?: string | URL | LabelMap;
  /** What runs the model: the processor, or what onnxruntime-node has for graphics cards. Default 'cpu' */
  provider?: Provider;
  /** Most worker processes, started as the load asks for them; 0: in this process. Default: one per core, 1 off the CPU */
  workers?: number;
  /** Threads per inference; 0: one per core. Default 1 with workers, 0 without */
  threads?: number;
}
