import type { Box, Detection, LabelScore } from '../../types/detections.js';
import type { ImageCorrection } from '../protocol/info.js';
import { post } from './load.js';
import { corrections, fault } from './state.js';
import { crew } from './workers.js';

/** What an image was before each change of this visit, the latest last. */
const history = new Map<number, (ImageCorrection | undefined)[]>();

export const WITHDRAWN: ImageCorrection = { reviewed: false, edited: false, regions: null };

/** Keeps what a person made of an image: here at once, in the run's folder as soon as the server has it. */
export function keep(row: number, correction: ImageCorrection): void {
  history.set(row, [...(history.get(row) ?? []), corrections.value[row]]);
  apply(row, correction);
}

/** Takes back the last change of this visit. @returns whether there was one */
export function undo(row: number): boolean {
  const changes = history.get(row) ?? [];
  if (changes.length === 0) return false;
  const before = changes.pop();
  apply(row, before ?? WITHDRAWN);
  return true;
}

/** Changes reach the server in the order in which they were made. */
let sending: Promise<unknown> = Promise.resolve();

function apply(row: number, correction: ImageCorrection): void {
  const { [row]: _, ...others } = corrections.value;
  corrections.value = correction.regions === null ? others : { ...others, [row]: correction };
  crew.correct(corrections.value, row);
  sending = sending
    .then(() => post(`data/0/corrections/${row}`, correction))
    .catch((error) => {
      fault.value = `Not saved: ${(error as Error).message}`;
    });
}

/** A region without one of its labels; null: it has no other. */
export function withoutLabel(region: Detection, classId: number): Detection | null {
  return withLabels(
    region.box,
    region.labels.filter((label) => label.classId !== classId),
  );
}

/** A label that a person gives is certain. */
export function addLabel(region: Detection, label: Omit<LabelScore, 'score'>): Detection {
  const others = region.labels.filter(({ classId }) => classId !== label.classId);
  return withLabels(region.box, [...others, { ...label, score: 1 }])!;
}

export function withLabels(box: Box, labels: readonly LabelScore[]): Detection | null {
  const sorted = [...labels].sort((a, b) => b.score - a.score);
  return sorted.length === 0 ? null : { box, ...sorted[0]!, labels: sorted };
}

/** A box inside the image, its corners in order, in tenths of a pixel. */
export function tidyBox([x1, y1, x2, y2]: Box, { width, height }: { width: number; height: number }): Box {
  const tidy = (value: number, most: number) => Math.round(10 * Math.min(most, Math.max(0, value))) / 10;
  return [
    tidy(Math.min(x1, x2), width),
    tidy(Math.min(y1, y2), height),
    tidy(Math.max(x1, x2), width),
    tidy(Math.max(y1, y2), height),
  ];
}
