import { describe, expect, test } from 'vitest';
import {
  type Annotations,
  annotationsOf,
  annotationsOfResults,
  chosenLabels,
  surveyOf,
} from '../../src/formats/annotations.js';
import type { AnnotatedImage } from '../../src/types/annotations.js';
import { complaint } from '../support/complaint.js';
import { resultOf } from './results.js';
import { annotated, predicted } from './street.js';

describe('annotationsOfResults', () => {
  test('gaps go, classes of one name are one', async () => {
    const results = async function* () {
      yield resultOf('a.jpg', [
        [0, 0, 1, 1],
        [2, 0.5],
      ]);
    };
    const labels = [null, 'crane', 'car', 'crane'];
    const found = annotationsOfResults(results, { labels, categoryIds: [9, 8, 7, 6] });
    expect(found).toMatchObject({ labels: ['crane', 'car'], categoryIds: [8, 7], classIds: [1, 2] });
    const image = {
      image: 'a.jpg',
      width: 640,
      height: 480,
      regions: [{ box: [0, 0, 1, 1], labels: [{ label: 'car', score: 0.5 }] }],
    };
    expect([await imagesOf(found), await imagesOf(found)]).toEqual([[image], [image]]);
  });
});

describe('chosen', () => {
  const [first, second] = ['car', 'a "b" <c>'];

  test.each([
    ['all', {}, [[first, second], [first]]],
    ['a score that is just reached', { scoreThreshold: 0.35 }, [[first, second], [first]]],
    ['one that is not', { scoreThreshold: 0.36 }, [[first, second]]],
    ['a label’s own', { labelThresholds: { car: 0.95 } }, [[second]]],
    ['only', { include: [second] }, [[second]]],
    ['not, which wins', { include: [first, second], exclude: [second] }, [[first], [first]]],
  ])('%s', async (_, choice, expected) => {
    const [{ regions }, { regions: none }] = await imagesOf(chosenLabels(predicted, choice));
    expect(regions.map(({ labels }) => labels.map(({ label }) => label))).toEqual(expected);
    expect(none).toEqual([]);
  });

  test('labels that are never wanted are not listed', () => {
    expect(chosenLabels(predicted, { exclude: ['car'] })).toMatchObject({
      labels: [second],
      categoryIds: [90],
      classIds: [90],
    });
  });

  test('what has no score always counts', async () => {
    const [{ regions }] = await imagesOf(chosenLabels(annotated, { scoreThreshold: 1 }));
    expect(regions).toHaveLength(2);
  });

  test.each([{ include: ['caar'] }, { exclude: ['caar'] }, { labelThresholds: { caar: 0.1 } }])(
    'a label that is not there: %o',
    (choice) => {
      expect(() => chosenLabels(predicted, choice)).toThrow(
        complaint('E_ARGUMENT', /received "caar"\. Did you mean "car"\?$/),
      );
    },
  );
});

test('surveyOf', async () => {
  const further = new Map([['car', new Set(['a "b" <c>'])]]);
  const none = { regions: true, further, crowds: false, difficult: false, ids: undefined };
  expect(await surveyOf(predicted)).toEqual({ ...none, names: ['sub/street & "é".jpg', 'empty.png'], scores: true });
  expect(await surveyOf(annotated)).toEqual({
    ...none,
    names: ['a.jpg'],
    further: new Map(),
    scores: false,
    crowds: true,
    difficult: true,
  });
  const image = (id: number) => ({ image: `${id}`, id, width: 1, height: 1, regions: [] });
  expect((await surveyOf(annotationsOf({ labels: [], images: [image(5), image(3)] }))).ids).toEqual([5, 3]);
  expect((await surveyOf(annotationsOf({ labels: [], images: [image(5), image(5)] }))).ids).toBeUndefined();
});

async function imagesOf({ images }: Annotations): Promise<AnnotatedImage[]> {
  const all: AnnotatedImage[] = [];
  for await (const image of images()) all.push(image);
  return all;
}
