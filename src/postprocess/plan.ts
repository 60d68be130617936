import { type PostprocessOptions, SUPPRESSIONS } from '../types/options.js';
import { calibrationRule } from './options/check-calibration.js';
import {
  count,
  fraction,
  fractionsByLabel,
  labelList,
  oneOf,
  positive,
  type Rules,
  rule,
  scopeRule,
  size,
} from './options/check-options.js';

export const POSTPROCESS_RULES: Rules<PostprocessOptions> = {
  scoreThreshold: fraction,
  labelThresholds: fractionsByLabel,
  iouThreshold: fraction,
  labelIouThresholds: fractionsByLabel,
  labels: oneOf('multi', 'single'),
  include: labelList,
  exclude: labelList,
  suppression: oneOf(...SUPPRESSIONS),
  measure: oneOf('iou', 'giou', 'diou', 'ciou', 'ios'),
  diouBeta: positive,
  scope: scopeRule,
  sigma: positive,
  fusedScore: oneOf('avg', 'max'),
  maxCandidates: count,
  maxDetections: count,
  maxPerClass: count,
  minSide: size,
  maxSide: size,
  minArea: size,
  maxArea: size,
  regionIou: rule('a number above 0, up to 1', (value) => Number(value) > 0 && fraction.fault(value) === null),
  calibration: calibrationRule,
  preset: oneOf('use', 'evaluation'),
};

/** Options that stay as they are given: without them there is no limit, and all labels are wanted. */
type Open = 'include' | 'maxPerClass' | 'maxSide' | 'maxArea';

/** With every default in place. */
export type SettledPostprocess = Required<Omit<PostprocessOptions, Open>> & Pick<PostprocessOptions, Open>;

const USE = {
  preset: 'use',
  scoreThreshold: 0.35,
  labelThresholds: {},
  iouThreshold: 0.5,
  labelIouThresholds: {},
  labels: 'multi',
  exclude: [],
  suppression: 'nms',
  measure: 'iou',
  diouBeta: 1,
  scope: 'class',
  sigma: 0.5, // Bodla et al. (2017), section 4
  fusedScore: 'avg',
  maxCandidates: 30_000, // max_nms of ultralytics.utils.nms.non_max_suppression
  maxDetections: 300,
  minSide: 0,
  minArea: 0,
  regionIou: 0.9,
  calibration: {},
} satisfies SettledPostprocess;

const PRESETS = {
  use: USE,
  evaluation: {
    ...USE,
    preset: 'evaluation',
    scoreThreshold: 0.001, // --conf-thres of yolov5/val.py
    iouThreshold: 0.6, // --iou-thres of yolov5/val.py
    maxDetections: 100, // the largest of COCO's maxDets
    regionIou: 1, // a region shows one box for all its labels: here each is measured with its own
  },
} satisfies Record<string, SettledPostprocess>;

/** What is meant where options say nothing. Not to be changed. */
export function defaultsOf({ preset = 'use' }: PostprocessOptions): SettledPostprocess {
  return PRESETS[preset];
}

/** @param given  checked by `checkOptions` */
export function settlePostprocess(given: PostprocessOptions): SettledPostprocess {
  return { ...structuredClone(defaultsOf(given)), ...given };
}
