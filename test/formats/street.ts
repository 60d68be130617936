import { annotationsOf } from '../../src/formats/annotations.js';
import type { Dataset } from '../../src/types/annotations.js';

/** Two images; names, labels and boxes that show escaping, several labels and the edges of formats. */
export const predictions: Dataset = {
  labels: ['car', 'a "b" <c>'],
  categoryIds: [3, 90],
  images: [
    {
      ...{ image: 'sub/street & "é".jpg', width: 200, height: 100 },
      regions: [
        {
          box: [10.4, 20, 60.6, 70],
          labels: [
            { label: 'car', score: 0.9 },
            { label: 'a "b" <c>', score: 0.4 },
          ],
        },
        { box: [0, 0, 200, 100], labels: [{ label: 'car', score: 0.35 }] },
      ],
    },
    { image: 'empty.png', width: 64, height: 48, regions: [] },
  ],
};

export const truth: Dataset = {
  labels: ['car'],
  images: [
    {
      ...{ image: 'a.jpg', width: 200, height: 100 },
      regions: [
        { box: [0, 0, 20, 10], labels: [{ label: 'car' }], crowd: true, difficult: true, area: 77.5 },
        { box: [10, 0, 20, 10], labels: [{ label: 'car' }] },
      ],
    },
  ],
};

export const predicted = annotationsOf(predictions);
export const annotated = annotationsOf(truth);
