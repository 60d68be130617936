import { SIDE, type View } from '../types/views.js';
import type { SeenCandidates } from './seen-candidates.js';

/** A box that was made of cut ones. */
export interface JoinedBox {
  classId: number;
  /** Mean of the parts' scores. */
  score: number;
  /** xyxy: the union of the parts. */
  box: [number, number, number, number];
  /** View and row of each part, ascending. */
  members: [view: number, row: number][];
}

/** Overlap along the seam, as IoU of the two extents, from which two parts belong together. */
const ALONG = 0.5;

/**
 * Joins cut boxes across the seams that cut them.
 *
 * @param cut    cut boxes only. Not changed.
 * @returns the joined ones, and the numbers of those that found no other part
 */
export function joinSeams(cut: SeenCandidates, views: readonly View[]): { joined: JoinedBox[]; alone: number[] } {
  const groups = new Groups(cut.scores.length);
  for (const list of byClass(cut.classIds)) {
    for (const [k, a] of list.entries()) {
      for (let other = k + 1; other < list.length; other++) {
        if (belongTogether(cut, a, list[other]!, views)) groups.unite(a, list[other]!);
      }
    }
  }
  const joined: JoinedBox[] = [];
  const alone: number[] = [];
  for (const members of groups.all()) {
    if (members.length === 1) alone.push(members[0]!);
    else joined.push(unionOf(cut, members));
  }
  return { joined, alone };
}

function byClass(classIds: Uint16Array): number[][] {
  const lists = new Map<number, number[]>();
  for (const [i, classId] of classIds.entries()) {
    const list = lists.get(classId);
    if (list === undefined) lists.set(classId, [i]);
    else list.push(i);
  }
  return [...lists.values()];
}

/** Whether a seam cuts both, from its two sides, and they go on beyond it in each other. */
function belongTogether(cut: SeenCandidates, a: number, b: number, views: readonly View[]): boolean {
  if (cut.views[a] === cut.views[b]) return false;
  const [cutA, cutB] = [cut.cut[a]!, cut.cut[b]!];
  const sideways =
    (cutA & SIDE.right && cutB & SIDE.left && isBefore(views, cut, a, b, 'left')) ||
    (cutA & SIDE.left && cutB & SIDE.right && isBefore(views, cut, b, a, 'left'));
  if (sideways && meets(cut.boxes, a, b, 0) && extentIou(cut.boxes, a, b, 1) >= ALONG) return true;
  const upright =
    (cutA & SIDE.bottom && cutB & SIDE.top && isBefore(views, cut, a, b, 'top')) ||
    (cutA & SIDE.top && cutB & SIDE.bottom && isBefore(views, cut, b, a, 'top'));
  return Boolean(upright) && meets(cut.boxes, a, b, 1) && extentIou(cut.boxes, a, b, 0) >= ALONG;
}

function isBefore(
  views: readonly View[],
  { views: numbers }: SeenCandidates,
  a: number,
  b: number,
  edge: 'left' | 'top',
): boolean {
  return views[numbers[a]!]![edge] < views[numbers[b]!]![edge];
}

/** Tiles overlap, so the two parts of an object do as well; a little less where a box ends short of the edge. */
const SHORT = 4; // pixels

function meets(boxes: Float32Array, a: number, b: number, axis: 0 | 1): boolean {
  const low = Math.max(boxes[4 * a + axis]!, boxes[4 * b + axis]!);
  const high = Math.min(boxes[4 * a + 2 + axis]!, boxes[4 * b + 2 + axis]!);
  return high - low >= -SHORT;
}

function extentIou(boxes: Float32Array, a: number, b: number, axis: 0 | 1): number {
  const [a1, a2] = [boxes[4 * a + axis]!, boxes[4 * a + 2 + axis]!];
  const [b1, b2] = [boxes[4 * b + axis]!, boxes[4 * b + 2 + axis]!];
  const union = Math.max(a2, b2) - Math.min(a1, b1);
  return union > 0 ? (Math.min(a2, b2) - Math.max(a1, b1)) / union : 0;
}

function unionOf({ views, rows, classIds, scores, boxes }: SeenCandidates, members: readonly number[]): JoinedBox {
  const side = (k: number) => members.map((i) => boxes[4 * i + k]!);
  const parts = members.map((i): [number, number] => [views[i]!, rows[i]!]);
  return {
    classId: classIds[members[0]!]!,
    score: members.reduce((sum, i) => sum + scores[i]!, 0) / members.length,
    box: [Math.min(...side(0)), Math.min(...side(1)), Math.max(...side(2)), Math.max(...side(3))],
    members: parts.sort((a, b) => a[0] - b[0] || a[1] - b[1]),
  };
}

/** Disjoint sets of numbers. */
class Groups {
  readonly #parents: Uint32Array;

  constructor(n: number) {
    this.#parents = Uint32Array.from({ length: n }, (_, i) => i);
  }

  #root(i: number): number {
    let root = i;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    this.#parents[i] = root;
    return root;
  }

  unite(a: number, b: number): void {
    const [low, high] = [this.#root(a), this.#root(b)].sort((x, y) => x - y) as [number, number];
    this.#parents[high] = low;
  }

  /** By their lowest numbers; ascending inside. */
  all(): number[][] {
    const lists = new Map<number, number[]>();
    for (const i of this.#parents.keys()) {
      const root = this.#root(i);
      const list = lists.get(root);
      if (list === undefined) lists.set(root, [i]);
      else list.push(i);
    }
    return [...lists.values()];
  }
}
