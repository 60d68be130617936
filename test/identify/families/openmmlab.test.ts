import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const inputs = [{ name: 'input', dims: [1, 3, 640, 640] }];
const dets: OutputGiven = { name: 'dets', dims: [1, 3, 5] };
const labels: OutputGiven = { name: 'labels', dims: [1, 3], type: 'int64' };

describe('mmdeploy', () => {
  test('boxes with their score, and labels', async () => {
    const { spec, warnings } = await identified({ inputs, outputs: [dets, labels] });
    expect(spec).toMatchObject({
      head: { family: 'parts', boxes: 'dets', scores: null, classes: 'labels', count: null, boxUnit: 'input-pixels' },
      input: {
        channels: 'bgr',
        mean: [103.53, 116.28, 123.675],
        fit: 'letterbox-top-left',
        interpolation: 'bilinear',
        padValue: 114,
      },
    });
    expect(warnings[0]).toMatch(/^The file does not say how .* RTMDet is assumed .* a spec \{"input":/);
  });

  test('dims that the file leaves open', async () => {
    const declared = { ...dets, declared: ['batch', 'k', 'n'] };
    const { spec } = await identified({ inputs, outputs: [declared, { ...labels, declared: ['batch', 'k'] }] });
    expect(spec.head).toMatchObject({ family: 'parts', boxes: 'dets' });
  });

  test('a spec that names the colours leaves nothing to warn of', async () => {
    const spec = { input: { channels: 'rgb', mean: [0, 0, 0], std: [1, 1, 1] } };
    const { warnings } = await identified({ inputs, outputs: [dets, labels] }, { spec });
    expect(warnings.join()).not.toMatch(/does not say how/);
  });

  describe('pipeline.json beside it', () => {
    const transforms = [
      { type: 'Resize', keep_ratio: true, size: [1333, 800], interpolation: 'lanczos' },
      { type: 'Normalize', to_rgb: true, mean: [1, 2, 3], std: [4, 5, 6] },
      { type: 'Pad', size_divisor: 32 },
    ];
    const beside = {
      'pipeline.json': JSON.stringify({ pipeline: { tasks: [{ module: 'Transform', transforms }] } }),
    };

    test('says how pictures are prepared', async () => {
      const model = await identified({ inputs, outputs: [dets, labels] }, {}, beside);
      const colours = { channels: 'rgb', scale: 1, mean: [1, 2, 3], std: [4, 5, 6] };
      expect(model.spec.input).toMatchObject({ ...colours, fit: 'letterbox-top-left', width: 640, height: 640 });
      expect(becauseOf(model, 'input')).toBe('pipeline.json beside the model');
      expect(model.warnings.join()).toMatch(/lanczos/);
      expect(model.warnings.join()).not.toMatch(/does not say how/);
    });

    test('and of which size, where the file leaves it open', async () => {
      const open = [{ name: 'input', dims: [1, 3, 'height', 'width'] }];
      const { spec } = await identified({ inputs: open, outputs: [dets, labels] }, {}, beside);
      expect(spec.input).toMatchObject({ fit: 'shortest-edge', width: 1333, height: 800, multipleOf: 32 });
    });

    test('a spec wins over it', async () => {
      const spec = { input: { interpolation: 'bicubic', mean: [0, 0, 0] } };
      const model = await identified({ inputs, outputs: [dets, labels] }, { spec }, beside);
      expect(model.spec.input).toMatchObject({ ...spec.input, std: [4, 5, 6] });
      expect(model.warnings.join()).not.toMatch(/lanczos/);
    });
  });

  test.each<[string, OutputGiven[], RegExp]>([
    ['oriented boxes', [{ ...dets, dims: [1, 3, 6] }, labels], /it gives oriented boxes/],
  ])('%s: refused', async (_, outputs, message) => {
    await expect(identified({ inputs, outputs })).rejects.toThrow(complaint('E_MODEL', message));
  });

  test.each([
    ['masks', { name: 'masks', dims: [1, 3, 8, 8] }],
    ['key points', { name: 'keypoints', dims: [1, 3, 17, 3] }],
  ])('%s: left out, with a note', async (what, output) => {
    const { spec, warnings } = await identified({ inputs, outputs: [dets, labels, output] });
    expect(spec.head).toMatchObject({ family: 'parts', boxes: 'dets' });
    expect(warnings).toContainEqual(
      expect.stringMatching(new RegExp(`gives ${what} as well \\(output "${output.name}"`)),
    );
  });

  test('RF-DETR has the names as well', async () => {
    const outputs = [
      { name: 'dets', dims: [1, 30, 4] },
      { name: 'labels', dims: [1, 30, 91], values: new Array(30 * 91).fill(-5) },
    ];
    const { spec } = await identified({ inputs: [{ name: 'input', dims: [1, 3, 384, 384] }], outputs });
    expect(spec.head.family).not.toBe('parts');
  });
});

test('easydeploy', async () => {
  const outputs: OutputGiven[] = [
    { name: 'num_dets', dims: [1, 1], type: 'int32' },
    { name: 'boxes', dims: [1, 3, 4] },
    { name: 'scores', dims: [1, 3] },
    { name: 'labels', dims: [1, 3], type: 'int32' },
  ];
  const { spec, warnings } = await identified({ inputs, outputs });
  expect(spec).toMatchObject({
    head: { family: 'parts', boxes: 'boxes', scores: 'scores', classes: 'labels', count: 'num_dets' },
    input: { channels: 'rgb', fit: 'letterbox', rounding: 'down', interpolation: 'antialias', padValue: 114 },
  });
  expect(warnings[0]).toMatch(/YOLOv5 to YOLOv8 is assumed/);
});
