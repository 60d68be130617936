import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlain } from '../../../src/check/shapes.js';
import type { HeadSpec } from '../../../src/heads/index.js';
import { type ModelSpec, readSpec } from '../../../src/identify/spec/model-spec.js';
import { requireSpec } from '../../../src/postprocess/api/require-spec.js';
import { HEAD_SPECS } from '../../support/head-specs.js';
import { inputSpec } from '../../support/input-spec.js';

const heads: HeadSpec[] = Object.values(HEAD_SPECS).flat();
const specOf = (head: HeadSpec): ModelSpec => ({
  ...{ name: 'a', input: inputSpec({ width: 64, height: 64 }), head, labels: ['car', null] },
  parents: [{ label: 'vehicle', below: ['car'], score: 'maximum' }],
});

/** What a check says against a spec, without who says it; null: nothing. */
function complaintOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    const [, message] = /^(?:a\.json|postprocess): (.*)$/.exec((error as Error).message)!;
    return message!.replace(/(expected|fields of) spec(\.| to be |: )/, (_, word, end) =>
      end === '.' ? `${word} ` : end === ': ' ? 'fields ' : `${word} `,
    );
  }
}

function complaintsOf(spec: unknown): [fromFile: string | null, ofPostprocess: string | null] {
  return [complaintOf(() => readSpec(spec, 'a.json')), complaintOf(() => requireSpec(spec, 'postprocess'))];
}

describe('postprocess refuses what a spec file may not say, in the same words', () => {
  const [rows, grid, deltas] = [HEAD_SPECS.rows[0]!, HEAD_SPECS['yolo-grid'][0]!, HEAD_SPECS['anchor-deltas'][0]!];
  test.each<[string, unknown, RegExp]>([
    [
      'a score column outside of the row',
      { ...rows, columns: { ...rows.columns, score: 9 } },
      /^expected head\.columns\.score to be a column below 6, received 9\./,
    ],
    [
      'a box that leaves the row',
      { ...rows, columns: { all: 6, box: 3, score: 0, class: 1 } },
      /^expected head\.columns\.box to be the first of four columns out of 6, received 3\./,
    ],
    [
      'a class column outside of the row',
      { ...rows, columns: { ...rows.columns, class: 6 } },
      /^expected head\.columns\.class to be a column below 6, received 6\./,
    ],
    ['no anchors', { ...grid, anchors: [] }, /^expected head\.anchors to be .* lists of positive numbers, received/],
    ['anchors of one stride', { ...grid, anchors: [[1, 2]] }, /^expected head\.anchors to be .* each of 2 strides/],
    ['a width without a height', { ...grid, anchors: [[1], [2]] }, /^expected head\.anchors to be widths and heights/],
    ['a published set for more strides', { ...grid, anchors: 'yolov5' }, /^expected head\.anchors to be .* 2 strides/],
    [
      'no reach',
      { ...grid, reach: [] },
      /^expected head\.reach to be one or more numbers, received Array of length 0\./,
    ],
    ['a reach too few', { ...grid, reach: [2] }, /^expected head\.reach to be a number for each of 2 strides/],
    ['an output too many', { ...grid, outputs: ['a', 'b', 'c'] }, /^expected head\.outputs to be the name of one/],
    ['anchors of two numbers', { ...deltas, anchors: [[1, 2], [3]] }, /^expected head\.anchors to be a width and/],
    ['scores of two levels', { ...deltas, scores: ['a', 'b'] }, /^expected head\.scores to be 1 names of outputs/],
    [
      'an unknown field',
      { ...rows, score: 4 },
      /^expected one of the fields of head: family, output, count, .*, received "score"\./,
    ],
    [
      'an unknown family',
      { ...rows, family: 'row' },
      /^expected head\.family to be 'ssd', .* or 'anchor-deltas', received "row"\./,
    ],
    ['no object', null, /^expected head to be an object, received null\. sigbox inspect --save FILE writes/],
  ])('%s', (_, head, message) => {
    const [fromFile, ofPostprocess] = complaintsOf(specOf(head as HeadSpec));
    expect(fromFile).toMatch(message);
    expect(ofPostprocess).toBe(fromFile);
  });

  test.each(heads)('a right $family is none of it', (head) => {
    expect(complaintsOf(specOf(head))).toEqual([null, null]);
  });
});

const STRANGE: unknown[] = [
  ...[null, true, 'sigmoyd', 'toString', '__proto__', 0, -1, 1.5, 9, Number.NaN, Number.POSITIVE_INFINITY, 1n],
  ...[[], [''], [null], [0], [1, 2, 3, 4, 5], [1, 2, 0, 4], [1, 2, '3', 4], [['1']], [[]], [[1, 2]], {}, () => 1],
  ...[{ all: 6, box: 0, score: 4 }, { all: 2, box: 0, score: 1, class: 1 }, Symbol.iterator, new Date(0)],
];

/** Later changes of a spec may reach into a value: then it must not be one of those that others get as well. */
function copied(value: unknown): unknown {
  return typeof value === 'object' ? structuredClone(value) : value;
}

/** A change of a spec: at one of its places, taken modulo as many as there are. */
const change = fc.record({
  place: fc.nat(),
  how: fc.oneof(
    fc.constant({ kind: 'drop' as const }),
    fc.record({ kind: fc.constant('add' as const), name: fc.oneof(fc.string(), fc.constant('constructor')) }),
    fc.record({
      kind: fc.constant('set' as const),
      value: fc.oneof(fc.constantFrom(...STRANGE).map(copied), fc.anything()),
    }),
  ),
});

type Holder = Record<string, unknown>;

/** Every place in a spec: the object or array and the key. */
function placesOf(holder: Holder): [Holder, string][] {
  return Object.entries(holder).flatMap(([key, value]) => {
    const inside = typeof value === 'object' && value !== null ? placesOf(value as Holder) : [];
    return [[holder, key] as [Holder, string], ...inside];
  });
}

/** postprocess takes parts of a spec: these may be missing in one and not in the other. */
function isPart(spec: ModelSpec, holder: Holder, key: string): boolean {
  const parts = holder === (spec as object) ? ['name', 'input'] : holder === (spec.input as object) ? null : [];
  return parts === null ? !['width', 'height', 'fit'].includes(key) : parts.includes(key);
}

function apply(
  spec: ModelSpec,
  { place, how }: { place: number; how: { kind: string; name?: string; value?: unknown } },
) {
  const places = placesOf(spec as unknown as Holder);
  const [holder, key] = places[place % places.length]!;
  if (how.kind === 'add') holder[how.name!] ??= 1;
  else if (how.kind === 'set' && how.value !== undefined) {
    // An object without the input's fields is a part of an input, too.
    if (!(isPart(spec, holder, key) && isPlain(how.value))) holder[key] = how.value;
  } else if (!isPart(spec, holder, key)) delete holder[key];
}

test('any spec is taken by both or refused by both, in the same words', () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.array(change, { minLength: 1, maxLength: 3 }), (head, changes) => {
      const spec = structuredClone(specOf(head));
      for (const one of changes) if (typeof spec.input === 'object') apply(spec, one);
      const [fromFile, ofPostprocess] = complaintsOf(spec);
      expect(ofPostprocess).toBe(fromFile);
      if (fromFile !== null) refused++;
    }),
    { numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(1000);
});
