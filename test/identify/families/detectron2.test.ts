import { expect, test } from 'vitest';
import { identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const inputs = [{ name: 'x', dims: [3, 'height', 'width'] }];
const outputs: OutputGiven[] = [
  { name: 'boxes', dims: [3, 4], declared: ['k', 4], values: [1, 2, 30, 40, 5, 6, 70, 80, 9, 9, 20, 20] },
  { name: 'classes', dims: [3], declared: ['k'], type: 'int64', values: [0, 2, 1] },
  { name: 'scores', dims: [3], declared: ['k'], values: [0.75, 0.5, 0.25] },
  { name: 'size', dims: [2], type: 'int64', values: [800, 1066] },
];

test('boxes, classes, scores and the size of the picture', async () => {
  const { spec } = await identified({ inputs, outputs, metadata: { names: "['a', 'b', 'c']" } });
  expect(spec).toMatchObject({
    head: { family: 'parts', boxes: 'boxes', classes: 'classes', scores: 'scores', boxUnit: 'input-pixels' },
    input: { channels: 'bgr', scale: 1, fit: 'shortest-edge', batched: false },
    labels: ['a', 'b', 'c'],
  });
});

test('masks are left out, with a note', async () => {
  const masks = { name: 'm', dims: [3, 1, 28, 28], declared: ['k', 1, 28, 28] };
  const { warnings } = await identified({ inputs, outputs: [...outputs, masks] });
  expect(warnings).toContainEqual(expect.stringMatching(/gives masks as well \(output "m"\)/));
});
