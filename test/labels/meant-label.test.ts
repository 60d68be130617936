import { expect, test } from 'vitest';
import { COCO } from '../../src/labels/lists/coco.js';
import { VOC } from '../../src/labels/lists/voc.js';
import { didYouMeanLabel } from '../../src/labels/meant-label.js';

test.each([
  ['people', ' Did you mean "person"?'],
  ['Pedestrian', ' Did you mean "person"?'],
  ['motorbike', ' Did you mean "motorcycle"?'],
  ['phone', ' Did you mean "cell phone"?'],
  ['trafic light', ' Did you mean "traffic light"?'],
  ['cars', ' Did you mean "car"?'],
  ['constructor', ''],
  ['quasar', ''],
])('of COCO’s labels, %s', (text, hint) => {
  expect(didYouMeanLabel(COCO, text)).toBe(hint);
});

test.each([
  ['motorcycle', ' Did you mean "motorbike"?'],
  ['television', ' Did you mean "tvmonitor"?'],
])('of VOC’s labels, %s', (text, hint) => {
  expect(didYouMeanLabel(VOC, text)).toBe(hint);
});
