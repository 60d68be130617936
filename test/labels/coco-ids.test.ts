import { describe, expect, test } from 'vitest';
import { cocoCategoryIds } from '../../src/labels/coco-ids.js';
import { COCO, COCO_BY_ID } from '../../src/labels/lists/coco.js';

describe('cocoCategoryIds', () => {
  test('of COCO’s 80 labels are COCO’s own', () => {
    const ids = cocoCategoryIds(COCO);
    // Source: categories of instances_val2017.json
    expect([COCO[0], COCO[11], COCO[79]]).toEqual(['person', 'stop sign', 'toothbrush']);
    expect([ids[0], ids[11], ids[79]]).toEqual([1, 13, 90]);
    expect(new Set(ids).size).toBe(80);
  });

  test.each([
    ['COCO’s under their own ids', COCO_BY_ID],
    ['others', ['car', null, 'bus']],
    ['as many, but others', [...COCO.slice(0, 79), 'broom']],
  ])('of %s are the class numbers', (_, labels) => {
    expect(cocoCategoryIds(labels)).toEqual([...labels.keys()]);
  });
});
