import { expect, test } from 'vitest';
import { firstOfLabel } from '../../../src/labels/label-map.js';
import { detectionsOf } from '../../../src/postprocess/detections.js';
import { makePlan } from '../../../src/postprocess/make-plan.js';
import { mergeClasses } from '../../../src/postprocess/select/merge-classes.js';
import type { Geometry } from '../../../src/types/pictures.js';
import type { Candidates } from '../../../src/types/plan.js';

const labels = ['vehicle', 'person', 'vehicle'];
const geometry: Geometry = {
  ...{ imageWidth: 100, imageHeight: 100, fittedWidth: 100, fittedHeight: 100 },
  ...{ offsetX: 0, offsetY: 0, inputWidth: 100, inputHeight: 100 },
};

/** Row, class, score and right edge of boxes that begin at 0, 0 and are 10 high. */
function candidates(...given: [row: number, classId: number, score: number, right: number][]): Candidates {
  return {
    rows: Uint32Array.from(given, ([row]) => row),
    classIds: Uint16Array.from(given, ([, classId]) => classId),
    scores: Float32Array.from(given, ([, , score]) => score),
    boxes: Float32Array.from(given.flatMap(([, , , right]) => [0, 0, right, 10])),
    space: 'input',
  };
}

const merge = (given: Candidates) => mergeClasses(given, firstOfLabel(labels));

test('classes of one label become the first; the best of a row stays, the first one on a tie', () => {
  const merged = merge(
    candidates([0, 0, 0.5, 10], [0, 1, 0.9, 10], [0, 2, 0.75, 10], [1, 0, 0.5, 20], [1, 2, 0.5, 20]),
  );
  expect(merged).toEqual(candidates([0, 1, 0.9, 10], [0, 0, 0.75, 10], [1, 0, 0.5, 20]));
});

test('nothing to leave out', () => {
  expect(merge(candidates([0, 2, 0.5, 10], [1, 1, 0.5, 10]))).toEqual(candidates([0, 0, 0.5, 10], [1, 1, 0.5, 10]));
});

test.each([
  ['a model that suppresses nothing', true],
  ['a model that has suppressed each class by itself', false],
])('two labels that became one are one detection: %s', (_, needsSuppression) => {
  const found = merge(candidates([0, 0, 0.9, 10], [1, 2, 0.8, 9], [2, 1, 0.7, 30], [3, 1, 0.6, 29]));
  const { detections } = detectionsOf(() => found, geometry, makePlan({ labels, needsSuppression }, {}));
  const persons = needsSuppression ? ['person 30'] : ['person 30', 'person 29']; // which it has looked at itself
  expect(detections.map(({ label, box }) => `${label} ${box[2]}`)).toEqual(['vehicle 10', ...persons]);
});
