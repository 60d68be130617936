import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/heads/fields.js';
import { type HeadSpec, headOf } from '../../src/heads/index.js';
import { isHead } from '../../src/identify/spec/model-spec.js';

const boxFields = { boxFormat: 'xyxy', boxUnit: 'image-pixels' } as const;
const dense = { layout: 'rows', activation: 'sigmoid', ...boxFields, suppress: true } as const;
const specs: { [Family in HeadSpec['family']]: Extract<HeadSpec, { family: Family }>[] } = {
  ssd: [{ family: 'ssd', scores: 's', boxes: 'b', anchors: 'a', activation: 'sigmoid', boxScales: [10, 10, 5, -5] }],
  yolo: [{ family: 'yolo', output: 'o', objectness: false, ...dense }],
  'boxes-scores': [{ family: 'boxes-scores', boxes: 'b', scores: 's', ...dense }],
  rows: [
    { family: 'rows', output: 'o', count: null, columns: { all: 6, box: 0, score: 4, class: 5 }, ...boxFields },
    { family: 'rows', output: 'o', count: 'n', columns: { all: 7, box: 3, score: 2, class: 1 }, ...boxFields },
  ],
  parts: [
    { family: 'parts', boxes: 'b', scores: null, classes: 'c', count: null, ...boxFields },
    { family: 'parts', boxes: 'b', scores: 's', classes: 'c', count: 'n', ...boxFields },
  ],
  selected: [{ family: 'selected', boxes: 'b', scores: 's', indices: 'i', ...boxFields }],
  'yolo-grid': ['yolov5' as const, [[10, 13]]].map((anchors) => ({
    ...{ family: 'yolo-grid', outputs: ['o'], order: 'anchors-cells', strides: [8], reach: [2] },
    ...{ anchors, size: 'square', boxActivation: 'none', activation: 'sigmoid' },
  })),
  yolox: [{ family: 'yolox', output: 'o', strides: [8, 16], activation: 'none' }],
  'yolox-levels': [
    {
      ...{ family: 'yolox-levels', boxes: ['b'], objectness: ['o'], scores: ['s'], layout: 'rows' },
      ...{ strides: [8], activation: 'none', combine: 'root' },
    },
  ],
  dfl: [
    {
      ...{ family: 'dfl', scores: ['s'], distances: ['d'] },
      ...{ activation: 'sigmoid', strides: [8], bins: 8, centre: 0 },
    },
  ],
  centernet: [
    { family: 'centernet', heatmap: 'h', sizes: 's', offsets: null, activation: 'none' },
    { family: 'centernet', heatmap: 'h', sizes: 's', offsets: 'o', activation: 'none' },
  ],
  'anchor-deltas': ['retinanet' as const, [[32.5, 32]]].map((anchors) => ({
    ...{ family: 'anchor-deltas', scores: ['s'], deltas: ['d'], layout: 'maps', activation: 'sigmoid' },
    ...{ order: 'yxhw', strides: [7.5], anchors },
  })),
} as const;

const STRANGE: unknown[] = [
  ...[undefined, null, true, 'sigmoyd', 'toString', 0, -1, 1.5, Number.NaN, 1n],
  ...[[], [''], [null], [0], [1, 2, 3, 4, 5], [1, 2, 0, 4], [1, 2, '3', 4], [['1']], [[]], {}, () => 1],
  ...[
    { all: 6, box: 0, score: 4 },
    { all: 6, box: -1, score: 4, class: 5 },
    { all: 6, box: 0, score: '4', class: 5 },
  ],
];

describe.each(Object.values(specs).flat())('$family', (spec) => {
  const fields: Record<string, Field> = headOf<HeadSpec>(spec).fields;

  test('a spec of it is taken, and has these fields', () => {
    expect(isHead(spec)).toBe(true);
    const named = Object.keys(spec).filter((name) => name !== 'family');
    const required = Object.keys(fields).filter((name) => !fields[name].holds(undefined));
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(named));
    expect(named).toEqual(expect.arrayContaining(required));
    for (const [name, { holds }] of Object.entries(fields)) {
      expect(holds(spec[name as keyof HeadSpec]), name).toBe(true);
    }
  });

  test('what the schema of spec files refuses is refused', () => {
    for (const [name, { holds }] of Object.entries(fields)) {
      const refused = STRANGE.filter((value) => !isHead({ ...spec, [name]: value }));
      expect(refused.length, name).toBeGreaterThan(10);
      expect(
        refused.filter((value) => value !== undefined && holds(value)),
        name,
      ).toEqual([]);
    }
  });
});

test.each([
  { all: 6, box: 3, score: 0, class: 1 },
  { all: 6, box: 0, score: 6, class: 5 },
  { all: 6, box: 0, score: 4, class: 7 },
])('columns outside of the row: %o', (columns) => {
  expect(headOf(specs.rows[0]!).fields.columns.holds(columns)).toBe(false);
});
