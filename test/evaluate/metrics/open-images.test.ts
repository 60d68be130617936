import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/evaluate/evaluate.js';
import type { Dataset } from '../../../src/types/annotations.js';
import type { Box } from '../../../src/types/detections.js';

interface Measures {
  mAP: number;
  classes: Record<string, number | null>;
}

interface Golden {
  name: string;
  labels: string[];
  hierarchy: Record<string, string[]>;
  images: {
    boxes: { label: string; box: Box; group: boolean }[];
    present: string[];
    absent: string[];
    detections: { label: string; box: Box; score: number }[];
  }[];
  expected: Measures;
  withoutHierarchy: Measures;
}

const { cases, ava } = JSON.parse(
  readFileSync(new URL('../../fixtures/goldens/open-images.json', import.meta.url), 'utf8'),
) as {
  cases: Golden[];
  ava: {
    actions: string[];
    frames: {
      people: { box: Box; actions: string[] }[];
      detections: { box: Box; action: string; score: number }[];
    }[];
    expected: Measures;
  };
};

const unit = { width: 1, height: 1 };

function datasetsOf({ labels, images, hierarchy }: Golden): { groundTruth: Dataset; results: Dataset } {
  return {
    groundTruth: {
      ...{ labels, hierarchy },
      images: images.map(({ boxes, present, absent }, i) => ({
        ...{ image: `${i}.jpg`, ...unit, verified: { present, absent } },
        regions: boxes.map(({ label, box, group }) => ({ box, labels: [{ label }], ...(group && { crowd: true }) })),
      })),
    },
    results: {
      labels,
      images: images.map(({ detections }, i) => ({
        ...{ image: `${i}.jpg`, ...unit },
        regions: detections.map(({ label, box, score }) => ({ box, labels: [{ label, score }] })),
      })),
    },
  };
}

function expectMeasures(
  numbers: { mAP: number | null; classes: { label: string; AP: number | null }[] },
  expected: Measures,
) {
  expect(numbers.mAP).toBeCloseTo(expected.mAP, 9);
  for (const [label, AP] of Object.entries(expected.classes)) {
    const own = numbers.classes.find((row) => row.label === label)!.AP;
    if (AP === null) expect(own, label).toBeNull();
    else expect(own, label).toBeCloseTo(AP, 9);
  }
}

describe.each(cases)('the challenge of Open Images, $name', (golden) => {
  const { groundTruth, results } = datasetsOf(golden);

  test('with a hierarchy: the numbers of the Object Detection API', () => {
    expectMeasures(evaluate(groundTruth, results).openImages!, golden.expected);
  });

  test('without one', () => {
    const { hierarchy: _, ...flat } = groundTruth;
    expectMeasures(evaluate(flat, results).openImages!, golden.withoutHierarchy);
  });
});

test('ground truth that doesn’t say what was looked for has no such numbers', () => {
  const { groundTruth, results } = datasetsOf(cases[0]!);
  const plain = { ...groundTruth, images: groundTruth.images.map(({ verified: _, ...image }) => image) };
  expect(evaluate(plain, results).openImages).toBeNull();
});

test('a region with two labels below one counts once for it', () => {
  const box: Box = [0, 0, 0.5, 0.5];
  const groundTruth: Dataset = {
    ...{ labels: ['car', 'van', 'vehicle'], hierarchy: { vehicle: ['car', 'van'] } },
    images: [
      {
        image: 'a.jpg',
        ...unit,
        regions: [{ box, labels: [{ label: 'car' }] }],
        verified: { present: [], absent: ['van'] },
      },
    ],
  };
  const labels = [
    { label: 'car', score: 0.9 },
    { label: 'van', score: 0.8 },
  ];
  const results = { labels: groundTruth.labels, images: [{ image: 'a.jpg', ...unit, regions: [{ box, labels }] }] };
  expect(evaluate(groundTruth, results).openImages).toEqual({
    mAP: 1,
    classes: [
      { label: 'car', groundTruths: 1, AP: 1 },
      { label: 'van', groundTruths: 0, AP: null },
      { label: 'vehicle', groundTruths: 1, AP: 1 },
    ],
  });
});

test('frame-mAP of AVA is VOC’s average precision: several actions on one box', () => {
  const groundTruth: Dataset = {
    labels: ava.actions,
    images: ava.frames.map(({ people }, i) => ({
      ...{ image: `${i}.jpg`, ...unit },
      regions: people.map(({ box, actions }) => ({ box, labels: actions.map((label) => ({ label })) })),
    })),
  };
  const results: Dataset = {
    labels: ava.actions,
    images: ava.frames.map(({ detections }, i) => ({
      ...{ image: `${i}.jpg`, ...unit },
      regions: detections.map(({ box, action: label, score }) => ({ box, labels: [{ label, score }] })),
    })),
  };
  const { voc, classes } = evaluate(groundTruth, results);
  const numbers = classes.map(({ label, voc: own }) => ({ label, AP: own.allPoint }));
  expectMeasures({ mAP: voc.allPoint, classes: numbers }, ava.expected);
});
