import { describe, expect, test } from 'vitest';
import { COCO_IOU_THRESHOLDS, type MatchOptions, match } from '../../../src/evaluate/matching/match.js';
import { COCO_AREAS } from '../../../src/evaluate/metrics/areas.js';
import { type CocoDetection, type CocoGroundTruth, matchResults } from '../../reference/coco-match.js';
import { detectionTable, groundTruthTable } from '../../support/coco-tables.js';
import { complaint } from '../../support/complaint.js';
import { randomCoco } from '../../support/random-coco.js';

const at = (x: number, changes: Partial<CocoGroundTruth> = {}): CocoGroundTruth => {
  const bbox = changes.bbox ?? [x, 0, 10, 10];
  return { id: 1, image_id: 0, category_id: 0, bbox, area: bbox[2] * bbox[3], ...changes };
};
const found = (x: number, score: number, changes: Partial<CocoDetection> = {}): CocoDetection => {
  return { image_id: 0, category_id: 0, bbox: [x, 0, 10, 10], score, ...changes };
};

/** Of each detection, best first: + found a ground truth, − found none, · doesn't count. */
function marks(groundTruths: CocoGroundTruth[], detections: CocoDetection[], options: MatchOptions = {}): string {
  const matches = match(groundTruthTable(groundTruths), detectionTable(detections), { images: 2, classes: 2 }, options);
  return Array.from(matches.rows, (_, i) =>
    matches.ignored[0][i] & 1 ? '·' : matches.matched[0][i] & 1 ? '+' : '−',
  ).join('');
}

describe('what becomes of detections, at IoU 0.5', () => {
  const small = { name: 'small', min: 0, max: 99 };
  const rows: [string, string, CocoGroundTruth[], CocoDetection[], MatchOptions?][] = [
    ['nothing at all', '', [], []],
    ['no ground truth', '−', [], [found(0, 0.9)]],
    ['no detection', '', [at(0)], []],
    ['the second on a ground truth finds it taken', '+−', [at(0)], [found(0, 0.9), found(0, 0.8)]],
    ['equal scores: the earlier row takes it', '+−', [at(0)], [found(0, 0.9), found(1, 0.9)]],
    ['the best overlap of two', '++', [at(0), at(4)], [found(3, 0.9), found(1, 0.8)]],
    ['equal overlaps: the later ground truth', '+−', [at(0), at(4, { id: 2 })], [found(2, 0.9), found(5, 0.8)]],
    ['an overlap that is the threshold', '+', [at(0)], [found(0, 0.9, { bbox: [0, 0, 5, 10] })]],
    ['an overlap just below it', '−', [at(0)], [found(0, 0.9, { bbox: [0, 0, 4.999, 10] })]],
    ['another class', '−', [at(0, { category_id: 1 })], [found(0, 0.9)]],
    ['another image', '−', [at(0, { image_id: 1 })], [found(0, 0.9)]],
    ['an empty box', '−', [at(0, { bbox: [0, 0, 0, 10] })], [found(0, 0.9, { bbox: [0, 0, 0, 10] })]],
    ['a crowd takes many', '··', [at(0, { iscrowd: 1, bbox: [0, 0, 90, 90] })], [found(0, 0.9), found(9, 0.8)]],
    ['a crowd counts the part that lies in it', '·−', [at(0, { iscrowd: 1 })], [found(5, 0.9), found(5.1, 0.8)]],
    [
      'a ground truth that counts goes before a crowd that overlaps more',
      '+',
      [at(0, { iscrowd: 1 }), at(3, { id: 2 })],
      [found(0, 0.9)],
    ],
    ['a ground truth outside the area range', '·', [at(0)], [found(0, 0.9)], { areaRanges: [small] }],
    ['… takes one only', '··', [at(0)], [found(0, 0.9), found(0, 0.8)], { areaRanges: [small] }],
    [
      'a small detection on a ground truth that is taken',
      '·−',
      [at(0)],
      [found(0, 0.9), found(0, 0.8, { bbox: [0, 0, 9, 10] })],
      { areaRanges: [small] },
    ],
    ['the edge of an area range', '+', [at(0)], [found(0, 0.9)], { areaRanges: [{ ...small, max: 100 }] }],
    ['the file’s area, not the box’s', '+', [at(0, { area: 99 })], [found(0, 0.9)], { areaRanges: [small] }],
    ['a ground truth numbered 0', '−−', [at(0, { id: 0 })], [found(0, 0.9), found(0, 0.8)]],
    ['more than may be', '+', [at(0), at(50)], [found(0, 0.9), found(50, 0.8)], { maxDetections: 1 }],
  ];
  test.each(rows)('%s', (_, expected, groundTruths, detections, options) => {
    expect(marks(groundTruths, detections, options)).toBe(expected);
  });
});

test('a difficult ground truth is taken by one, which doesn’t count', () => {
  const groundTruths = groundTruthTable([at(0)]);
  groundTruths.difficult[0] = 1;
  const {
    matched,
    ignored,
    groundTruths: counts,
  } = match(
    groundTruths,
    detectionTable([found(0, 0.9), found(0, 0.8)]),
    { images: 1, classes: 1 },
    { iouThresholds: [0.5] },
  );
  expect([[...matched[0]], [...ignored[0]], [...counts[0]]]).toEqual([[1, 0], [1, 0], [0]]);
});

test('a lenient detection that finds nothing doesn’t count', () => {
  const detections = detectionTable([found(0, 0.9), found(50, 0.8)]);
  detections.ignoreUnmatched.fill(1);
  const { matched, ignored } = match(
    groundTruthTable([at(0)]),
    detections,
    { images: 1, classes: 1 },
    { iouThresholds: [0.5] },
  );
  expect([[...matched[0]], [...ignored[0]]]).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test('class after class, best score first, equal scores by image; ranks are those of the image', () => {
  const given = [
    found(0, 0.5, { category_id: 1 }),
    found(0, 0.5, { image_id: 1 }),
    found(0, 0.5),
    found(0, 0.9, { image_id: 1 }),
    found(0, 0.4),
  ];
  const { rows, ranks, starts, scores } = match(groundTruthTable([]), detectionTable(given), { images: 2, classes: 3 });
  expect([[...rows], [...ranks], [...starts]]).toEqual([
    [3, 2, 1, 4, 0],
    [0, 0, 1, 1, 0],
    [0, 4, 5, 5],
  ]);
  expect([...scores]).toEqual([0.9, 0.5, 0.5, 0.4, 0.5]);
});

test('bits per threshold: an IoU of 0.9 reaches the nine thresholds up to numpy’s 0.9', () => {
  const detections = detectionTable([found(0, 0.9, { bbox: [0, 0, 9, 10] })]);
  expect(match(groundTruthTable([at(0)]), detections, { images: 1, classes: 1 }).matched[0][0].toString(2)).toBe(
    '111111111',
  );
});

test('more thresholds than bits', () => {
  const none = { images: 0, classes: 0 };
  expect(() => match(groundTruthTable([]), detectionTable([]), none, { iouThresholds: Array(33).fill(0.5) })).toThrow(
    complaint('E_ARGUMENT', /^match: expected up to 32 IoU thresholds, received Array of length 33\.$/),
  );
});

describe('the twin judges the same', () => {
  test.each([
    ['many images', { images: 20, classes: 4, perImage: 12 }],
    ['many boxes in one', { images: 2, classes: 3, perImage: 60 }],
    ['one class, more than 100 detections', { images: 2, classes: 2, perImage: 90 }],
  ])('%s', (_, shape) => {
    for (let seed = 1; seed <= 5; seed++) {
      const { groundTruths, detections, size } = randomCoco(seed, shape);
      const matches = match(groundTruthTable(groundTruths), detectionTable(detections), size, {
        areaRanges: COCO_AREAS,
      });
      const matched = COCO_AREAS.map((range) =>
        COCO_IOU_THRESHOLDS.map((iou) => judgeAll(groundTruths, detections, iou, range)),
      );
      expect(Array.from(matches.rows, (row) => detections[row])).toEqual(
        matched[0][0].map(({ detection }) => detection),
      );
      for (const [a, perThreshold] of matched.entries()) {
        for (const [t, judgements] of perThreshold.entries()) {
          const bit = (bits: Uint32Array) => Array.from(bits, (value) => ((value >>> t) & 1) === 1);
          expect(bit(matches.matched[a])).toEqual(judgements.map(({ groundTruth }) => groundTruth !== null));
          expect(bit(matches.ignored[a])).toEqual(judgements.map(({ ignored }) => ignored));
        }
      }
    }
  });
});

function judgeAll(
  groundTruths: CocoGroundTruth[],
  detections: CocoDetection[],
  iou: number,
  range: { min: number; max: number },
) {
  const of = <T extends { image_id: number; category_id: number }>(rows: T[], image: number, classId: number) =>
    rows.filter(({ image_id, category_id }) => image_id === image && category_id === classId);
  const numbers = (key: 'image_id' | 'category_id') =>
    [...new Set(detections.map((row) => row[key]))].sort((a, b) => a - b);
  return numbers('category_id').flatMap((classId) =>
    numbers('image_id')
      .flatMap((image) =>
        matchResults(
          of(groundTruths, image, classId),
          of(detections, image, classId),
          iou,
          [range.min, range.max],
          100,
        ),
      )
      .sort((a, b) => b.detection.score - a.detection.score),
  );
}
