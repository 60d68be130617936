import { describe, expect, test } from 'vitest';
import { planOf } from '../../src/options/plan.js';
import type { View } from '../../src/types/views.js';
import { joinViews } from '../../src/views/join-views.js';
import { planViews } from '../../src/views/plan-views.js';
import { seenCandidates, unflipped, type ViewCandidates } from '../../src/views/seen-candidates.js';
import { asRows, joinViewsSlowly } from '../reference/join-views.js';
import { randomNumbers } from '../support/random.js';

// An image of 1100 × 600 in two tiles of 600 × 600 that overlap by 100: the left one ends at 600, the right one begins at 500.
const how = planOf({ labels: ['a', 'b'] }, { tiles: 600, tileOverlap: 100 }).views!.looks[0];
const views = planViews({ width: 1100, height: 600 }, how!.tiles);
const [LEFT, RIGHT, WHOLE] = [0, 1, 2];
const plan = how!.candidates;

type Given = [view: number, box: [number, number, number, number], score: number, classId?: number, row?: number];

/** Boxes are given in pixels of the image. */
function seen(given: readonly Given[], of: readonly View[] = views): ViewCandidates[] {
  return of.map((view, number): ViewCandidates => {
    const own = given.filter(([which]) => which === number);
    const { left, top, width, height } = view;
    const sides = { imageWidth: width, imageHeight: height, fittedWidth: width, fittedHeight: height };
    return {
      view,
      geometry: { ...sides, offsetX: 0, offsetY: 0, inputWidth: width, inputHeight: height },
      candidates: {
        rows: Uint32Array.from(own, ([, , , , row], i) => row ?? i),
        classIds: Uint16Array.from(own, ([, , , classId = 0]) => classId),
        scores: Float32Array.from(own, ([, , score]) => score),
        boxes: Float32Array.from(
          own.flatMap(([, [x1, y1, x2, y2]]) => unflipped([x1 - left, y1 - top, x2 - left, y2 - top], view)),
        ),
        space: 'image',
      },
    };
  });
}

/** Joined boxes with scores, best first. */
function joined(...given: Given[]) {
  const { boxes, scores, classIds, rows } = joinViews(seenCandidates(seen(given)), views as View[], plan);
  const found = Array.from(scores, (score, i) => ({
    box: [...boxes.subarray(4 * i, 4 * i + 4)],
    score: Math.round(score * 1e4) / 1e4,
    classId: classIds[i]!,
    row: rows[i]!,
  }));
  return found.sort((a, b) => b.score - a.score);
}

const shown = (...given: Given[]) => joined(...given).map(({ box, score }) => [...box, score]);

describe('seams', () => {
  test('a whole box in both tiles: the better one', () => {
    expect(shown([LEFT, [510, 10, 590, 90], 0.8], [RIGHT, [511, 10, 591, 90], 0.9])).toEqual([[511, 10, 591, 90, 0.9]]);
  });

  test('a cut box goes where another tile shows it whole, even if it is surer', () => {
    expect(shown([LEFT, [520, 10, 600, 90], 0.9], [RIGHT, [520, 10, 640, 90], 0.5])).toEqual([[520, 10, 640, 90, 0.5]]);
  });

  test('and where the whole image shows it', () => {
    expect(shown([LEFT, [300, 10, 600, 400], 0.9], [WHOLE, [300, 10, 800, 400], 0.6])).toEqual([
      [300, 10, 800, 400, 0.6],
    ]);
  });

  test('a cut box suppresses no whole one, however much they overlap', () => {
    const whole: Given = [LEFT, [520, 10, 595, 90], 0.3];
    expect(shown([LEFT, [521, 10, 600, 90], 0.9], whole)).toContainEqual([520, 10, 595, 90, expect.closeTo(0.3)]);
  });

  test('two parts of one object: their union, with the mean of their scores', () => {
    expect(shown([LEFT, [400, 100, 600, 200], 0.9], [RIGHT, [500, 105, 720, 205], 0.7])).toEqual([
      [400, 100, 720, 205, 0.8],
    ]);
  });

  test.each<[string, Given, Given]>([
    ['of other labels', [LEFT, [400, 100, 600, 200], 0.8], [RIGHT, [500, 100, 700, 200], 0.8, 1]],
    ['at other heights', [LEFT, [400, 100, 600, 200], 0.8], [RIGHT, [500, 160, 700, 300], 0.8]],
    ['of which one is whole', [LEFT, [400, 100, 600, 200], 0.8], [RIGHT, [510, 300, 700, 400], 0.8]],
  ])('parts %s are not joined', (_, left, right) => {
    const boxes = joined(left, right).map(({ box }) => box);
    expect(boxes).toContainEqual(left[1]);
    expect(boxes).toContainEqual(right[1]);
  });

  test('a part that is left alone keeps a quarter of its score', () => {
    expect(shown([LEFT, [400, 100, 600, 200], 0.8])).toEqual([[400, 100, 600, 200, 0.2]]);
  });

  test('the edge of the image cuts nothing', () => {
    expect(shown([LEFT, [0, 0, 100, 100], 0.8], [RIGHT, [1000, 500, 1100, 600], 0.7])).toEqual([
      [0, 0, 100, 100, 0.8],
      [1000, 500, 1100, 600, 0.7],
    ]);
  });

  test('the whole image counts only for what no tile shows uncut', () => {
    expect(shown([WHOLE, [10, 10, 100, 100], 0.9], [WHOLE, [300, 10, 900, 500], 0.8])).toEqual([
      [300, 10, 900, 500, 0.8],
    ]);
  });

  test('joined boxes of the same rows have one row id, so that their labels are one region', () => {
    const parts = (classId: number): Given[] => [
      [LEFT, [400, 100, 600, 200], 0.8, classId, 3],
      [RIGHT, [500, 100, 700, 200], 0.6, classId, 5],
    ];
    const [a, b] = joined(...parts(0), ...parts(1));
    expect(a!.row).toBe(b!.row);
    expect(a!.box).toEqual([400, 100, 700, 200]);
    expect([a!.classId, b!.classId].sort()).toEqual([0, 1]);
  });
});

describe('nested boxes', () => {
  test('a part of a better box keeps half of its score', () => {
    expect(shown([LEFT, [10, 10, 110, 310], 0.9], [LEFT, [10, 10, 108, 120], 0.6])).toEqual([
      [10, 10, 110, 310, 0.9],
      [10, 10, 108, 120, 0.3],
    ]);
  });

  test.each<[string, Given]>([
    ['an object in front of a larger one', [LEFT, [40, 100, 80, 200], 0.6]],
    ['one that is nearly as sure', [LEFT, [10, 10, 108, 120], 0.8]],
    ['another label', [LEFT, [10, 10, 108, 120], 0.6, 1]],
  ])('%s keeps its score', (_, inner) => {
    expect(shown([LEFT, [10, 10, 110, 310], 0.9], inner)).toContainEqual([...inner[1], inner[2]]);
  });
});

/** Random candidates of all views; many lie at edges. */
function scattered(random: () => number, of: readonly View[]): Given[] {
  return Array.from({ length: 80 }, (_, row): Given => {
    const view = Math.floor(random() * of.length);
    const { left, width } = of[view]!;
    const x = Math.max(left, left + random() * width * 1.1 - 60);
    const y = Math.floor(random() * 10) * 50;
    const box: Given[1] = [
      x,
      y,
      Math.min(x + 20 + random() * 250, left + width),
      Math.min(y + 60 + random() * 100, 600),
    ];
    return [view, box, Math.fround(0.06 + 0.9 * random()), Math.floor(random() * 2), row];
  });
}

const lines = (rows: readonly number[][]) =>
  rows.map((row) => row.map((value) => Math.round(value * 1e3) / 1e3).join(' ')).sort();

const mirrored = planViews({ width: 1100, height: 600 }, how!.tiles, [{ scale: 1, flip: 'horizontal' }]);

test.each([
  ['tiles', views],
  ['mirrored tiles as well', mirrored],
])('%s: equal to the slow twin, whatever the order of candidates', (_, of) => {
  const random = randomNumbers(7);
  for (let round = 0; round < 200; round++) {
    const given = scattered(random, of);
    const all = seenCandidates(seen(given, of));
    const expected = lines(joinViewsSlowly(all, of, plan));
    expect(lines(asRows(joinViews(all, of, plan)))).toEqual(expected);
    const turned = seenCandidates(seen(given.toReversed(), of));
    expect(lines(asRows(joinViews(turned, of, plan)))).toEqual(expected);
  }
});
