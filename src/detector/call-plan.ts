import type { ModelSpec } from '../identify/spec/model-spec.js';
import type { DetectOptions } from '../options/detect-options.js';
import { settleOptions } from '../options/plan.js';
import { lowestRecorded } from '../postprocess/options/recording-thresholds.js';
import { type Thresholder, thresholder } from '../postprocess/regions/threshold-regions.js';
import type { DetectPlan, NumberedPlan } from '../types/plan.js';
import { numbered } from './engine.js';

/** How a call of `detect` is answered. */
export interface CallPlan {
  plan: NumberedPlan;
  /** What becomes of the plan's detections; null: they are the answer */
  over: Thresholder['over'] | null;
}

/** Makes a plan of options, for the models of a detector. */
export type PlanMaker = (options: DetectOptions) => DetectPlan;

/**
 * Compiles a call. Label rules weigh labels below their thresholds too: these are detected from the floor of runs on, and
 * read as runs are.
 *
 * @throws SigboxError E_ARGUMENT  an option that can't be right, a label that the model does not have
 */
export function callPlan(spec: ModelSpec, options: DetectOptions, planned: PlanMaker): CallPlan {
  if (spec.rules === undefined) return { plan: numbered(planned(options)), over: null };
  const { scoreThreshold, labelThresholds, ...settled } = settleOptions(options);
  const thresholds = { scoreThreshold, labelThresholds };
  const lowest = lowestRecorded(undefined, thresholds, settled);
  const { calibration: _, ...recorded } = settled;
  const { over } = thresholder(spec, { ...recorded, ...lowest }, thresholds);
  return { plan: numbered(planned({ ...settled, ...lowest })), over };
}
