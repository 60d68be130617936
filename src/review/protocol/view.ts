import type { ErrorKind } from '../../evaluate/metrics/error-kinds.js';

/** Which images are shown, and in which order. */
export interface KnobView {
  /** Class numbers; none: all images. */
  labels: number[];
  /** 'any': an image has one of the labels; 'together': one region has all of them; 'several': a region has several labels */
  match: 'any' | 'together' | 'several';
  /** Some region's score lies in here. */
  scores: [lowest: number, highest: number];
  /** Number of visible regions. */
  counts: [least: number, most: number];
  state: 'all' | 'failed' | 'open' | 'reviewed' | 'corrected';
  /** With ground truth: images with a true positive, false positive or false negative. With two runs: a difference. */
  outcome: 'all' | 'tp' | 'fp' | 'fn' | 'clean' | 'different';
  /** With ground truth: images where the first label (of the ground truth) was taken for the second; −1: background. */
  confusion: [groundTruth: number, detected: number] | null;
  error: ErrorKind | null;
  sort: 'name' | 'count' | 'uncertainty' | 'errors' | 'difference';
  descending: boolean;
}

export const WHOLE_VIEW: KnobView = {
  labels: [],
  match: 'any',
  scores: [0, 1],
  counts: [0, Number.POSITIVE_INFINITY],
  state: 'all',
  outcome: 'all',
  confusion: null,
  error: null,
  sort: 'name',
  descending: false,
};

/** Whether a view asks for something that the visible labels of an image decide. */
export function looksAtLabels({ labels, match, scores, counts }: KnobView): boolean {
  const { scores: all, counts: any } = WHOLE_VIEW;
  const plain = scores[0] <= all[0] && scores[1] >= all[1] && counts[0] <= any[0] && counts[1] >= any[1];
  return labels.length > 0 || match === 'several' || !plain;
}

/** Whether a view has every image, in the order of the run or the other way round: nothing of them has to be known. */
export function showsAll(view: KnobView): boolean {
  const { state, outcome, confusion, error, sort } = view;
  const chooses = state !== 'all' || outcome !== 'all' || confusion !== null || error !== null;
  return sort === 'name' && !chooses && !looksAtLabels(view);
}
