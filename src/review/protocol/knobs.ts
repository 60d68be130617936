import type { PostprocessOptions } from '../../postprocess/options/postprocess-options.js';

/** What a person can turn in the page; the names are those of the options. */
export interface Knobs {
  scoreThreshold: number;
  labelThresholds: Record<string, number>;
  /** Everything that acts before thresholds do. */
  how: HowKnobs;
  /** IoU from which a detection finds a ground truth. */
  matchIou: number;
}

export type HowKnobs = Pick<
  PostprocessOptions,
  | 'iouThreshold'
  | 'labelIouThresholds'
  | 'suppression'
  | 'measure'
  | 'scope'
  | 'labels'
  | 'sigma'
  | 'regionIou'
  | 'calibration'
>;
