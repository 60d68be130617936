import { expect, test } from 'vitest';
import { fitsSize, withinLimits } from '../../../src/postprocess/select/size-limits.js';
import type { Box } from '../../../src/types/detections.js';
import type { Candidates } from '../../../src/types/plan.js';
import { geometryOf } from '../../support/geometry.js';

const { POSITIVE_INFINITY: none } = Number;
const open = { minSide: 0, maxSide: none, minArea: 0, maxArea: none };

test.each<[string, Partial<typeof open>, Box, boolean]>([
  ['no limits', {}, [0, 0, 1e-9, 1e9], true],
  ['the shorter side at minSide', { minSide: 4 }, [0, 0, 4, 9], true],
  ['the shorter side below minSide', { minSide: 4 }, [0, 0, 9, 3.999], false],
  ['the longer side at maxSide', { maxSide: 9 }, [1, 1, 5, 10], true],
  ['the longer side above maxSide', { maxSide: 9 }, [1, 1, 5, 10.001], false],
  ['at minArea', { minArea: 12 }, [0, 0, 4, 3], true],
  ['below minArea', { minArea: 12.001 }, [0, 0, 4, 3], false],
  ['at maxArea', { maxArea: 12 }, [0, 0, 4, 3], true],
  ['above maxArea', { maxArea: 11.999 }, [0, 0, 4, 3], false],
])('%s', (_, limits, box, fits) => {
  expect(fitsSize(box, { ...open, ...limits })).toBe(fits);
});

const candidates: Candidates = {
  rows: Uint32Array.of(5, 6, 7),
  classIds: Uint16Array.of(0, 1, 0),
  scores: Float32Array.of(0.5, 0.75, 0.25),
  boxes: Float32Array.of(-30, 0, 10, 40, 0, 0, 40, 40, 200, 200, 210, 210),
  space: 'input',
};

test('sides are those inside the image, in its pixels', () => {
  const geometry = geometryOf(100, 100, { imageWidth: 50, imageHeight: 200 }); // 40 × 40 becomes 20 × 80
  expect(withinLimits(candidates, geometry, { ...open, minSide: 5 }).rows).toEqual(Uint32Array.of(5, 6));
  expect(withinLimits(candidates, geometry, { ...open, minSide: 5.001 }).rows).toEqual(Uint32Array.of(6));
  expect(withinLimits(candidates, geometry, { ...open, minArea: 1600 }).rows).toEqual(Uint32Array.of(6));
});

test('every field is taken along, and nothing is changed', () => {
  const before = structuredClone(candidates);
  const kept = withinLimits(candidates, geometryOf(100, 100), { ...open, minSide: 11 });
  expect(kept).toEqual({
    rows: Uint32Array.of(6),
    classIds: Uint16Array.of(1),
    scores: Float32Array.of(0.75),
    boxes: Float32Array.of(0, 0, 40, 40),
    space: 'input',
  });
  expect(candidates).toEqual(before);
  expect(withinLimits(candidates, geometryOf(100, 100), open)).toBe(candidates);
});
