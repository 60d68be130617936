import type { Candidates, SuppressionPlan } from '../../src/types/plan.js';
import { SIDE, type View } from '../../src/types/views.js';
import type { SeenCandidates } from '../../src/views/seen-candidates.js';

interface Seen {
  view: number;
  classId: number;
  score: number;
  box: number[];
  cut: number;
}

/** `joinViews` as its rules read, one box after the other: [x1, y1, x2, y2, score, class] of each, in any order. */
export function joinViewsSlowly(seen: SeenCandidates, views: readonly View[], plan: SuppressionPlan): number[][] {
  const all: Seen[] = [...seen.scores.keys()].map((i) => ({
    ...{ view: seen.views[i]!, classId: seen.classIds[i]!, score: seen.scores[i]!, cut: seen.cut[i]! },
    box: [...seen.boxes.subarray(4 * i, 4 * i + 4)],
  }));
  const tiles = views.filter(({ kind }) => kind === 'tile');
  const shown = all.filter(
    ({ view, box }) => views[view]!.kind === 'tile' || !tiles.some((tile) => showsUncut(tile, box)),
  );
  const whole = greedy(
    shown.filter(({ cut }) => cut === 0),
    plan,
  );
  const place = (view: number) => [views[view]!.kind, views[view]!.left, views[view]!.top].join();
  const cut = [...new Set(views.map((_, view) => place(view)))].flatMap((one) =>
    greedy(
      shown.filter(({ cut, view }) => cut !== 0 && place(view) === one),
      plan,
    ),
  );
  const left = cut.filter(
    (part) => !whole.some((other) => covers(other, part, plan, place(other.view) === place(part.view))),
  );
  const groups: Seen[][] = [];
  for (const part of left) {
    const mine = groups.filter((group) => group.some((other) => belong(other, part, views)));
    for (const group of mine) groups.splice(groups.indexOf(group), 1);
    groups.push([...mine.flat(), part]);
  }
  const parts = groups.map((group): Seen => {
    if (group.length === 1) return { ...group[0]!, score: group[0]!.score * 0.25 };
    const side = (k: number) => group.map(({ box }) => box[k]!);
    const box = [Math.min(...side(0)), Math.min(...side(1)), Math.max(...side(2)), Math.max(...side(3))];
    return { ...group[0]!, box, score: group.reduce((sum, { score }) => sum + score, 0) / group.length };
  });
  const kept = greedy([...whole, ...parts], plan);
  return kept.map((one, i) => {
    const better = kept.slice(0, i).filter(({ classId }) => classId === one.classId);
    const isPart = better.some((other) => one.score <= 0.8 * other.score && isPartOf(one.box, other.box));
    const score = isPart ? Math.max(one.score / 2, Math.min(one.score, 0.05)) : one.score;
    return [...one.box, score, one.classId];
  });
}

export function asRows({ boxes, scores, classIds }: Candidates): number[][] {
  return Array.from(scores, (score, i) => [...boxes.subarray(4 * i, 4 * i + 4), score, classIds[i]!]);
}

function showsUncut({ left, top, width, height, inner }: View, [x1, y1, x2, y2]: number[]): boolean {
  return (
    (!(inner & SIDE.left) || x1! >= left) &&
    (!(inner & SIDE.top) || y1! >= top) &&
    (!(inner & SIDE.right) || x2! <= left + width) &&
    (!(inner & SIDE.bottom) || y2! <= top + height)
  );
}

const area = ([x1, y1, x2, y2]: number[]) => (x2! - x1!) * (y2! - y1!);

function shared(a: number[], b: number[]): number {
  const width = Math.min(a[2]!, b[2]!) - Math.max(a[0]!, b[0]!);
  const height = Math.min(a[3]!, b[3]!) - Math.max(a[1]!, b[1]!);
  return Math.max(width, 0) * Math.max(height, 0);
}

const iou = (a: number[], b: number[]) => shared(a, b) / (area(a) + area(b) - shared(a, b));

function greedy(all: readonly Seen[], { iouThresholds, buckets }: SuppressionPlan): Seen[] {
  const kept: Seen[] = [];
  for (const one of all.toSorted((a, b) => b.score - a.score)) {
    const rivals = kept.filter(({ classId }) => buckets[classId] === buckets[one.classId]);
    if (!rivals.some(({ box }) => iou(box, one.box) > iouThresholds[one.classId]!)) kept.push(one);
  }
  return kept;
}

function covers(whole: Seen, part: Seen, { buckets, iouThresholds }: SuppressionPlan, isOnePlace: boolean): boolean {
  if (buckets[whole.classId] !== buckets[part.classId] || whole.score < 0.25 * part.score) return false;
  if (!isOnePlace) return shared(whole.box, part.box) >= 0.7 * area(part.box);
  return whole.score >= part.score && iou(whole.box, part.box) > iouThresholds[part.classId]!;
}

function belong(a: Seen, b: Seen, views: readonly View[]): boolean {
  if (a.view === b.view || a.classId !== b.classId) return false;
  return (
    acrossSeam(a, b, views, 0) || acrossSeam(b, a, views, 0) || acrossSeam(a, b, views, 1) || acrossSeam(b, a, views, 1)
  );
}

/** Whether the first lies before the second along an axis, and a seam cuts both. */
function acrossSeam(a: Seen, b: Seen, views: readonly View[], axis: 0 | 1): boolean {
  const [end, start] = axis === 0 ? [SIDE.right, SIDE.left] : [SIDE.bottom, SIDE.top];
  const edge = axis === 0 ? 'left' : 'top';
  if (!(a.cut & end) || !(b.cut & start) || views[a.view]![edge] >= views[b.view]![edge]) return false;
  const other = 1 - axis;
  const meet = Math.min(a.box[axis + 2]!, b.box[axis + 2]!) - Math.max(a.box[axis]!, b.box[axis]!);
  const along = Math.min(a.box[other + 2]!, b.box[other + 2]!) - Math.max(a.box[other]!, b.box[other]!);
  const both = Math.max(a.box[other + 2]!, b.box[other + 2]!) - Math.min(a.box[other]!, b.box[other]!);
  return meet >= -4 && along / both >= 0.5;
}

function isPartOf(a: number[], b: number[]): boolean {
  if (shared(a, b) < 0.7 * Math.min(area(a), area(b))) return false;
  const outer = area(a) >= area(b) ? a : b;
  const sizes = [outer[2]! - outer[0]!, outer[3]! - outer[1]!];
  return a.filter((side, k) => Math.abs(side - b[k]!) <= 0.15 * sizes[k % 2]!).length >= 2;
}
