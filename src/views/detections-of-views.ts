import { selectRecorded } from '../postprocess/candidates/select-recorded.js';
import { type ImageDetections, imageDetections } from '../postprocess/detections.js';
import { labelRegions } from '../postprocess/regions/label-regions.js';
import { restoreDetections } from '../postprocess/regions/restore-detections.js';
import { prepareCandidates } from '../postprocess/select/find-candidates.js';
import type { CandidateModel, RecordedCandidates, RecordedView } from '../types/candidates.js';
import type { Geometry } from '../types/pictures.js';
import type { ViewPlan } from '../types/plan.js';
import type { ViewCandidates } from './seen-candidates.js';
import { suppressViews } from './suppress-views.js';

/**
 * What models saw in the views of an image, as labelled regions.
 *
 * @param seen      of each model, view after view. Not changed.
 * @param geometry  of the whole image
 */
export function detectionsOfViews(
  seen: readonly (readonly ViewCandidates[])[],
  plan: ViewPlan,
  geometry: Geometry,
): ImageDetections {
  const { joined } = plan;
  const suppressed = suppressViews(seen, plan, geometry);
  const regions = labelRegions(restoreDetections(suppressed, geometry, joined), joined);
  return imageDetections(regions, suppressed.candidates, geometry, joined);
}

/**
 * The same of views that were recorded.
 *
 * @param models  what they are candidates of, by number
 * @returns `doubt`: why detecting could have given something else; null: it could not
 */
export function detectionsOfRecordedViews(
  { views, geometry }: { views: readonly RecordedView[]; geometry: Geometry },
  models: readonly CandidateModel[],
  plan: ViewPlan,
): { detections: ImageDetections; doubt: string | null } {
  const seen: ViewCandidates[][] = models.map(() => []);
  let doubt: string | null = null;
  for (const { model, view, candidates: recorded } of views) {
    const how = plan.looks[model]!.candidates;
    const selection = selectRecorded({ ...recorded, model: models[model]! }, how);
    const candidates = prepareCandidates(selection.candidates, recorded.geometry, how);
    doubt ??= selection.doubt ?? doubtOfCut(recorded, selection.candidates.floor);
    seen[model]!.push({ view, geometry: recorded.geometry, candidates });
  }
  return { detections: detectionsOfViews(seen, plan, geometry), doubt };
}

/** Joining looks at all candidates: none may be missing. */
function doubtOfCut({ cut }: RecordedCandidates, floor: number | undefined): string | null {
  if (cut === null || floor === undefined) return null;
  return `${cut.count} candidates of a view with scores up to ${cut.highest} were cut off when they were recorded`;
}

/** What is recorded of an image that was looked at in several ways. */
export function recordOfViews(views: RecordedView[], geometry: Geometry, floor: number): RecordedCandidates {
  return {
    geometry,
    space: 'image',
    rows: new Uint32Array(0),
    classIds: new Uint16Array(0),
    scores: new Float32Array(0),
    boxes: new Float32Array(0),
    best: new Uint8Array(0),
    floor,
    cut: null,
    views,
  };
}
