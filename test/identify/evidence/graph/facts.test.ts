import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { gatherFacts } from '../../../../src/identify/evidence/graph/facts.js';
import { builtinModel } from '../../../../src/model/builtin.js';
import { complaint } from '../../../support/complaint.js';
import { onnxModel } from '../../../support/onnx.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const model = onnxModel({ outputs: [{ name: 'out', dims: [1, 2] }], metadata: { names: "['cat']" } });
let file: string;

beforeEach(async () => {
  file = join(await temporaryFolder(), 'model.onnx');
  await writeFile(file, model);
});

test('what a file says', async () => {
  for (const named of [file, pathToFileURL(file)]) {
    expect(await gatherFacts(named)).toEqual({
      file,
      builtin: false,
      metadata: { irVersion: 7, producer: 'sigbox', opset: 13, properties: { names: "['cat']" } },
      inputs: [{ name: 'images', type: 'float32', dims: [1, 3, 64, 64] }],
      outputs: [{ name: 'out', type: 'float32', dims: [1, 2] }],
      operators: new Set(['Cast']),
      graph: {
        nodes: [{ type: 'Cast', inputs: ['out values'], outputs: ['out'], attributes: { to: 1 } }],
        constants: new Map([['out values', { dims: [1, 2], values: [0, 0] }]]),
      },
      config: null,
      preprocessor: null,
    });
  }
});

test('the built-in model', async () => {
  const { builtin, file: found, inputs } = await gatherFacts();
  expect({ builtin, found, inputs }).toEqual({
    builtin: true,
    found: builtinModel(),
    inputs: [{ name: 'images', type: 'float32', dims: [1, 3, 300, 300] }],
  });
});

test('onnxruntime works out the shapes that a file leaves out', async () => {
  const outputs = [{ name: 'out', dims: [1, 2], declared: null }];
  await writeFile(file, onnxModel({ inputs: [{ name: 'images', dims: ['n', 3, 'h', 64] }], outputs }));
  expect(await gatherFacts(file)).toMatchObject({
    inputs: [{ name: 'images', dims: ['n', 3, 'h', 64] }],
    outputs: [{ name: 'out', type: 'float32', dims: [1, 2] }],
  });
});

test('no session is loaded for a model that says its shapes: one that cannot run has facts as well', async () => {
  const node = { opType: 'NoSuchOperator', name: 'x', inputs: ['images'], outputs: ['y'] };
  await writeFile(file, onnxModel({ outputs: [{ name: 'out', dims: [1, 2] }], nodes: [node] }));
  expect((await gatherFacts(file)).operators).toEqual(new Set(['Cast', 'NoSuchOperator']));
});

describe('files of Hugging Face', () => {
  test('beside the model', async () => {
    await writeFile(join(dirname(file), 'config.json'), '{"model_type":"detr"}');
    await writeFile(join(dirname(file), 'preprocessor_config.json'), '{"do_resize":true}');
    const { config, preprocessor } = await gatherFacts(file);
    expect({ config, preprocessor }).toEqual({ config: { model_type: 'detr' }, preprocessor: { do_resize: true } });
  });

  test('not in any folder above: it may be another program’s', async () => {
    const below = join(dirname(file), 'models', 'model.onnx');
    await mkdir(dirname(below));
    await writeFile(below, model);
    await writeFile(join(dirname(file), 'config.json'), '{"model_type":"above"}');
    expect((await gatherFacts(below)).config).toBeNull();
  });

  test('above a folder onnx/; the nearer one wins', async () => {
    const below = join(dirname(file), 'onnx', 'model.onnx');
    await mkdir(dirname(below));
    await writeFile(below, model);
    await writeFile(join(dirname(file), 'config.json'), '{"model_type":"above"}');
    expect((await gatherFacts(below)).config).toEqual({ model_type: 'above' });
    await writeFile(join(dirname(below), 'config.json'), '{"model_type":"beside"}');
    expect((await gatherFacts(below)).config).toEqual({ model_type: 'beside' });
  });

  test('one that is not JSON', async () => {
    await writeFile(join(dirname(file), 'config.json'), '{');
    const message = /config\.json: cannot be read: .+\.$/;
    await expect(gatherFacts(file)).rejects.toThrow(complaint('E_MODEL', message));
  });
});
