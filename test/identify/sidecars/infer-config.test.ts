import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readInferConfig } from '../../../src/identify/sidecars/infer-config.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let folder: string;
const model = () => join(folder, 'model.onnx');
const write = (text: string) => writeFile(join(folder, 'infer_cfg.yml'), text);

beforeEach(async () => {
  folder = await temporaryFolder();
});

test('no such file', async () => {
  expect(await readInferConfig(model())).toBeNull();
});

describe('how pictures are prepared', () => {
  const stretch = '- {type: Resize, keep_ratio: false, target_size: [320, 416]}';
  const keep = '- {type: Resize, keep_ratio: true, target_size: [800, 1333]}';
  const plain = { channels: 'rgb', mean: [0, 0, 0], std: [1, 1, 1] };
  const rows: [string, string[], Record<string, unknown>][] = [
    ['OpenCV’s linear, unless it says', [stretch], { interpolation: 'bilinear' }],
    ['its cubic', [stretch.replace('}', ', interp: 2}')], { interpolation: 'bicubic' }],
    ['its exact linear', [stretch.replace('}', ', interp: 5}')], { interpolation: 'bilinear' }],
    ['its area', [keep.replace('}', ', interp: 3}')], { interpolation: 'antialias' }],
    ['stretched: height before width', [stretch], { ...plain, fit: 'stretch', size: [416, 320], scale: 1 }],
    [
      'ImageNet’s mean',
      [stretch, '- {type: NormalizeImage, is_scale: true, mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3]}'],
      { channels: 'rgb', scale: 1 / 255, mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3] },
    ],
    [
      'norm_type none leaves the mean out',
      [stretch, '- {type: NormalizeImage, is_scale: true, norm_type: none, mean: [0.5, 0.4, 0.3], std: [1, 2, 3]}'],
      { ...plain, scale: 1 / 255 },
    ],
    [
      'is_scale false',
      [stretch, '- {type: NormalizeImage, is_scale: false, mean: [123, 117, 104], std: [1, 1, 1]}'],
      { scale: 1, mean: [123, 117, 104] },
    ],
    [
      'in proportion, padded to a stride',
      [keep, '- {type: PadStride, stride: 32}'],
      { fit: 'shortest-edge', size: [1333, 800], multipleOf: 32 },
    ],
    [
      'in proportion, padded to a size',
      [keep, '- {type: Pad, size: [640, 640], fill_value: [114.0, 114.0, 114.0]}'],
      { fit: 'letterbox-top-left', padValue: 114 },
    ],
  ];
  test.each(rows)('%s', async (_, steps, expected) => {
    await write(['Preprocess:', ...steps].join('\n'));
    expect(await readInferConfig(model())).toMatchObject({ input: expected, labels: undefined, warnings: [] });
  });

  test.each([
    ['nearest', '0', /^infer_cfg\.yml "interp": 0 means OpenCV’s nearest kernel: its linear kernel is taken .*spec/],
    ['lanczos', '4', /^infer_cfg\.yml "interp": 4 means OpenCV’s lanczos kernel/],
    ['nearest, exactly', '6', /"interp": 6 means OpenCV’s nearest kernel/],
    ['a number that is none', '9', /"interp": 9 means no kernel of OpenCV’s/],
    ['a word', 'linear', /"interp": linear means no kernel of OpenCV’s/],
  ])('%s is resized otherwise, and a warning says so', async (_, interp, warning) => {
    await write(`Preprocess:\n${stretch.replace('}', `, interp: ${interp}}`)}`);
    const { input, warnings } = (await readInferConfig(model()))!;
    expect(input.interpolation).toBe('bilinear');
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });
});

test('the names of the classes', async () => {
  await write('Preprocess: []\nlabel_list:\n- cat\n- dog\n');
  const names = new Map([
    [0, 'cat'],
    [1, 'dog'],
  ]);
  expect((await readInferConfig(model()))?.labels).toEqual({ from: 'infer_cfg.yml "label_list"', names });
});

test.each([
  ['no YAML', '{', /infer_cfg\.yml: cannot be read: .+\.$/],
  ['nothing', '', /infer_cfg\.yml: expected a list Preprocess, received none\.$/],
  ['no steps', 'mode: paddle', /expected a list Preprocess, received none\.$/],
])('%s', async (_, text, message) => {
  await write(text);
  await expect(readInferConfig(model())).rejects.toThrow(complaint('E_MODEL', message));
});
