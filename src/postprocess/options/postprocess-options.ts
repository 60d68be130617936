import {
  type OptionsOf,
  option,
  optionsCheck,
  PRESETS,
  type SettledOptions,
  withDefaults,
} from '../../check/option.js';
import { either, list, oneOf, record, type Schema } from '../../check/shapes.js';
import { count, fraction, labels, notNegative, positive, positiveFraction } from '../../check/words.js';
import {
  DEFAULT_SCORE,
  FUSED_SCORES,
  MEASURES,
  SCOPES,
  type Scope,
  SUPPRESSIONS,
  scoreCalibration,
} from '../../types/options.js';

const fractionsByLabel = record('numbers from 0 to 1, by label', fraction);
const scope: Schema<Scope | string[][]> = either(
  "'class', 'all' or groups of labels",
  oneOf(...SCOPES),
  list('groups of labels', labels),
);

/**
 * How scores become regions: every option once. The comment is what the docs and an editor show, `words` is what the command
 * line knows, `evaluation` the default with that preset. A new option is an entry here and the code that uses it.
 */
export const POSTPROCESS_OPTIONS = {
  /**
   * The defaults of all other options. 'use': to show or to write. 'evaluation': to measure average precision. Default
   * 'use'
   */
  preset: option(oneOf(...PRESETS), {
    default: 'use',
    words: {
      preset: {
        form: 'text',
        choices: PRESETS,
        help: 'Defaults of all these options; evaluation has score 0.001, IoU 0.6, 100 labels, region IoU 1',
      },
    },
  }),
  /** Labels with at least this score are kept. Default 0.35 */
  scoreThreshold: option(fraction, {
    default: DEFAULT_SCORE,
    evaluation: 0.001, // --conf-thres of yolov5/val.py
    words: {
      score: {
        form: 'number',
        help: 'Keep labels with at least this score, 0 to 1; LABEL=N for a single label; may be repeated',
        completes: 'labels',
        common: true,
      },
    },
  }),
  /** Score thresholds of single labels, in place of `scoreThreshold`. Default {} */
  labelThresholds: option(fractionsByLabel, { default: {}, words: { score: { form: 'by-label', help: '' } } }),
  /** If two boxes that compete overlap by more than this IoU, the lower-scoring one is dropped. Default 0.5 */
  iouThreshold: option(fraction, {
    default: 0.5,
    evaluation: 0.6, // --iou-thres of yolov5/val.py
    words: {
      iou: {
        form: 'number',
        help: 'If two boxes with the same label overlap by more than this IoU, drop the lower-scoring one; LABEL=N for a single label; may be repeated',
        completes: 'labels',
        common: true,
      },
    },
  }),
  /** IoU thresholds of single labels; the label of the lower-scoring box decides. Default {} */
  labelIouThresholds: option(fractionsByLabel, { default: {}, words: { iou: { form: 'by-label', help: '' } } }),
  /** 'multi': a box can carry every label over its threshold; 'single': only the best one. Default 'multi' */
  labels: option(oneOf('multi', 'single'), {
    default: 'multi',
    words: {
      labels: {
        form: 'text',
        choices: ['multi', 'single'],
        help: 'All labels of a box over their thresholds, or only the best',
      },
    },
  }),
  /** Only these labels. Default: all */
  include: option(labels, {
    words: {
      only: {
        form: 'list',
        also: 'include',
        help: 'Only these labels, separated by commas',
        completes: 'labels',
        otherwise: 'all',
        common: true,
      },
    },
  }),
  /** Without these labels; wins over `include`. Default [] */
  exclude: option(labels, {
    default: [],
    words: {
      exclude: { form: 'list', help: 'Without these labels, separated by commas', completes: 'labels', common: true },
    },
  }),
  /** What happens to overlapping candidates. Models that suppress in their own graph skip it. Default 'nms' */
  suppression: option(oneOf(...SUPPRESSIONS), {
    default: 'nms',
    words: { suppression: { form: 'text', choices: SUPPRESSIONS, help: 'What happens to overlapping boxes' } },
  }),
  /** How overlap is measured. Default 'iou' */
  measure: option(oneOf(...MEASURES), {
    default: 'iou',
    words: { measure: { form: 'text', choices: MEASURES, help: 'How overlap is measured; ios: over the smaller box' } },
  }),
  /** Exponent of the distance between centres in 'diou'. Default 1 */
  diouBeta: option(positive, {
    default: 1,
    words: { 'diou-beta': { form: 'number', help: 'Exponent of the distance in diou' } },
  }),
  /**
   * Which boxes compete with each other: those of one 'class', 'all', or those of one group of labels, as [['car', 'truck'], …]; a
   * label outside all groups is a group of its own. Default 'class'
   */
  scope: option(scope, {
    default: 'class',
    words: {
      scope: {
        form: 'text',
        choices: SCOPES,
        help: 'Which boxes compete: those with the same label, or all',
      },
      group: { form: 'groups', help: 'These labels compete with each other; may be repeated', completes: 'labels' },
    },
  }),
  /** Of the gaussian methods: a score is multiplied by e^(−overlap² / sigma). Default 0.5 */
  sigma: option(positive, {
    default: 0.5, // Bodla et al. (2017), section 4
    words: { sigma: { form: 'number', help: 'Width of the gaussian methods' } },
  }),
  /**
   * Score of boxes that 'wbf' fused: the mean of their scores, or the highest. With several models, 'avg' is less where some
   * found nothing; the other two, named as in ensemble-boxes, count weights of the models. Default 'avg'
   */
  fusedScore: option(oneOf(...FUSED_SCORES), {
    default: 'avg',
    words: { 'fused-score': { form: 'text', choices: FUSED_SCORES, help: 'Score of boxes that wbf fused' } },
  }),
  /** At most this many candidates, those with the highest scores, enter suppression. Default 30000 */
  maxCandidates: option(count, {
    default: 30_000, // max_nms of ultralytics.utils.nms.non_max_suppression
    words: {
      'max-candidates': {
        form: 'number',
        help: 'At most this many candidates, the highest-scoring, enter suppression',
      },
    },
  }),
  /** At most this many labels per image, over all its regions. Default 300 */
  maxDetections: option(count, {
    default: 300,
    evaluation: 100, // the largest of COCO's maxDets
    words: { max: { form: 'number', help: 'At most this many labels per image' } },
  }),
  /** At most this many detections of each label. Default: no limit */
  maxPerClass: option(count, {
    words: {
      'max-per-class': { form: 'number', help: 'At most this many of each label per image', otherwise: 'no limit' },
    },
  }),
  /** Pixels of the image: boxes whose shorter side, inside the image, is at least this long. Default 0 */
  minSide: option(notNegative, {
    default: 0,
    words: { 'min-side': { form: 'number', help: 'Only boxes whose shorter side has at least this many pixels' } },
  }),
  /** Pixels of the image: boxes whose longer side, inside the image, is at most this long. Default: no limit */
  maxSide: option(notNegative, {
    words: {
      'max-side': {
        form: 'number',
        help: 'Only boxes whose longer side has at most this many pixels',
        otherwise: 'no limit',
      },
    },
  }),
  /** Square pixels of the image: boxes of at least this area. Default 0 */
  minArea: option(notNegative, {
    default: 0,
    words: { 'min-area': { form: 'number', help: 'Only boxes of at least this many square pixels' } },
  }),
  /** Square pixels of the image: boxes of at most this area. Default: no limit */
  maxArea: option(notNegative, {
    words: {
      'max-area': { form: 'number', help: 'Only boxes of at most this many square pixels', otherwise: 'no limit' },
    },
  }),
  /** Boxes of different labels with at least this IoU are one region. Default 0.9 */
  regionIou: option(positiveFraction, {
    default: 0.9,
    evaluation: 1, // a region shows one box for all its labels: here each is measured with its own
    words: {
      'region-iou': { form: 'number', help: 'Boxes of different labels with at least this IoU become one region' },
    },
  }),
  /** Calibration curves, applied to scores before anything else: thresholds and results are calibrated scores. Default {} */
  calibration: option(scoreCalibration, { default: {} }),
};

/**
 * How scores become regions; every option may be left out. Labels may also be named by their class number; overlaps are
 * those of `measure`. Sources: docs/options.md.
 */
export interface PostprocessOptions extends OptionsOf<typeof POSTPROCESS_OPTIONS> {}

/** The same with every default in place. */
export type SettledPostprocess = SettledOptions<typeof POSTPROCESS_OPTIONS>;

export const checkPostprocessOptions = optionsCheck(POSTPROCESS_OPTIONS);

const DEFAULTS = {
  use: withDefaults(POSTPROCESS_OPTIONS, {}),
  evaluation: withDefaults(POSTPROCESS_OPTIONS, {}, 'evaluation'),
};

/** Defaults of options that are not given. Not to be changed. */
export function defaultsOf({ preset = 'use' }: Pick<PostprocessOptions, 'preset'>): SettledPostprocess {
  return DEFAULTS[preset];
}
