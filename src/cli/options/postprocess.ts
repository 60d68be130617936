import { type PostprocessOptions, SUPPRESSIONS } from '../../types/options.js';
import { given, type Values } from './command.js';
import { amount, fraction, labelGroups, labelNumbers, list, single, wholeNumber } from './values.js';

const value = { string: true, requiresArg: true } as const;
const values = { array: true, string: true, requiresArg: true } as const;

/** How scores become regions. docs/options.md has more of each. */
export const postprocessOptions = {
  score: {
    ...values,
    describe: 'Score from which a label counts, 0 to 1; LABEL=N for one label. May be repeated. Default: 0.35',
  },
  iou: {
    ...values,
    describe: 'Boxes of one label that overlap more are one; LABEL=N for one label. May be repeated. Default: 0.5',
  },
  max: { ...value, describe: 'At most so many labels per image. Default: 300' },
  'max-per-class': { ...value, describe: 'At most so many of each label. Default: no limit' },
  'max-candidates': { ...value, describe: 'Only so many of the highest scores are looked at. Default: 30000' },
  labels: {
    ...value,
    choices: ['multi', 'single'],
    describe: 'Every label that holds, or only the best of a box. Default: multi',
  },
  include: { array: true, string: true, describe: 'Only these labels, separated by commas' },
  exclude: { array: true, string: true, describe: 'Not these labels, separated by commas' },
  suppression: {
    ...value,
    choices: SUPPRESSIONS,
    describe: 'What becomes of boxes that overlap. Default: nms',
  },
  measure: {
    ...value,
    choices: ['iou', 'giou', 'diou', 'ciou', 'ios'],
    describe: 'How overlap is measured; ios: over the smaller box. Default: iou',
  },
  'diou-beta': { ...value, describe: 'Exponent of the distance in diou. Default: 1' },
  scope: { ...value, choices: ['class', 'all'], describe: 'Which boxes are rivals. Default: class' },
  group: { ...values, describe: 'These labels are rivals, separated by commas. May be repeated' },
  sigma: { ...value, describe: 'Of the gaussian methods. Default: 0.5' },
  'fused-score': { ...value, choices: ['avg', 'max'], describe: 'Score of boxes that wbf fused. Default: avg' },
  'min-side': { ...value, describe: 'Boxes whose shorter side has at least so many pixels. Default: 0' },
  'max-side': { ...value, describe: 'Boxes whose longer side has at most so many pixels. Default: no limit' },
  'min-area': { ...value, describe: 'Boxes of at least so many square pixels. Default: 0' },
  'max-area': { ...value, describe: 'Boxes of at most so many square pixels. Default: no limit' },
  'region-iou': { ...value, describe: 'Boxes of different labels that overlap so much are one region. Default: 0.9' },
  preset: {
    ...value,
    choices: ['use', 'evaluation'],
    describe: 'Defaults of all these: evaluation has score 0.001, IoU 0.6, 100 labels, region IoU 1',
  },
} as const;

/** From the values of `postprocessOptions`. */
export function readPostprocessOptions(values: Values): PostprocessOptions {
  const score = labelNumbers(values, 'score');
  const iou = labelNumbers(values, 'iou');
  const { preset, labels, suppression, measure, fusedScore } = choices(values);
  return given({
    preset,
    scoreThreshold: score.all,
    labelThresholds: score.byLabel,
    iouThreshold: iou.all,
    labelIouThresholds: iou.byLabel,
    labels,
    include: list(values, 'include'),
    exclude: list(values, 'exclude'),
    suppression,
    measure,
    diouBeta: amount(values, 'diou-beta'),
    scope: labelGroups(values),
    sigma: amount(values, 'sigma'),
    fusedScore,
    maxCandidates: wholeNumber(values, 'max-candidates', 1),
    maxDetections: wholeNumber(values, 'max', 1),
    maxPerClass: wholeNumber(values, 'max-per-class', 1),
    minSide: amount(values, 'min-side'),
    maxSide: amount(values, 'max-side'),
    minArea: amount(values, 'min-area'),
    maxArea: amount(values, 'max-area'),
    regionIou: fraction(values, 'region-iou'),
  }) as PostprocessOptions;
}

/** Options that are one of some words; yargs has checked the words. */
function choices(values: Values) {
  return {
    preset: single(values, 'preset'),
    labels: single(values, 'labels'),
    suppression: single(values, 'suppression'),
    measure: single(values, 'measure'),
    fusedScore: single(values, 'fused-score'),
  };
}
