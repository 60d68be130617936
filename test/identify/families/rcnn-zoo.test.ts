import { describe, expect, test } from 'vitest';
import { identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const inputs = [{ name: 'image', dims: [3, 'height', 'width'] }];
const outputs: OutputGiven[] = [
  { name: '6379', dims: [2, 4], declared: ['nbox', 4] },
  { name: '6381', dims: [2], declared: ['nbox'], type: 'int64' },
  { name: '6383', dims: [2], declared: ['nbox'] },
];
const caffe = {
  channels: 'bgr',
  scale: 1,
  mean: [102.9801, 115.9465, 122.7717],
  std: [1, 1, 1],
  fit: 'shortest-edge',
  width: 1333,
  height: 800,
  multipleOf: 32,
  batched: false,
};

test('outputs with numbers for names', async () => {
  const { spec } = await identified({ inputs, outputs });
  expect(spec).toMatchObject({
    head: { family: 'parts', boxes: '6379', classes: '6381', scores: '6383', boxUnit: 'input-pixels' },
    input: caffe,
  });
  expect([spec.labels.length, ...spec.labels.slice(0, 2)]).toEqual([81, null, 'person']);
});

describe('other names', () => {
  const named = ['boxes', 'labels', 'scores'].map((name, i) => ({ ...outputs[i], name }));

  test('are torchvision’s', async () => {
    const found = await identified({ inputs, outputs: named }).catch(() => null);
    expect(found?.spec.input.channels ?? 'rgb').toBe('rgb');
  });

  test('unless a spec says BGR', async () => {
    const { spec } = await identified({ inputs, outputs: named }, { spec: { input: { channels: 'bgr' } } });
    expect(spec.input).toMatchObject(caffe);
  });
});

test('Mask R-CNN: its masks are left out', async () => {
  const masks = { name: '6887', dims: [2, 1, 28, 28], declared: ['nbox', 1, 28, 28] };
  const { warnings } = await identified({ inputs, outputs: [...outputs, masks] });
  expect(warnings).toContainEqual(expect.stringMatching(/gives masks as well \(output "6887"/));
});
