import { expect, test } from 'vitest';
import { SIDE } from '../../src/types/views.js';
import { planViews } from '../../src/views/plan-views.js';
import { tilePlan } from '../../src/views/tile-options.js';
import { complaint } from '../support/complaint.js';

const model = { width: 300, height: 200 };
const grid = (tiles: Parameters<typeof tilePlan>[0]['tiles'], tileOverlap = 0.2, wholeImage = true) =>
  tilePlan({ ...(tiles === undefined ? {} : { tiles }), tileOverlap, wholeImage }, model);

test.each<[string, Parameters<typeof grid>, ReturnType<typeof grid>]>([
  ['none', [undefined], null],
  ['a side', [640], { width: 640, height: 640, overlapX: 128, overlapY: 128, whole: true }],
  [
    'both sides as a text',
    ['640x480', 0.1, false],
    { width: 640, height: 480, overlapX: 64, overlapY: 48, whole: false },
  ],
  ['the size of the model', ['auto', 0], { width: 300, height: 200, overlapX: 0, overlapY: 0, whole: true }],
  ['an overlap in pixels', [[500, 400], 50], { width: 500, height: 400, overlapX: 50, overlapY: 50, whole: true }],
])('tiles: %s', (_, given, expected) => {
  expect(grid(...given)).toEqual(expected);
});

test.each([1000, 640, 1e9])('an overlap of %d pixels in tiles of 640 is refused', (overlap) => {
  expect(() => grid(640, overlap)).toThrow(
    complaint('E_ARGUMENT', /^tiles: expected options\.tileOverlap .* Use 0\.2\.$/),
  );
});

test('an image that fits into a tile is one view', () => {
  expect(planViews({ width: 640, height: 480 }, grid(640)!)).toEqual([
    { kind: 'whole', left: 0, top: 0, width: 640, height: 480, inner: 0 },
  ]);
});

test('tiles of one size, spread evenly, and the whole image', () => {
  const views = planViews({ width: 1500, height: 700 }, grid(640)!);
  expect(views.map(({ kind, left, top, width, height }) => [kind, left, top, width, height])).toEqual([
    ['tile', 0, 0, 640, 640],
    ['tile', 430, 0, 640, 640],
    ['tile', 860, 0, 640, 640],
    ['tile', 0, 60, 640, 640],
    ['tile', 430, 60, 640, 640],
    ['tile', 860, 60, 640, 640],
    ['whole', 0, 0, 1500, 700],
  ]);
  expect(views.map(({ inner }) => inner)).toEqual([
    SIDE.right | SIDE.bottom,
    SIDE.left | SIDE.right | SIDE.bottom,
    SIDE.left | SIDE.bottom,
    SIDE.right | SIDE.top,
    SIDE.left | SIDE.right | SIDE.top,
    SIDE.left | SIDE.top,
    0,
  ]);
});

test('every pixel is in a tile, and neighbours overlap as far as was asked for', () => {
  for (let width = 641; width < 3000; width += 37) {
    const lefts = planViews({ width, height: 10 }, grid(640, 0.2, false)!).map(({ left }) => left);
    expect(lefts[0]).toBe(0);
    expect(lefts.at(-1)! + 640).toBe(width);
    for (const [i, left] of lefts.entries()) if (i > 0) expect(lefts[i - 1]! + 640 - left).toBeGreaterThanOrEqual(128);
  }
});

test('an image that is lower than a tile has lower tiles', () => {
  const [first] = planViews({ width: 1500, height: 300 }, grid(640)!);
  expect(first).toMatchObject({ width: 640, height: 300, inner: SIDE.right });
});

test('too many views are refused with their number', () => {
  const many = () => planViews({ width: 16_000, height: 16_000 }, grid(64)!);
  expect(many).toThrow(
    complaint('E_ARGUMENT', /would be looked at \d{5} times in tiles of 64 × 64; at most 10000 times/),
  );
});
