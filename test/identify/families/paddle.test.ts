import { describe, expect, test } from 'vitest';
import { complaint } from '../../support/complaint.js';
import { expectGolden, goldenOf, outputsOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';

const image = { name: 'image', dims: [1, 3, 64, 64] };
const scaleFactor = { name: 'scale_factor', dims: [1, 2] };
const imShape = { name: 'im_shape', dims: [1, 2] };
const finished = outputsOf(goldenOf('paddle', 'ppyoloe'), { 'multiclass_nms3_0.tmp_2': { type: 'int32' } });
const open = finished.map((output) => ({ ...output, declared: output.dims.length === 2 ? ['k', 6] : ['b'] }));

describe('with its post-processing', () => {
  test.each([
    ['scale_factor', [image, scaleFactor], [{ name: 'scale_factor', type: 'float32', value: 'scale-yx' }]],
    [
      'im_shape and scale_factor',
      [imShape, image, scaleFactor],
      [
        { name: 'im_shape', type: 'float32', value: 'input-hw' },
        { name: 'scale_factor', type: 'float32', value: 'scale-yx' },
      ],
    ],
  ])('%s', async (_, inputs, extras) => {
    const model = await identified({ inputs, outputs: open });
    expect(model.spec.input).toMatchObject({
      channels: 'rgb',
      fit: 'stretch',
      interpolation: 'bicubic',
      std: [0.229, 0.224, 0.225],
      extras,
    });
    expect(model.warnings[0]).toMatch(/^PaddleDetection models differ .* For PP-YOLOE\+ .*infer_cfg\.yml/);
    expectGolden(goldenOf('paddle', 'ppyoloe'), model.spec.head, 5);
  });

  test('infer_cfg.yml beside it says how pictures are prepared', async () => {
    const config = [
      'Preprocess:',
      '- {type: Resize, keep_ratio: false, interp: 2, target_size: [64, 64]}',
      '- {type: NormalizeImage, mean: [0.0, 0.0, 0.0], std: [1.0, 1.0, 1.0], norm_type: none}',
      '- {type: Permute}',
      'label_list: [cat, dog, bird, fox, owl]',
    ].join('\n');
    const model = await identified({ inputs: [image, scaleFactor], outputs: open }, {}, { 'infer_cfg.yml': config });
    expect(model.spec.input).toMatchObject({ mean: [0, 0, 0], std: [1, 1, 1], scale: 1 / 255, fit: 'stretch' });
    expect(becauseOf(model, 'input')).toBe('infer_cfg.yml beside the model');
    expect(model.spec.labels).toEqual(['cat', 'dog', 'bird', 'fox', 'owl']);
    expect(becauseOf(model, 'labels')).toBe('infer_cfg.yml "label_list"');
    expect(model.warnings).toEqual([]);
  });

  test.each([
    ['a kernel that is not to be had: a warning', {}, [expect.stringMatching(/"interp": 4 .* lanczos/)]],
    ['unless a spec names another', { spec: { input: { interpolation: 'antialias' } } }, []],
  ])('%s', async (_, given, warnings) => {
    const config =
      'Preprocess: [{type: Resize, interp: 4, target_size: [64, 64]}]\nlabel_list: [cat, dog, bird, fox, owl]';
    const model = await identified({ inputs: [image, scaleFactor], outputs: open }, given, { 'infer_cfg.yml': config });
    expect(model.warnings).toEqual(warnings);
  });

  test('a spec that says how pictures are prepared leaves nothing to warn of', async () => {
    const spec = { input: { mean: [0, 0, 0], std: [1, 1, 1] } };
    const model = await identified({ inputs: [image, scaleFactor], outputs: open }, { spec });
    expect(model.spec.input).toMatchObject(spec.input);
    expect(model.warnings.join()).not.toMatch(/PaddleDetection/);
  });

  test.each([['corners', [{ name: 'rows', dims: [3, 10] }, finished[1]], /it gives oriented boxes/]])(
    '%s: refused',
    async (_, outputs, message) => {
      const inputs = [image, scaleFactor];
      await expect(identified({ inputs, outputs })).rejects.toThrow(complaint('E_MODEL', message));
    },
  );

  test('masks: left out, with a note', async () => {
    const outputs = [...finished, { name: 'masks', dims: [3, 8, 8], type: 'int32' as const }];
    const { spec, warnings } = await identified({ inputs: [image, scaleFactor], outputs });
    expect(spec.head.family).toBe('rows');
    expect(warnings).toContainEqual(expect.stringMatching(/gives masks as well \(output "masks"/));
  });
});

describe('without non-maximum suppression', () => {
  test('PP-YOLOE divides by scale_factor', async () => {
    const golden = goldenOf('paddle', 'ppyoloe without nms');
    const model = await identified({ inputs: [image, scaleFactor], outputs: outputsOf(golden) });
    expect(becauseOf(model, 'head.boxUnit')).toBe('the graph divides by "scale_factor"');
    expectGolden(golden, model.spec.head, 5);
  });

  test('PicoDet, which is not told it', async () => {
    const golden = goldenOf('paddle', 'picodet without nms');
    const model = await identified({ inputs: [image], outputs: outputsOf(golden).reverse() });
    expect(becauseOf(model, 'family')).toBe('85 boxes in one output, and in the other 85 scores for each class');
    expectGolden(golden, model.spec.head, 5);
  });

  test('one class', async () => {
    const golden = goldenOf('paddle', 'ppyoloe without nms');
    const { dims, data } = golden.outputs.scores;
    const scores = { dims: [1, 1, dims[2]], values: data.slice(0, dims[2]) };
    const { spec } = await identified({ inputs: [image, scaleFactor], outputs: outputsOf(golden, { scores }) });
    expect(spec.head).toMatchObject({ family: 'boxes-scores', layout: 'columns', boxFormat: 'xyxy' });
    expect(spec.labels).toHaveLength(1);
  });

  test('four classes: scores as wide as a box, the other way round', async () => {
    const golden = goldenOf('paddle', 'ppyoloe without nms');
    const { dims, data } = golden.outputs.scores;
    const scores = { dims: [1, 4, dims[2]], values: data.slice(0, 4 * dims[2]) };
    const { spec } = await identified({
      inputs: [image, scaleFactor],
      outputs: outputsOf(golden, { scores }).reverse(),
    });
    expect(spec.head).toMatchObject({ boxes: 'boxes', scores: 'scores' });
    expect(spec.labels).toHaveLength(4);
  });

  test('scores a row per box are another family’s', async () => {
    const golden = goldenOf('paddle', 'ppyoloe without nms');
    const scores = { dims: [1, 84, 5] };
    const found = await identified({ inputs: [image], outputs: outputsOf(golden, { scores }) }).catch(() => null);
    expect(found?.spec.head).not.toMatchObject({ layout: 'columns' });
  });
});

describe('without any post-processing', () => {
  const golden = goldenOf('paddle', 'ppyoloe without post-processing');

  test('PP-YOLOE, by what wrote the file', async () => {
    const model = await identified({ inputs: [image], outputs: outputsOf(golden), producer: 'PaddlePaddle' });
    expect(becauseOf(model, 'family')).toBe('written by PaddlePaddle, 84 rows: cells of strides 8, 16, 32');
    expectGolden(golden, model.spec.head, 5);
  });
});
