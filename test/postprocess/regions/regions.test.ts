import { describe, expect, test } from 'vitest';
import { joinRegions, type LabelledBox } from '../../../src/postprocess/regions/regions.js';
import type { Box } from '../../../src/types/detections.js';

const classes = ['car', 'truck', 'bus', 'van'];
const boxes: Record<string, Box> = {
  square: [0, 0, 10, 10],
  ninth: [0, 0, 10, 9], // IoU with the square: exactly 0.9
  eighth: [0, 0, 10, 8], // 0.8 with the square, 0.888… with the ninth
  away: [20, 20, 30, 30],
};

describe('joinRegions', () => {
  /** Detections, highest score first, as label, row of the head and box. Regions as box and labels. */
  const rows: [string, { given: string[]; regionIou?: number; regions: string[] }][] = [
    ['nothing', { given: [], regions: [] }],
    ['one', { given: ['car 4 square'], regions: ['square car'] }],
    ['the same row', { given: ['car 4 square', 'truck 4 square'], regions: ['square car truck'] }],
    ['the same row, whatever the box', { given: ['car 4 square', 'truck 4 away'], regions: ['square car truck'] }],
    ['apart', { given: ['car 4 square', 'truck 5 away'], regions: ['square car', 'away truck'] }],
    ['IoU at regionIou joins', { given: ['car 1 square', 'truck 2 ninth'], regions: ['square car truck'] }],
    [
      'IoU just under regionIou does not',
      { given: ['car 1 square', 'truck 2 ninth'], regionIou: 0.9 + 2 ** -53, regions: ['square car', 'ninth truck'] },
    ],
    [
      'regionIou 1 joins equal boxes, and only these',
      {
        given: ['car 1 square', 'truck 2 square', 'bus 3 ninth'],
        regionIou: 1,
        regions: ['square car truck', 'ninth bus'],
      },
    ],
    [
      'one label never stands twice in a region',
      { given: ['car 1 square', 'car 2 ninth', 'truck 2 ninth'], regions: ['square car', 'ninth car truck'] },
    ],
    [
      'a region of its row that has the label already is not joined',
      { given: ['car 1 square', 'truck 2 ninth', 'car 2 ninth'], regions: ['square car truck', 'ninth car'] },
    ],
    [
      'of two places the one that overlaps more',
      {
        given: ['car 1 eighth', 'car 2 square', 'truck 3 ninth'],
        regionIou: 0.8,
        regions: ['eighth car', 'square car truck'],
      },
    ],
    [
      'of two places alike the higher score',
      { given: ['car 1 square', 'car 2 square', 'truck 3 square'], regions: ['square car truck', 'square car'] },
    ],
    [
      'three labels of one place, highest first',
      { given: ['van 1 square', 'car 2 ninth', 'bus 1 square'], regions: ['square van car bus'] },
    ],
    [
      'compared with the region’s box, not with those that joined it',
      {
        given: ['car 1 square', 'truck 2 ninth', 'bus 3 eighth'],
        regionIou: 0.85,
        regions: ['square car truck', 'eighth bus'],
      },
    ],
  ];

  test.each(rows)('%s', (_, { given, regionIou = 0.9, regions }) => {
    const joined = joinRegions(given.map(detection), regionIou);
    const expected = regions.map((region) => region.split(' '));
    expect(joined.map(({ box, labels }) => [nameOf(box), ...labels.map(({ label }) => label)])).toEqual(expected);
  });

  test('a region is its box and its labels; the first label is repeated, the row is not told', () => {
    const given = ['truck 4 square', 'car 4 square'].map(detection);
    const before = structuredClone(given);
    const truck = { label: 'truck', classId: 1, score: 0.9 };
    const car = { label: 'car', classId: 0, score: 0.8 };
    expect(joinRegions(given, 0.9)).toStrictEqual([{ box: boxes.square, ...truck, labels: [truck, car] }]);
    expect(given).toEqual(before);
  });
});

function detection(text: string, i: number): LabelledBox {
  const [label, row, box] = text.split(' ');
  return { label, classId: classes.indexOf(label), score: (9 - i) / 10, row: Number(row), box: boxes[box] };
}

function nameOf(box: Box): string | undefined {
  return Object.keys(boxes).find((name) => boxes[name] === box);
}
