import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { builtinModel } from '../../src/model/builtin.js';
import { gatherFacts, identify } from '../../src/model/identify.js';
import type { ModelSpec } from '../../src/types.js';
import { complaint } from '../support/complaint.js';
import { inputSpec } from '../support/input-spec.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { smallModel } from './small-model.js';

vi.mock('../../src/model/builtin.js', { spy: true });

const spec: ModelSpec = {
  name: 'small',
  input: inputSpec(),
  head: {
    family: 'ssd',
    scores: 'scores',
    boxes: 'boxes',
    anchors: 'anchors',
    activation: 'sigmoid',
    boxScales: [1, 1, 1, 1],
  },
  labels: ['cat'],
};
let file: string;

beforeEach(async () => {
  file = join(await temporaryFolder(), 'model.onnx');
});

describe('where the spec comes from', () => {
  test('the built-in model says it in its metadata', async () => {
    const found = await identify();
    expect(found).toMatchObject({ file: builtinModel(), builtin: true, specSource: 'metadata' });
    expect(found.spec).toMatchObject({ name: 'ssdlite-mobilenet-v2-coco', input: { width: 300, height: 300 } });
    expect(found.spec.labels.indexOf('toothbrush')).toBe(90);
  });

  test.each([
    ['path', (path: string) => path],
    ['file URL', (path: string) => pathToFileURL(path)],
  ])('a file’s metadata, by %s', async (_, named) => {
    await writeFile(file, smallModel({ 'sigbox.spec': JSON.stringify(spec) }));
    const found = await identify(named(file));
    expect(found).toMatchObject({ file, builtin: false, spec, specSource: 'metadata' });
    expect(found.metadata).toMatchObject({ producer: 'sigbox', opset: 13 });
  });

  test('a given spec wins over the metadata', async () => {
    await writeFile(file, smallModel({ 'sigbox.spec': 'whatever' }));
    const given = { ...spec, name: 'given' };
    expect(await identify(file, given)).toMatchObject({ spec: given, specSource: 'given', builtin: false });
  });
});

test('gatherFacts tells of a file that does not say what it is', async () => {
  await writeFile(file, smallModel({ names: "{0: 'cat'}" }));
  const facts = await gatherFacts(file);
  expect(facts).toMatchObject({ file, builtin: false, spec: null, metadata: { properties: { names: "{0: 'cat'}" } } });
});

describe('what it refuses', () => {
  const rows: [string, Record<string, string>, RegExp][] = [
    [
      'a model that does not say what it is',
      { names: "{0: 'cat'}" },
      /^model .*model\.onnx: expected metadata "sigbox\.spec" .*, received none\. Give a spec: the option spec, or --spec FILE\.json/,
    ],
    [
      'metadata that is not JSON',
      { 'sigbox.spec': '{"name":' },
      /^metadata of .*model\.onnx: "sigbox\.spec" is not JSON: .+\.$/,
    ],
    [
      'metadata that is no spec',
      { 'sigbox.spec': '{}' },
      /^metadata of .*model\.onnx: expected a field name, received undefined\./,
    ],
  ];

  test.each(rows)('%s', async (_, metadata, message) => {
    await writeFile(file, smallModel(metadata));
    await expect(identify(file)).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('a given spec that is none', async () => {
    await writeFile(file, smallModel());
    const message = /^spec: expected labels to be >=1, received Array of length 0\./;
    await expect(identify(file, { ...spec, labels: [] })).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('no file', async () => {
    await expect(identify(file, spec)).rejects.toThrow(complaint('E_IO', /^model .*: cannot be opened: ENOENT/));
  });

  test('no ONNX file, with a spec or without', async () => {
    await writeFile(file, 'text');
    for (const given of [undefined, spec]) {
      await expect(identify(file, given)).rejects.toThrow(complaint('E_MODEL', /expected an ONNX file/));
    }
  });

  test('a web address', async () => {
    const message = /^model: expected a path or file URL, received "https:\/\/a\.b\/c\.onnx"\. .*scheme file\.$/;
    await expect(identify(new URL('https://a.b/c.onnx'))).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test('a built-in model that was not built', async () => {
    vi.mocked(builtinModel).mockReturnValueOnce(file);
    const message = /^built-in model: .*model\.onnx is missing\. In a source checkout, npm run build makes it\.$/;
    await expect(identify()).rejects.toThrow(complaint('E_MODEL', message));
  });
});
