import { complain, SigboxError } from '../../errors.js';
import type { ImageCandidates } from '../../types/candidates.js';
import type { PostprocessPlan } from '../../types/plan.js';
import { isSettled, type Suppressed } from '../best-first.js';
import { selectRecorded } from '../candidates/select-recorded.js';
import { type ImageDetections, imageDetections } from '../detections.js';
import type { PostprocessOptions } from '../options/postprocess-options.js';
import { labelRegions } from '../regions/label-regions.js';
import { restoreDetections } from '../regions/restore-detections.js';
import { haveOneCurve } from '../select/calibrate-candidates.js';
import { prepareCandidates } from '../select/find-candidates.js';
import { suppress } from '../suppress/suppress.js';
import { CompiledPlan, compileFor } from './compile-plan.js';

export interface CandidateCall {
  /**
   * Where the answer is not certain, because candidates that matter were not recorded: 'refuse' throws, 'allow' answers with
   * those there are, and says so in `notes`. Default 'refuse'
   */
  uncertain?: 'refuse' | 'allow';
}

/**
 * Recorded candidates as labelled regions: the same as detecting with these options would have given.
 *
 * @param candidates  of one image; not changed
 * @param options     of post-processing; or a plan that `compilePlan` made of them and of the candidates' model
 * @returns regions in pixels of the upright image, highest score first; `notes` where some were cut
 * @throws SigboxError E_ARGUMENT  an option that can't be right; an answer that is not certain
 */
export function postprocessCandidates(
  candidates: ImageCandidates,
  options?: PostprocessOptions | CompiledPlan,
  { uncertain = 'refuse' }: CandidateCall = {},
): ImageDetections {
  requireOneLook(candidates);
  const { plan } = options instanceof CompiledPlan ? options : compileFor(candidates.model, options, where);
  const { detections, doubt } = detectionsOfRecorded(candidates, plan);
  if (doubt === null) return detections;
  if (uncertain === 'refuse') throw new SigboxError('E_ARGUMENT', `${where}: the answer is not certain: ${doubt}.`);
  const { notes = [] } = detections;
  return { ...detections, notes: [...notes, `not certain: ${doubt}.`] };
}

const where = 'postprocessCandidates';

/** Views are joined by what knows of views. */
function requireOneLook({ views }: ImageCandidates): void {
  if (views === undefined) return;
  const mend = 'postprocessRun, or sigbox export, joins them.';
  const received = `${views.length} views of it`;
  throw complain('E_ARGUMENT', { where, expected: 'candidates of one look at an image', received, mend });
}

/** @returns `doubt`: why detecting could have given something else; null: it could not */
export function detectionsOfRecorded(
  recorded: ImageCandidates,
  plan: PostprocessPlan,
): { detections: ImageDetections; doubt: string | null } {
  const { geometry } = recorded;
  const selection = selectRecorded(recorded, plan);
  const candidates = prepareCandidates(selection.candidates, geometry, plan);
  const suppressed = { candidates, survivors: suppress(candidates, plan) };
  const boxes = restoreDetections(suppressed, geometry, plan);
  const detections = imageDetections(labelRegions(boxes, plan), candidates, geometry, plan);
  return { detections, doubt: selection.doubt ?? doubtOfCut(recorded, suppressed, plan) };
}

/** Best first says when candidates that are missing have no part in the result, and notes count them all. */
function doubtOfCut(
  { cut, scores }: ImageCandidates,
  { candidates, survivors }: Suppressed,
  plan: PostprocessPlan,
): string | null {
  if (cut === null || candidates.floor === undefined) return null;
  const isCounted = scores.length + cut.count <= plan.maxCandidates;
  const isComparable = !plan.calibrates || haveOneCurve(plan.calibrations, plan.selection.labelled);
  if (isCounted && isComparable && isSettled(candidates, survivors, plan)) return null;
  return `${cut.count} candidates with scores up to ${cut.highest} were cut off when they were recorded`;
}
