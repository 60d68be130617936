import { suppress } from '../postprocess/suppress/suppress.js';
import type { Candidates, SuppressionPlan } from '../types/plan.js';
import type { View } from '../types/views.js';
import { joinSeams } from './join-seams.js';
import { lowerNested } from './lower-nested.js';
import { areaOf, overlapArea, type SeenCandidates, someSeen } from './seen-candidates.js';

/** A cut box is dropped if a whole one of another view holds this part of its area. */
const CONTAINED = 0.7;
/** Score of a cut box whose rest no other view shows: it is a part of something, and its score is for the whole. */
const LONE = 0.25;

/**
 * One set of candidates from those of all views, with seams understood.
 *
 * A box is *cut* where it ends at an edge of its tile that lies inside the image: more of its object lies beyond.
 *
 * 1. Whole boxes suppress each other as in one image, and cut boxes suppress cut ones of their own view. A cut box never
 *    suppresses a whole one.
 * 2. A candidate of the whole image counts only if no tile shows its box uncut: tiles see more of small objects.
 * 3. A cut box is dropped if a whole one of another view contains 70 % of it, or a better whole one of its own view
 *    overlaps it by more than the IoU threshold.
 * 4. Cut boxes of one class on two sides of a seam become one box, their union, if they overlap along that seam (IoU of
 *    their extents from 0.5) and meet across it. Its score is their mean. Corners join in the same way, pair by pair.
 * 5. A cut box that is left alone keeps a quarter of its score.
 * 6. With `suppression: 'nms'`, a box that lies in a better one of its class and shares two of its sides keeps half of its
 *    score, unless its score is more than 0.8 of the better one's: detectors see heads and bodies as persons, and the finer
 *    view of a tile makes them surer of it.
 *
 * Views of one part of the image, mirrored or at other scales, count as one view in these rules.
 *
 * Limits: an object larger than the overlap, which no view shows whole, is as good as the union of its parts; two objects
 * side by side that a seam cuts at the same height are joined crosswise only if they overlap along the seam.
 *
 * @param seen   candidates of all views, in pixels of the image. Not changed.
 * @param views  by number
 * @returns candidates in pixels of the image, by row id, then by class; scores may lie below their thresholds. Row ids are
 *   those of the views, made distinct; joined boxes of the same rows have one row id.
 * Source: own work; slow twin in test/reference/join-views.ts
 */
export function joinViews(seen: SeenCandidates, views: readonly View[], plan: SuppressionPlan): Candidates {
  const shown = someSeen(seen, withoutRedundant(seen, views));
  const places = placesOf(views);
  const best = strongestOfViews(shown, places, plan);
  const whole = best.filter((i) => shown.cut[i] === 0);
  const cut = best.filter((i) => shown.cut[i] !== 0 && !isCovered({ shown, places, whole }, i, plan));
  const { joined, alone } = joinSeams(someSeen(shown, cut), views);
  const rows = rowIds(shown, joined);
  const uncut = plan.suppression === 'nms' ? whole : everyWhole(shown);
  const parts = someSeen(shown, cut);
  const all = [
    ...uncut.map((i) => part(shown, i, rows.of(shown.views[i]!, shown.rows[i]!), 1)),
    ...alone.map((i) => part(parts, i, rows.of(parts.views[i]!, parts.rows[i]!), LONE)),
    ...joined.map((box) => ({ ...box, row: rows.ofJoined(box.members) })),
  ];
  all.sort((a, b) => a.row - b.row || a.classId - b.classId);
  const candidates = asCandidates(all);
  return plan.suppression === 'nms' ? lowerNested(candidates, suppressed(candidates, plan)) : candidates;
}

interface Part {
  row: number;
  classId: number;
  score: number;
  box: readonly number[];
}

function part({ classIds, scores, boxes }: SeenCandidates, i: number, row: number, factor: number): Part {
  return { row, classId: classIds[i]!, score: scores[i]! * factor, box: [...boxes.subarray(4 * i, 4 * i + 4)] };
}

function asCandidates(all: readonly Part[]): Candidates {
  return {
    rows: Uint32Array.from(all, ({ row }) => row),
    classIds: Uint16Array.from(all, ({ classId }) => classId),
    scores: Float32Array.from(all, ({ score }) => score),
    boxes: Float32Array.from(all.flatMap(({ box }) => box)),
    space: 'image',
  };
}

/** Without those of the whole image that a tile shows uncut. */
function withoutRedundant({ views: numbers, boxes, scores }: SeenCandidates, views: readonly View[]): number[] {
  const tiles = views.filter(({ kind }) => kind === 'tile');
  const isShown = (i: number) =>
    tiles.some(({ left, top, width, height, inner }) => {
      const [x1, y1, x2, y2] = boxes.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
      const { low, high } = reach(inner);
      return x1 >= low(left, 1) && y1 >= low(top, 2) && x2 <= high(left + width, 4) && y2 <= high(top + height, 8);
    });
  return [...scores.keys()].filter((i) => views[numbers[i]!]!.kind === 'tile' || tiles.length === 0 || !isShown(i));
}

/** An edge of the image cuts nothing. */
function reach(inner: number) {
  return {
    low: (edge: number, side: number) => (inner & side ? edge : Number.NEGATIVE_INFINITY),
    high: (edge: number, side: number) => (inner & side ? edge : Number.POSITIVE_INFINITY),
  };
}

/** [views] the first view that shows the same part of the image: the part may be looked at in several ways. */
function placesOf(views: readonly View[]): number[] {
  const shows = (a: View, b: View) => a.kind === b.kind && a.left === b.left && a.top === b.top;
  return views.map((view) => views.findIndex((other) => shows(other, view)));
}

/** What greedy suppression leaves: of whole boxes over all views, of cut ones in each part of the image. */
function strongestOfViews(shown: SeenCandidates, places: readonly number[], plan: SuppressionPlan): number[] {
  const groups = new Map<number, number[]>(); // −1: the whole ones
  for (let i = 0; i < shown.scores.length; i++) {
    const group = shown.cut[i] === 0 ? -1 : places[shown.views[i]!]!;
    const list = groups.get(group);
    if (list === undefined) groups.set(group, [i]);
    else list.push(i);
  }
  return [...groups.values()].flatMap((list) => {
    const { rows, classIds, scores, boxes } = someSeen(shown, list);
    return Array.from(suppressed({ rows, classIds, scores, boxes, space: 'image' }, plan), (k) => list[k]!);
  });
}

/** @returns kept candidates, by greedy suppression without limits */
function suppressed(candidates: Candidates, plan: SuppressionPlan): Uint32Array {
  const endless = { maxCandidates: Number.POSITIVE_INFINITY, maxDetections: Number.POSITIVE_INFINITY };
  const unlimited: SuppressionPlan = { ...plan, ...endless, maxPerClass: Number.POSITIVE_INFINITY, suppression: 'nms' };
  return suppress(candidates, unlimited).keep;
}

function everyWhole({ cut }: SeenCandidates): number[] {
  return [...cut.keys()].filter((i) => cut[i] === 0);
}

interface Shown {
  shown: SeenCandidates;
  places: readonly number[];
  whole: readonly number[];
}

function isCovered({ shown, places, whole }: Shown, i: number, plan: SuppressionPlan): boolean {
  const { views, classIds, scores, boxes } = shown;
  const bucket = plan.buckets[classIds[i]!];
  const area = areaOf(boxes, i);
  return whole.some((j) => {
    if (plan.buckets[classIds[j]!] !== bucket || scores[j]! < LONE * scores[i]!) return false;
    const shared = overlapArea(boxes, i, boxes, j);
    if (places[views[j]!] !== places[views[i]!]) return shared >= CONTAINED * area;
    const iou = shared / (area + areaOf(boxes, j) - shared);
    return scores[j]! >= scores[i]! && iou > plan.iouThresholds[classIds[i]!]!;
  });
}

/** Row ids that no two views share, and ids for joined boxes by the rows they are made of. */
function rowIds({ rows, views }: SeenCandidates, joined: readonly { members: readonly [number, number][] }[]) {
  const perView = 1 + rows.reduce((highest, row) => Math.max(highest, row), 0);
  const first = perView * (1 + views.reduce((highest, view) => Math.max(highest, view), 0));
  const key = (members: readonly [number, number][]) => members.map((member) => member.join(':')).join(' ');
  const ids = new Map<string, number>();
  for (const { members } of joined) if (!ids.has(key(members))) ids.set(key(members), first + ids.size);
  return {
    of: (view: number, row: number) => view * perView + row,
    ofJoined: (members: readonly [number, number][]) => ids.get(key(members))!,
  };
}
