import { describe, expect, test } from 'vitest';
import { type FuseOptions, fuseBoxes, type ModelBoxes } from '../../../src/postprocess/index.js';
import { complaint } from '../../support/complaint.js';

function model(...rows: [score: number, classId: number, ...box: number[]][]): ModelBoxes {
  return {
    scores: Float32Array.from(rows, ([score]) => score),
    classIds: Uint16Array.from(rows, ([, classId]) => classId),
    boxes: Float32Array.from(rows.flatMap(([, , ...box]) => box)),
  };
}

const first = model([0.75, 0, 0, 0, 4, 4], [0.5, 1, 0, 0, 4, 4]);
const second = model([0.25, 0, 0, 0, 4, 3], [0.5, 0, 20, 20, 24, 24]);

test('fuses what is of one class, tells the members by their numbers through all models', () => {
  const found = fuseBoxes([first, second]);
  expect([...found.classIds]).toEqual([0, 1, 0]);
  expect([...found.boxes]).toEqual([0, 0, 4, 3.75, 0, 0, 4, 4, 20, 20, 24, 24]);
  expect([...found.scores]).toEqual([0.5, 0.25, 0.25]); // the other model has none: half of the score
  expect(found.members).toEqual([Uint32Array.of(0, 2), Uint32Array.of(1), Uint32Array.of(3)]);
});

test.each<[string, FuseOptions, number[]]>([
  ['max', { fusedScore: 'max' }, [0.75, 0.5, 0.5]],
  ['max, relative to the highest weight', { fusedScore: 'max', weights: [4, 2] }, [0.75, 0.5, 0.25]],
  ['box_and_model_avg', { fusedScore: 'box_and_model_avg' }, [0.5, 0.25, 0.25]],
  ['absent_model_aware_avg', { fusedScore: 'absent_model_aware_avg', weights: [3, 1] }, [0.625, 0.375, 0.125]],
  ['nmw, relative to the highest weight', { method: 'nmw', weights: [2, 1] }, [0.75, 0.5, 0.25]],
])('scores: %s', (_, options, scores) => {
  expect([...fuseBoxes([first, second], options).scores]).toEqual(scores);
});

test('scores below the threshold are left out', () => {
  expect([...fuseBoxes([first, second], { scoreThreshold: 0.5 }).scores]).toEqual([0.375, 0.25, 0.25]);
  expect(fuseBoxes([first, second], { scoreThreshold: 0.9 }).members).toEqual([]);
});

test('one model that found nothing, beside one that did', () => {
  expect([...fuseBoxes([model(), second]).scores]).toEqual([0.25, 0.125]);
  expect(fuseBoxes([model()]).scores).toEqual(new Float32Array(0));
});

test('numbers of other types give the same', () => {
  const plain = [first, second].map((each) => ({
    boxes: [...each.boxes],
    scores: Float64Array.from(each.scores),
    classIds: Uint8Array.from(each.classIds),
  }));
  expect(fuseBoxes(plain)).toEqual(fuseBoxes([first, second]));
});

test('nothing is changed', () => {
  const before = structuredClone([first, second]);
  fuseBoxes([first, second], { method: 'nmw' });
  expect([first, second]).toEqual(before);
});

describe('what it refuses', () => {
  test.each<[string, unknown, unknown, RegExp]>([
    ['no models', [], {}, /^fuseBoxes: expected a weight for each of at least one model, received "0 for 0"\.$/],
    ['a weight too few', [first, second], { weights: [1] }, /received "1 for 2"\.$/],
    ['weight 0', [first], { weights: [0] }, /expected options\.weights\.0 to be a positive number/],
    ['a class too few', [{ ...first, classIds: new Uint16Array(1) }], {}, /^fuseBoxes: model 0: expected 2 classIds/],
    ['no array', undefined, {}, /^fuseBoxes: expected an array of models, received undefined\.$/],
    ['null for a model', [first, null], {}, /^fuseBoxes: model 1: expected \{ boxes, .* \}, received null\.$/],
    ['no boxes', [{ ...first, boxes: undefined }], {}, /model 0: expected boxes to be an array of numbers/],
    [
      'a class beyond 16 bits',
      [{ ...first, classIds: [1, 70000] }],
      {},
      /expected classIds\[1\] .*, received 70000\.$/,
    ],
    ...[Number.NaN, -0.5, Infinity].map((score): [string, unknown, unknown, RegExp] => [
      `a score of ${score}`,
      [first, { ...second, scores: Float32Array.of(0.25, score) }],
      {},
      new RegExp(`^fuseBoxes: model 1: expected scores\\[1\\] to be a number from 0, received ${score}\\.$`),
    ]),
    [
      'an unknown option',
      [first],
      { iou: 0.5 },
      /expected one of the options method, .*, received "iou"\. Did you mean "iouThreshold"\?$/,
    ],
  ])('%s', (_, models, options, message) => {
    expect(() => fuseBoxes(models as ModelBoxes[], options as FuseOptions)).toThrow(complaint('E_ARGUMENT', message));
  });
});
