import type { HeadSpec } from '../../src/heads/index.js';

const boxFields = { boxFormat: 'xyxy', boxUnit: 'image-pixels' } as const;
const dense = { layout: 'rows', activation: 'sigmoid', ...boxFields, suppress: true } as const;

/** Specs of every head, at least one with each optional field. */
export const HEAD_SPECS: { [Family in HeadSpec['family']]: Extract<HeadSpec, { family: Family }>[] } = {
  ssd: [{ family: 'ssd', scores: 's', boxes: 'b', anchors: 'a', activation: 'sigmoid', boxScales: [10, 10, 5, -5] }],
  yolo: [{ family: 'yolo', output: 'o', objectness: false, ...dense, extraColumns: 32 }],
  'boxes-scores': [{ family: 'boxes-scores', boxes: 'b', scores: 's', boxLayout: 'columns', ...dense }],
  rows: [
    { family: 'rows', output: 'o', count: null, columns: { all: 6, box: 0, score: 4, class: 5 }, ...boxFields },
    {
      ...{ family: 'rows', output: 'o', count: 'n', columns: { all: 7, box: 3, score: 2, class: 1 } },
      ...{ ...boxFields, suppress: true },
    },
  ],
  parts: [
    { family: 'parts', boxes: 'b', scores: null, classes: 'c', count: null, ...boxFields },
    { family: 'parts', boxes: 'b', scores: 's', classes: 'c', count: 'n', ...boxFields, suppress: true },
  ],
  selected: [{ family: 'selected', boxes: 'b', scores: 's', indices: 'i', ...boxFields }],
  'yolo-grid': [
    'yolov3-tiny' as const,
    [
      [10, 13],
      [20, 26],
    ],
  ].map((anchors) => ({
    ...{ family: 'yolo-grid', outputs: ['o'], order: 'anchors-cells', strides: [8, 16], reach: [2, 1.5] },
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
      ...{ family: 'dfl', scores: ['s'], distances: ['d'], layout: 'rows', first: 'distances', perCell: 2 },
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
