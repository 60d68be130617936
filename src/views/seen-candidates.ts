import { restoreBox } from '../postprocess/regions/restore.js';
import type { Box } from '../types/detections.js';
import type { Geometry } from '../types/pictures.js';
import type { Candidates } from '../types/plan.js';
import { SIDE, type View } from '../types/views.js';

/** Candidates of several views in pixels of the whole image; field arrays of equal length n, view after view. */
export interface SeenCandidates {
  /** [n] number of the view */
  views: Uint16Array;
  /** [n] row id in the view's output */
  rows: Uint32Array;
  classIds: Uint16Array;
  scores: Float32Array;
  /** [n, 4] xyxy, pixels of the upright image */
  boxes: Float32Array;
  /** [n] sides that an inner edge of the view cuts: a bit mask of `SIDE` */
  cut: Uint8Array;
}

/** A side this near to an inner edge of its view, as a fraction of the view's, is taken as cut by it. */
const NEAR = 0.005;

/** What one view gave. */
export interface ViewCandidates {
  view: View;
  /** Where the view lies in the model's input. */
  geometry: Geometry;
  candidates: Candidates;
}

/** Brings the candidates of all views into the image's coordinates. Those with nothing inside their view are left out. */
export function seenCandidates(seen: readonly ViewCandidates[]): SeenCandidates {
  const count = seen.reduce((sum, { candidates }) => sum + candidates.scores.length, 0);
  const all: SeenCandidates = {
    views: new Uint16Array(count),
    rows: new Uint32Array(count),
    classIds: new Uint16Array(count),
    scores: new Float32Array(count),
    boxes: new Float32Array(4 * count),
    cut: new Uint8Array(count),
  };
  let n = 0;
  for (const [number, { view, geometry, candidates }] of seen.entries()) {
    const frame = { geometry, space: candidates.space };
    for (let i = 0; i < candidates.scores.length; i++) {
      const restored = restoreBox(candidates.boxes, i, frame);
      if (restored === null) continue;
      const box = unflipped(restored, view);
      all.views[n] = number;
      all.rows[n] = candidates.rows[i]!;
      all.classIds[n] = candidates.classIds[i]!;
      all.scores[n] = candidates.scores[i]!;
      all.cut[n] = cutSides(box, view);
      all.boxes.set([box[0] + view.left, box[1] + view.top, box[2] + view.left, box[3] + view.top], 4 * n);
      n++;
    }
  }
  return someSeen(
    all,
    Uint32Array.from({ length: n }, (_, i) => i),
  );
}

/** A box of a mirrored view as it lies in the view unmirrored. */
export function unflipped([x1, y1, x2, y2]: Box, { width, height, augmentation }: View): Box {
  if (augmentation?.flip === 'horizontal') return [width - x2, y1, width - x1, y2];
  if (augmentation?.flip === 'vertical') return [x1, height - y2, x2, height - y1];
  return [x1, y1, x2, y2];
}

/** @param box  in pixels of the view */
function cutSides([x1, y1, x2, y2]: readonly number[], { width, height, inner }: View): number {
  const touching =
    (x1! <= NEAR * width ? SIDE.left : 0) |
    (y1! <= NEAR * height ? SIDE.top : 0) |
    (x2! >= width - NEAR * width ? SIDE.right : 0) |
    (y2! >= height - NEAR * height ? SIDE.bottom : 0);
  return touching & inner;
}

/** Some of them, in the order given. */
export function someSeen(seen: SeenCandidates, chosen: ArrayLike<number>): SeenCandidates {
  const numbers = Uint32Array.from(chosen);
  return {
    views: Uint16Array.from(numbers, (i) => seen.views[i]!),
    rows: Uint32Array.from(numbers, (i) => seen.rows[i]!),
    classIds: Uint16Array.from(numbers, (i) => seen.classIds[i]!),
    scores: Float32Array.from(numbers, (i) => seen.scores[i]!),
    boxes: Float32Array.from({ length: 4 * numbers.length }, (_, k) => seen.boxes[4 * numbers[k >> 2]! + (k & 3)]!),
    cut: Uint8Array.from(numbers, (i) => seen.cut[i]!),
  };
}

/** Area that two boxes share. */
export function overlapArea(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const width = Math.min(a[4 * i + 2]!, b[4 * j + 2]!) - Math.max(a[4 * i]!, b[4 * j]!);
  const height = Math.min(a[4 * i + 3]!, b[4 * j + 3]!) - Math.max(a[4 * i + 1]!, b[4 * j + 1]!);
  return width > 0 && height > 0 ? width * height : 0;
}

export function areaOf(boxes: Float32Array, i: number): number {
  return (boxes[4 * i + 2]! - boxes[4 * i]!) * (boxes[4 * i + 3]! - boxes[4 * i + 1]!);
}
