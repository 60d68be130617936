import { expect, test } from 'vitest';
import { nearestName } from '../../src/check/nearest-name.js';

const names = ['score', 'scope', 'scoreThreshold', 'traffic light', 'person', 'apple', null, ''];

test.each([
  ['the same in another case', 'PERSON', 'person'],
  ['another separator', 'traffic_light', 'traffic light'],
  ['a beginning', 'scoreTh', 'scoreThreshold'],
  ['the shortest of those that begin so', 'sco', 'score'],
  ['letters swapped', 'socre', 'score'],
  ['a letter missing', 'persn', 'person'],
  ['a letter too many', 'appple', 'apple'],
  ['a whole word of it', 'light', 'traffic light'],
  ['something else', 'people', null],
  ['too short to tell', 'sc', null],
  ['nothing', '', null],
])('%s: %j', (_, text, name) => {
  expect(nearestName(names, text)).toBe(name);
});

test('no name at all', () => {
  expect(nearestName([], 'person')).toBeNull();
});
