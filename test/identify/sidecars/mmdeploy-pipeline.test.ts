import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readMmdeployPipeline } from '../../../src/identify/sidecars/mmdeploy-pipeline.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

type Step = Record<string, unknown> & { type: string };

let folder: string;
const model = () => join(folder, 'end2end.onnx');
const write = (text: string, name = 'pipeline.json') => writeFile(join(folder, name), text);

/** As mmdeploy writes it: what is done to a picture, the net, and what is done with its outputs. */
function pipelineOf(steps: Step[]): string {
  const transforms = [{ type: 'LoadImageFromFile', backend_args: null }, ...steps];
  const last = [{ type: 'DefaultFormatBundle' }, { type: 'Collect', keys: ['img'], meta_keys: ['scale_factor'] }];
  const tasks = [
    { type: 'Task', module: 'Transform', name: 'Preprocess', input: ['img'], transforms: [...transforms, ...last] },
    { name: 'rtmdet', type: 'Task', module: 'Net', input_map: { img: 'input' } },
    { type: 'Task', module: 'mmdet', name: 'postprocess', component: 'ResizeBBox', params: { score_thr: 0.001 } },
  ];
  return JSON.stringify({ pipeline: { input: ['img'], output: ['post_output'], tasks } });
}

beforeEach(async () => {
  folder = await temporaryFolder();
});

test('no such file', async () => {
  expect(await readMmdeployPipeline(model())).toBeNull();
});

const stretch = { type: 'Resize', keep_ratio: false, size: [640, 480] };
const keep = { type: 'Resize', keep_ratio: true, size: [1333, 800] };
const imageNet = { mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] };
const normalise = { type: 'Normalize', to_rgb: true, ...imageNet };
const divisor = { type: 'Pad', size_divisor: 32 };

describe('how pictures are prepared', () => {
  const rows: [string, Step[], Record<string, unknown>][] = [
    ['stretched: width before height', [stretch], { fit: 'stretch', size: [640, 480], interpolation: 'bilinear' }],
    ['one side for both', [{ type: 'Resize', size: 416 }], { fit: 'stretch', size: [416, 416] }],
    ['size under its older name', [{ type: 'Resize', scale: [320, 320] }], { size: [320, 320] }],
    ['no colours: BGR as it is', [stretch], { channels: 'bgr', scale: 1, mean: [0, 0, 0], std: [1, 1, 1] }],
    ['RGB less a mean', [stretch, normalise], { channels: 'rgb', scale: 1, ...imageNet }],
    ['BGR less a mean', [stretch, { ...normalise, to_rgb: false }], { channels: 'bgr', ...imageNet }],
    ['its cubic', [{ ...stretch, interpolation: 'bicubic' }], { interpolation: 'bicubic' }],
    ['its area', [{ ...stretch, interpolation: 'area' }], { interpolation: 'antialias' }],
    [
      'RTMDet: padded to a size, before it is normalised',
      [
        { type: 'Resize', keep_ratio: true, size: [640, 640] },
        { type: 'Pad', size: [640, 640], pad_val: { img: [114, 114, 114] } },
        normalise,
        { ...divisor, size_divisor: 1 },
      ],
      { fit: 'letterbox-top-left', padValue: 114, size: [640, 640] },
    ],
    [
      'YOLOX: padded to a square',
      [
        { type: 'Resize', keep_ratio: true, size: [416, 416] },
        { type: 'Pad', pad_to_square: true, pad_val: 114 },
      ],
      { fit: 'letterbox-top-left', padValue: 114, size: [416, 416] },
    ],
    [
      'in proportion, padded to a divisor once it is normalised: with its mean',
      [keep, normalise, divisor],
      { fit: 'shortest-edge', size: [1333, 800], multipleOf: 32, padValue: 114 },
    ],
    [
      'in proportion, padded to a divisor before: as it says',
      [keep, { ...divisor, pad_val: { img: 7 } }, normalise],
      { fit: 'shortest-edge', multipleOf: 32, padValue: 7 },
    ],
    ['in proportion and no more', [keep], { fit: 'shortest-edge', multipleOf: 1, padValue: 0 }],
    [
      'mmyolo: padded around',
      [{ type: 'mmyolo.LetterResize', scale: [640, 640], allow_scale_up: false, pad_val: { img: 114 } }],
      { fit: 'letterbox', padValue: 114, size: [640, 640], interpolation: 'bilinear' },
    ],
    ['or stretched', [{ type: 'LetterResize', scale: [640, 384], stretch_only: true }], { fit: 'stretch' }],
  ];
  test.each(rows)('%s', async (_, steps, input) => {
    await write(pipelineOf(steps));
    expect(await readMmdeployPipeline(model())).toMatchObject({ input, warnings: [] });
  });
});

test.each<[string, Step, RegExp]>([
  [
    'nearest',
    { ...stretch, interpolation: 'nearest' },
    /^pipeline\.json "interpolation": nearest means OpenCV’s nearest/,
  ],
  ['lanczos', { ...stretch, interpolation: 'lanczos' }, /"interpolation": lanczos means OpenCV’s lanczos kernel/],
  ['a kernel of no name', { ...stretch, interpolation: 'box' }, /"interpolation": box means no kernel of OpenCV’s/],
])('%s: a warning', async (_, step, warning) => {
  await write(pipelineOf([step]));
  const { input, warnings } = (await readMmdeployPipeline(model()))!;
  expect(input.interpolation).toBe('bilinear');
  expect(warnings).toEqual([expect.stringMatching(warning)]);
});

test('steps of another kind: a warning', async () => {
  await write(pipelineOf([stretch, { type: 'CenterCrop', crop_size: 224 }, { type: 'ToGray' }, normalise]));
  const { warnings } = (await readMmdeployPipeline(model()))!;
  expect(warnings).toEqual(['pipeline.json: what CenterCrop, ToGray does to a picture is left out.']);
});

test('a folder above onnx/ is looked at as well', async () => {
  await write(pipelineOf([stretch]));
  await mkdir(join(folder, 'onnx'));
  expect((await readMmdeployPipeline(join(dirname(model()), 'onnx', 'model.onnx')))?.input.fit).toBe('stretch');
});

test.each<[string, string, RegExp]>([
  ['no JSON', '{', /pipeline\.json: cannot be read: .+\.$/],
  ['no object', '[]', /pipeline\.json: expected an object, received Array of length 0\.$/],
  ['no tasks', '{"pipeline": {}}', /pipeline\.json: expected pipeline\.tasks to be tasks, received undefined\.$/],
  [
    'no task for pictures',
    '{"pipeline": {"tasks": [{"module": "Net"}]}}',
    /task "Transform": expected transforms to be steps, received undefined/,
  ],
  ['no step that resizes', pipelineOf([normalise]), /pipeline\.json: expected a step "Resize" or "LetterResize"/],
  ['no size', pipelineOf([{ type: 'Resize', keep_ratio: true }]), /step "Resize": expected size to be a side or/],
  [
    'a size of three',
    pipelineOf([{ ...stretch, size: [1, 2, 3] }]),
    /expected size to be a side or \[width, height\], whole pixels, received Array of length 3\.$/,
  ],
  [
    'a mean of one',
    pipelineOf([stretch, { ...normalise, mean: [0] }]),
    /step "Normalize": expected mean to be three numbers, received Array of length 1\.$/,
  ],
  [
    'a grey that is a word',
    pipelineOf([keep, { ...divisor, pad_val: 'grey' }]),
    /step "Pad": expected pad_val to be a n/,
  ],
])('%s: an error', async (_, text, message) => {
  await write(text);
  await expect(readMmdeployPipeline(model())).rejects.toThrow(complaint('E_MODEL', message));
});
