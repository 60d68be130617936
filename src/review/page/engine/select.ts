import { FAILED } from '../../protocol/blocks.js';
import type { Corrections, ImageCorrection } from '../../protocol/info.js';
import type { Order } from '../../protocol/messages.js';
import { type KnobView, looksAtLabels } from '../../protocol/view.js';
import type { LabelTable } from './label-table.js';

/** What a choice of images goes by. */
export interface Facts {
  table: LabelTable;
  /** [labels] score from which a label is visible */
  from: Float64Array;
  /** [images] */
  flags: Uint8Array;
  corrections: Corrections;
  /** With ground truth, [images]. */
  outcomes: { found: Uint32Array; wrong: Uint32Array; missed: Uint32Array } | null;
  /** [images] 1: it has the confusion, or the kind of error, that is looked for; null: none is */
  special: Uint8Array | null;
  /** [images] how much differs from another run; null: there is none */
  differences: Uint32Array | null;
}

/** The rows of a run whose images are all shown, by name. */
export function allImages(count: number, descending: boolean): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_, row) => row);
  return descending ? rows.reverse() : rows;
}

/** The rows of a view's images, in its order. */
export function selectImages(facts: Facts, view: KnobView): Uint32Array {
  const count = facts.table.starts.length - 1;
  const rows = new Uint32Array(count);
  const keys = new Float64Array(count);
  const wanted = wantedImages(facts, view);
  const key = keyOf(facts, view);
  let n = 0;
  for (let row = 0; row < count; row++) {
    if (!wanted(row)) continue;
    rows[n++] = row;
    keys[row] = key(row);
  }
  const chosen = rows.subarray(0, n);
  if (view.sort !== 'name') chosen.sort((a, b) => keys[a]! - keys[b]! || a - b);
  return view.descending ? chosen.slice().reverse() : chosen.slice();
}

/** The visible labels of a view's images as patches, label by label, highest score first. */
export function selectPatches(facts: Facts, view: KnobView): Omit<Order, 'images'> {
  const { table, from } = facts;
  const chosen: number[] = [];
  const imageOf: number[] = [];
  const only = new Set(view.labels);
  for (const row of selectImages(facts, { ...view, sort: 'name', descending: false })) {
    for (let i = table.starts[row]!; i < table.starts[row + 1]!; i++) {
      const score = table.scores[i]!;
      const classId = table.classIds[i]!;
      if (!(Math.fround(score) >= from[classId]!) || score < view.scores[0] || score > view.scores[1]) continue;
      if (only.size > 0 && !only.has(classId)) continue;
      chosen.push(i);
      imageOf.push(row);
    }
  }
  const order = Uint32Array.from(chosen.keys());
  const up = view.descending ? -1 : 1;
  order.sort((a, b) => {
    const [x, y] = [chosen[a]!, chosen[b]!];
    return table.classIds[x]! - table.classIds[y]! || up * (table.scores[y]! - table.scores[x]!) || a - b;
  });
  const boxes = new Float32Array(4 * order.length);
  order.forEach((at, i) => {
    boxes.set(table.boxes.subarray(4 * chosen[at]!, 4 * chosen[at]! + 4), 4 * i);
  });
  return {
    rows: Uint32Array.from(order, (at) => imageOf[at]!),
    patches: {
      classIds: Uint16Array.from(order, (at) => table.classIds[chosen[at]!]!),
      scores: Float32Array.from(order, (at) => table.scores[chosen[at]!]!),
      boxes,
    },
  };
}

function wantedImages(facts: Facts, view: KnobView): (row: number) => boolean {
  const { flags, outcomes, special } = facts;
  const tests: ((row: number) => boolean)[] = [];
  const { state, outcome } = view;
  const correction = (row: number): ImageCorrection | undefined => facts.corrections[row];
  if (state === 'failed') tests.push((row) => (flags[row]! & FAILED) !== 0);
  if (state === 'open') tests.push((row) => (flags[row]! & FAILED) === 0 && correction(row)?.reviewed !== true);
  if (state === 'reviewed') tests.push((row) => correction(row)?.reviewed === true);
  if (state === 'corrected') tests.push((row) => correction(row)?.edited === true);
  if (outcomes !== null) {
    const { found, wrong, missed } = outcomes;
    if (outcome === 'tp') tests.push((row) => found[row]! > 0);
    if (outcome === 'fp') tests.push((row) => wrong[row]! > 0);
    if (outcome === 'fn') tests.push((row) => missed[row]! > 0);
    if (outcome === 'clean') tests.push((row) => wrong[row] === 0 && missed[row] === 0);
  }
  const { differences } = facts;
  if (outcome === 'different' && differences !== null) tests.push((row) => differences[row]! > 0);
  if (special !== null) tests.push((row) => special[row] === 1);
  if (looksAtLabels(view)) tests.push(labelTest(facts, view));
  return (row) => tests.every((test) => test(row));
}

/** Whether the visible labels of an image are as they are wanted. */
function labelTest({ table, from }: Facts, { labels, match, scores: [lowest, highest], counts }: KnobView) {
  const wanted = new Set(labels);
  const { starts, regions, classIds, scores } = table;
  const enough = (own: number, all: number): boolean => {
    if (match === 'together') return own === wanted.size;
    if (match === 'several') return all > 1 && (wanted.size === 0 || own > 0);
    return wanted.size === 0 || own > 0;
  };
  const scoresMatter = lowest > 0 || highest < 1;
  return (row: number): boolean => {
    const [start, end] = [starts[row]!, starts[row + 1]!];
    let [visible, hit] = [0, false];
    for (let i = start; i < end; ) {
      let [own, all, scored, first] = [0, 0, false, i];
      for (; i < end && regions[i] === regions[first]; i++) {
        const classId = classIds[i]!;
        if (!(Math.fround(scores[i]!) >= from[classId]!)) continue;
        all++;
        const counting = wanted.size === 0 || wanted.has(classId);
        if (wanted.has(classId)) own++;
        if (counting && scores[i]! >= lowest && scores[i]! <= highest) scored = true;
      }
      if (all > 0) visible++;
      if (all > 0 && enough(own, all) && scored) hit = true;
    }
    const any = labels.length > 0 || match === 'several' || scoresMatter;
    return visible >= counts[0] && visible <= counts[1] && (hit || !any);
  };
}

/** What images are sorted by, ascending. */
function keyOf({ table, from, outcomes, differences }: Facts, { sort }: KnobView): (row: number) => number {
  const { starts, scores, classIds, regions } = table;
  if (sort === 'errors') return (row) => -(outcomes === null ? 0 : outcomes.wrong[row]! + outcomes.missed[row]!);
  if (sort === 'difference') return (row) => -(differences?.[row] ?? 0);
  if (sort === 'uncertainty') {
    return (row) => {
      let nearest = 1;
      for (let i = starts[row]!; i < starts[row + 1]!; i++) {
        nearest = Math.min(nearest, Math.abs(scores[i]! - from[classIds[i]!]!));
      }
      return nearest;
    };
  }
  if (sort === 'count') {
    return (row) => {
      let [count, last] = [0, -1];
      for (let i = starts[row]!; i < starts[row + 1]!; i++) {
        if (!(Math.fround(scores[i]!) >= from[classIds[i]!]!) || regions[i] === last) continue;
        count++;
        last = regions[i]!;
      }
      return -count;
    };
  }
  return (row) => row;
}
