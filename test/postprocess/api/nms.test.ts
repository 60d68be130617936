import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NmsOptions, nms } from '../../../src/postprocess/api/nms.js';
import type { Candidates } from '../../../src/types/plan.js';
import { nms as twin } from '../../reference/nms.js';
import { candidatesOf, type Row } from '../../support/candidates.js';
import { complaint } from '../../support/complaint.js';
import { randomNumbers } from '../../support/random.js';

const boxes: Record<string, number[]> = {
  whole: [0, 0, 2, 2],
  half: [0, 0, 2, 1], // IoU with the whole: exactly 0.5
  less: [0, 0, 2, 1 - 2 ** -24], // a little under 0.5
  beside: [2, 0, 4, 2], // touches the whole
  over: [1.99, 0, 4, 2], // overlaps the whole a little, and `beside` almost wholly
  away: [7, 7, 9, 9],
  row0: [0, 0, 10, 1], // IoU of neighbouring rows 7/13, of the first and the last 4/16
  row3: [3, 0, 13, 1],
  row6: [6, 0, 16, 1],
  line: [1, 1, 1, 3],
  inverted: [2, 2, 0, 0],
  nan: [Number.NaN, 0, 2, 2],
};

describe('nms', () => {
  /** Each candidate as score, class and name of its box. */
  const rows: [string, { given: string[]; iouThreshold?: number; maxDetections?: number; kept: number[] }][] = [
    ['no candidates', { given: [], kept: [] }],
    ['one candidate', { given: ['0.1 3 whole'], kept: [0] }],
    ['highest score first', { given: ['0.2 1 whole', '0.9 1 beside', '0.5 1 away'], kept: [1, 2, 0] }],
    ['tie: lower number wins', { given: ['0.5 1 whole', '0.5 1 whole'], kept: [0] }],
    ['ties far apart keep their order', { given: ['0.5 1 away', '0.5 1 whole'], kept: [0, 1] }],
    ['IoU at the threshold stays', { given: ['0.9 1 whole', '0.8 1 half'], kept: [0, 1] }],
    ['IoU just over goes', { given: ['0.9 1 whole', '0.8 1 half'], iouThreshold: 0.5 - 2 ** -54, kept: [0] }],
    ['IoU just under stays', { given: ['0.9 1 whole', '0.8 1 less'], kept: [0, 1] }],
    ['threshold 1 keeps one box twice', { given: ['0.9 1 whole', '0.8 1 whole'], iouThreshold: 1, kept: [0, 1] }],
    [
      'threshold 0 lets boxes touch, but not overlap',
      { given: ['0.9 1 whole', '0.8 1 over', '0.7 1 beside'], iouThreshold: 0, kept: [0, 2] },
    ],
    ['each class for itself', { given: ['0.9 1 whole', '0.8 2 whole', '0.7 1 whole'], kept: [0, 1] }],
    ['what was suppressed suppresses nothing', { given: ['0.9 1 row0', '0.8 1 row3', '0.7 1 row6'], kept: [0, 2] }],
    ['boxes without area stay', { given: ['0.9 1 line', '0.8 1 line', '0.7 1 whole'], kept: [0, 1, 2] }],
    ['inverted boxes stay', { given: ['0.9 1 inverted', '0.8 1 inverted', '0.7 1 whole'], kept: [0, 1, 2] }],
    ['boxes that are not numbers stay', { given: ['0.9 1 nan', '0.8 1 whole', '0.7 1 nan'], kept: [0, 1, 2] }],
    [
      'at most maxDetections, the best ones',
      { given: ['0.1 1 whole', '0.3 2 whole', '0.2 3 whole'], maxDetections: 2, kept: [1, 2] },
    ],
    [
      'what is suppressed does not count to maxDetections',
      { given: ['0.9 1 whole', '0.8 1 whole', '0.7 1 away'], maxDetections: 2, kept: [0, 2] },
    ],
  ];

  test.each(rows)('%s', (_, { given, iouThreshold = 0.5, maxDetections = 300, kept }) => {
    const candidates = candidatesOf(given.map(named));
    expect([...nmsOf(candidates, { iouThreshold, maxDetections })]).toEqual(kept);
    expect(candidates).toEqual(candidatesOf(given.map(named)));
  });

  test.each([
    ['a class too few', { classIds: new Uint16Array(1) }, '1 and 8'],
    ['a box too many', { boxes: new Float32Array(12) }, '2 and 12'],
    ['a broken box', { boxes: new Float32Array(7) }, '2 and 7'],
  ])('%s is refused', (_, wrong, received) => {
    const candidates = { ...candidatesOf(['0.9 1 whole', '0.8 1 away'].map(named)), ...wrong };
    const message = `^nms: expected 2 classIds and 8 box numbers for 2 scores, received "${received}"\\.$`;
    expect(() => nmsOf(candidates)).toThrow(complaint('E_ARGUMENT', new RegExp(message)));
  });

  const plain = {
    boxes: [...[0, 0, 2, 2], ...[0, 0, 2, 1.5], ...[0, 0, 2, 2], ...[5, 5, 6, 6]],
    scores: [0.5, 0.75, 0.25, 0.125],
    classIds: [0, 0, 200, 0],
  };
  const single = Float32Array.from(plain.scores);

  test.each<[string, ArrayLike<number>, ArrayLike<number>, unknown]>([
    ['plain arrays', plain.boxes, plain.scores, plain.classIds],
    ['8 bits', Float64Array.from(plain.boxes), Float64Array.from(plain.scores), Uint8Array.from(plain.classIds)],
    ['32 bits', Float64Array.from(plain.boxes), single, Int32Array.from(plain.classIds)],
    ['64 bits', Float32Array.from(plain.boxes), single, BigInt64Array.from(plain.classIds, BigInt)],
    ['what is taken as it is', Float32Array.from(plain.boxes), single, Uint16Array.from(plain.classIds)],
  ])('arrays of any number type: %s', (_, boxesGiven, scores, classIds) => {
    expect([...nms(boxesGiven, scores, classIds as number[])]).toEqual([1, 2, 3]);
    expect(Array.from(boxesGiven)).toEqual(plain.boxes);
  });

  const one = new Float32Array(1);
  test.each<[string, unknown[], RegExp]>([
    ['nothing', [], /^nms: expected boxes to be an array of numbers, received undefined\.$/],
    ['null for scores', [new Float32Array(4), null], /expected scores to be an array of numbers, received null\.$/],
    ['texts', [['0', '0', '1', '1'], one, [0]], /expected boxes to be an array of numbers, received Array of length 4/],
    ['no classes', [new Float32Array(4), one], /expected classIds to be an array of numbers, received undefined/],
    [
      'a class beyond 16 bits',
      [new Float32Array(4), one, Int32Array.of(70000)],
      /^nms: expected classIds\[0\] to be a whole number from 0 to 65535, received 70000\.$/,
    ],
    ['a class below 0', [new Float32Array(4), one, [-1]], /expected classIds\[0\] .*, received -1\.$/],
    ['half a class', [new Float32Array(8), [1, 1], [1, 0.5]], /expected classIds\[1\] .*, received 0\.5\.$/],
    ['a class that is a text', [new Float32Array(4), one, ['1']], /expected classIds\[0\] .*, received "1"\.$/],
    ['a score that is NaN', [new Float32Array(4), [Number.NaN], [0]], /expected scores\[0\] to be a number/],
  ])('%s: refused', (_, given, message) => {
    const call = nms as (...given: unknown[]) => Uint32Array;
    expect(() => call(...given)).toThrow(complaint('E_ARGUMENT', message));
  });

  test('as the naive twin, few values and many ties', () => {
    const side = fc.constantFrom(0, 1, 2, 3, 4, Number.NaN);
    const row = fc.tuple(fc.constantFrom(0.25, 0.5, 1), fc.nat(2), side, side, side, side) as fc.Arbitrary<Row>;
    const threshold = fc.constantFrom(0, 0.25, 1 / 3, 0.5, 1);
    const property = fc.property(
      fc.array(row, { maxLength: 12 }),
      threshold,
      fc.integer({ min: 1, max: 13 }),
      (...given) => void sameAsTwin(...given),
    );
    fc.assert(property, { numRuns: 1000 });
  });

  test('as the naive twin, boxes at the ends of float32', () => {
    const side = fc.oneof(
      fc.float({ noNaN: false }),
      fc.constantFrom(0, -0, 1e-45, 3e-39, 1e-20, 1e19, 2e19, 3e38, -3e38, Infinity, -Infinity),
    );
    const row = fc.tuple(fc.constantFrom(0, -0, 0.25, 1), fc.nat(1), side, side, side, side) as fc.Arbitrary<Row>;
    const threshold = fc.constantFrom(0, 1e-9, 1e-4, 0.25, 1);
    const property = fc.property(
      fc.array(row, { maxLength: 12 }),
      threshold,
      (rows, iouThreshold) => void sameAsTwin(rows.map(upright), iouThreshold, 12),
    );
    fc.assert(property, { numRuns: 2000 });
  });

  test('as the naive twin, IoU around the threshold', () => {
    const side = fc.integer({ min: 0, max: 12 }).map((value) => Math.fround(value / 3));
    const row = fc.tuple(fc.constant(0.5), fc.constant(0), side, side, side, side) as fc.Arbitrary<Row>;
    const part = fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 1, max: 24 }));
    const threshold = part.map(([a, b]) => Math.min(a, b) / b);
    const property = fc.property(fc.array(row, { maxLength: 30 }), threshold, fc.constantFrom(-1, 0, 1), (...given) => {
      const [rows, fraction, step] = given;
      sameAsTwin(rows.map(upright), Math.min(1, Math.max(0, fraction + step * 2 ** -53)), 30);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test.each([1, 9, 100, 5000])('as the naive twin, more candidates than are sorted at once, at most %s', (most) => {
    const random = randomNumbers(8);
    const rows = Array.from({ length: 5000 }, (): Row => {
      const [x, y] = [200 * random(), 200 * random()];
      return [Math.round(1000 * random() ** 4) / 1000, Math.floor(60 * random()), x, y, x + 60, y + 60];
    });
    expect(sameAsTwin(rows, 0.3, most).length).toBeLessThan(5000);
  });

  test.each([0, 0.3, 0.5, 0.8])('as the naive twin, seeded, IoU threshold %s', (iouThreshold) => {
    const random = randomNumbers(5);
    const rows = Array.from({ length: 800 }, (): Row => {
      const [x, y] = [200 * random(), 200 * random()];
      return [random(), Math.floor(4 * random()), x, y, x + 40 + 40 * random(), y + 40 + 40 * random()];
    });
    const kept = sameAsTwin(rows, iouThreshold, 1000);
    expect(kept.length).toBeGreaterThan(4);
    expect(kept.length).toBeLessThan(rows.length);
    sameAsTwin(rows, iouThreshold, 5);
  });
});

function sameAsTwin(rows: Row[], iouThreshold: number, maxDetections: number): number[] {
  const candidates = candidatesOf(rows);
  const kept = [...nmsOf(candidates, { iouThreshold, maxDetections })];
  expect(kept).toEqual(twin(candidates, iouThreshold, maxDetections));
  return kept;
}

function nmsOf({ boxes, scores, classIds }: Candidates, options: NmsOptions = {}): Uint32Array {
  return nms(boxes, scores, classIds, options);
}

/** The same box with its corners in order, where they are numbers. */
function upright([score, classId, x1, y1, x2, y2]: Row): Row {
  return [score, classId, Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

function named(row: string): Row {
  const [score, classId, box] = row.split(' ');
  return [Number(score), Number(classId), ...boxes[box]];
}
