import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detectionsAt, type RegionsBlock, regionsBlock } from '../../src/review/protocol/blocks.js';
import { packColumns, unpackColumns } from '../../src/review/protocol/columns.js';
import { shortestFloat32 } from '../../src/text/json-number.js';
import type { Box, Detection } from '../../src/types/detections.js';

const float = fc.float({ min: 0, max: 1e5, noNaN: true }).map((value) => shortestFloat32(value));
const label = fc.record({ classId: fc.integer({ min: 0, max: 2 }), score: float });
const NAMES = ['cat', 'dog', 'bird'];
const detection = fc
  .tuple(fc.tuple(float, float, float, float), fc.array(label, { minLength: 1, maxLength: 3 }))
  .map(([box, labels]): Detection => {
    const named = labels.map(({ classId, score }) => ({ label: NAMES[classId]!, classId, score }));
    return { box: box as Box, ...named[0]!, labels: named };
  });
const image = fc.record({
  width: fc.nat(1e5),
  height: fc.nat(1e5),
  flags: fc.nat(3),
  detections: fc.array(detection, { maxLength: 5 }),
});

test('what a record says of regions arrives as it is, to the last digit', () => {
  fc.assert(
    fc.property(fc.array(image, { maxLength: 6 }), (images) => {
      const bytes = packColumns(regionsBlock(images, ({ classId }) => classId));
      const block = unpackColumns<RegionsBlock>(bytes.buffer as ArrayBuffer);
      const arrived = images.map((_, i) => ({
        width: block.widths[i],
        height: block.heights[i],
        flags: block.flags[i],
        detections: detectionsAt(block, i, NAMES),
      }));
      expect(arrived).toEqual(images);
    }),
  );
});

test('a label that the run does not know is left out, and a region without any other with it', () => {
  const known: Detection = { box: [0, 0, 1, 1], label: 'cat', classId: 0, score: 0.5, labels: [] };
  known.labels = [
    { label: 'cat', classId: 0, score: 0.5 },
    { label: 'strange', classId: 9, score: 0.4 },
  ];
  const unknown = { ...known, labels: [known.labels[1]!] };
  const images = [{ width: 1, height: 1, flags: 0, detections: [unknown, known] }];
  const block = regionsBlock(images, ({ label }) => NAMES.indexOf(label));
  expect(detectionsAt(block, 0, NAMES)).toEqual([{ ...known, labels: [known.labels[0]!] }]);
});

test('bytes that were cut off are told', () => {
  const bytes = packColumns({ numbers: Float64Array.of(1, 2, 3) });
  expect(unpackColumns(bytes.buffer as ArrayBuffer)).toEqual({ numbers: Float64Array.of(1, 2, 3) });
  expect(() => unpackColumns(bytes.slice(0, bytes.length - 1).buffer as ArrayBuffer)).toThrow('end too early');
});
