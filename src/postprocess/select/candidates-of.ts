import { type HeadSpec, headOf } from '../../heads/index.js';
import { labelledColumns } from '../../labels/class-selection.js';
import { firstOfLabel } from '../../labels/label-map.js';
import type { LabelList, Tensors } from '../../types/model.js';
import type { Geometry } from '../../types/pictures.js';
import type { Candidates, PostprocessPlan } from '../../types/plan.js';
import { mergeClasses } from '../suppress/merge-classes.js';
import { calibrateCandidates, haveOneCurve, rawSelection } from './calibrate-candidates.js';

/** What outputs are: those of a head whose class columns have these labels. */
export interface LabelledHead {
  head: HeadSpec;
  /** Not changed once it has been used. */
  labels: LabelList;
}

/**
 * The candidates in a model's outputs, with calibrated scores, classes of one label as one.
 *
 * @param enough  as a head takes it: the best so many will probably do
 * @throws SigboxError E_MODEL  the outputs do not have the dims that the head promises
 */
export function candidatesOf(
  outputs: Tensors,
  { head: spec, labels }: LabelledHead,
  geometry: Geometry,
  plan: PostprocessPlan,
  enough: number,
): Candidates {
  const head = headOf(spec);
  const { labelled, twins } = factsOf(labels);
  const plain = plan.calibrations.every((curve) => curve === null);
  const find = (most: number): Candidates => {
    const { scoreThresholds, single } = plain ? plan : rawSelection(plan, labelled);
    const limits = { enough: most, countAbove: plan.maxCandidates };
    const found = head.candidates(outputs, spec, geometry, { scoreThresholds, single, labelled, ...limits });
    // A head whose graph has finished may repeat a box for each of its labels: rivals for one place have one box.
    const places = () => (head.needsSuppression(spec) ? found.rows : equalBoxes(found));
    const candidates = plain ? found : calibrateCandidates(found, plan, places());
    return twins ? mergeClasses(candidates, firstOfLabel(labels)) : candidates;
  };
  // Where curves differ, the best before calibration may not be the best after it.
  const best = find(plain || haveOneCurve(plan.calibrations, labelled) ? enough : Number.POSITIVE_INFINITY);
  // A head counts what calibration and merging leave out afterwards.
  const isExact = (plain && !twins) || (best.total ?? 0) <= plan.maxCandidates;
  return isExact ? best : find(Number.POSITIVE_INFINITY);
}

interface LabelFacts {
  labelled: Uint16Array;
  twins: boolean;
}

/** Labels that were asked for before: images of one run have the same. */
const known = new WeakMap<LabelList, LabelFacts>();

function factsOf(labels: LabelList): LabelFacts {
  const before = known.get(labels);
  if (before !== undefined) return before;
  const facts = { labelled: labelledColumns(labels), twins: hasTwins(labels) };
  known.set(labels, facts);
  return facts;
}

/** Whether several classes have one label. */
export function hasTwins(labels: LabelList): boolean {
  const named = labels.filter((label) => label !== null);
  return new Set(named).size < named.length;
}

/** A number for each candidate, the same for the same box. */
function equalBoxes({ boxes, rows }: Candidates): Uint32Array {
  const numbers = new Map<string, number>();
  return rows.map((_, i) => {
    const key = boxes.subarray(4 * i, 4 * i + 4).join();
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
}
