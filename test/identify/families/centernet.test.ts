import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { expectGolden, goldenOf, outputsOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';
import { randomNumbers } from '../../support/random.js';

const inputs = [{ name: 'input', dims: [1, 3, 96, 128] }];

test.each([
  ['logits', 'sigmoid'],
  ['probabilities', 'none'],
])('%s', async (name, activation) => {
  const golden = goldenOf('centernet', name);
  const model = await identified({ inputs, outputs: outputsOf(golden) });
  expect(model.spec).toMatchObject({
    name: 'CenterNet (3 classes)',
    head: { activation },
    input: { channels: 'bgr', fit: 'letterbox', interpolation: 'bilinear-warp', padValue: 0 },
  });
  expectGolden(golden, model.spec.head, 3);
});

function map(name: string, channels: number, [low, high]: [number, number]): OutputGiven {
  const random = randomNumbers(channels + name.length);
  const values = Array.from({ length: channels * 24 * 32 }, () => low + (high - low) * random());
  return { name, dims: [1, channels, 24, 32], values };
}

const heat = (name: string, classes: number) => map(name, classes, [-5, 2]);
const sizes = (name: string) => map(name, 2, [1, 20]);
const offsets = (name: string) => map(name, 2, [0, 1]);
const ABC = { heatmap: 'a', sizes: 'b', offsets: 'c' };

describe('which map is which', () => {
  const rows: [string, OutputGiven[], Record<string, unknown>, RegExp][] = [
    ['by values', [offsets('c'), heat('a', 1), sizes('b')], ABC, /pass a cell, which offsets do not/],
    [
      'two classes, by the names of its own heads',
      [heat('hm', 2), sizes('wh'), offsets('reg')],
      { heatmap: 'hm', sizes: 'wh', offsets: 'reg' },
      /names of CenterNet’s own heads/,
    ],
    ['without offsets', [heat('a', 3), sizes('b')], { ...ABC, offsets: null }, /the one map of two numbers a cell/],
  ];
  test.each(rows)('%s', async (_, outputs, head, because) => {
    const model = await identified({ inputs, outputs });
    expect(model.spec.head).toMatchObject({ family: 'centernet', ...head });
    expect(becauseOf(model, 'head.sizes')).toMatch(because);
  });

  test('nothing tells: the message names what settles it, and it does', async () => {
    const outputs = [heat('a', 2), sizes('b'), offsets('c')];
    const message =
      /nothing tells centres, sizes and offsets apart in outputs "a", "b", "c"\. A spec \{"head":\{"heatmap"/;
    await expect(identified({ inputs, outputs })).rejects.toThrow(complaint('E_MODEL', message));
    const { spec } = await identified({ inputs, outputs }, { spec: { head: ABC } });
    expect(spec.head).toMatchObject({ family: 'centernet', ...ABC });
  });
});

test('poses: refused', async () => {
  const outputs = [heat('hm', 1), sizes('wh'), map('hps', 34, [-9, 9]), offsets('reg')];
  const message = /it gives key points \(output "hps"\)/;
  await expect(identified({ inputs, outputs })).rejects.toThrow(complaint('E_MODEL', message));
});

test('maps of another part of the size are another family’s', async () => {
  const outputs = [heat('hm', 3), sizes('wh'), offsets('reg')];
  const found = await identified({ inputs: [{ name: 'input', dims: [1, 3, 192, 256] }], outputs }).catch(() => null);
  expect(found?.spec.head.family).not.toBe('centernet');
});
