import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { identify, type ModelGiven } from '../../src/identify/identify.js';
import { builtinModel } from '../../src/model/builtin.js';
import { complaint } from '../support/complaint.js';
import { inputSpec } from '../support/input-spec.js';
import { type ModelGiven as OnnxGiven, onnxModel } from '../support/onnx.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { head, spec } from './small-spec.js';

vi.mock('../../src/model/builtin.js', { spy: true });

const { name: _n, type: _t, width: _w, height: _h, layout: _l, batched: _b, ...prepared } = spec.input;
/** Of no family: outputs that nobody has. */
const foreign: OnnxGiven = { outputs: [{ name: 'out', dims: [1, 5, 7, 2] }] };
/** As Ultralytics exports it: one class, 84 cells of 64 × 64, with one box that is sure. */
const values = [32, 32, 16, 16, 0.75].flatMap((value) => [value, ...new Array(83).fill(0)]);
const ultralytics = (changes: Partial<OnnxGiven> = {}): OnnxGiven => ({
  outputs: [{ name: 'output0', dims: [1, 5, 84], values }],
  metadata: { author: 'Ultralytics', task: 'detect', names: "{0: 'cat'}" },
  ...changes,
});
let file: string;

beforeEach(async () => {
  file = join(await temporaryFolder(), 'model.onnx');
});

async function identified(model: OnnxGiven, given?: ModelGiven) {
  await writeFile(file, onnxModel(model));
  return identify(file, given);
}

describe('where the spec comes from', () => {
  test('the built-in model says it in its metadata', async () => {
    const found = await identify(undefined);
    expect(found).toMatchObject({ file: builtinModel(), warnings: [] });
    expect(found.spec).toMatchObject({ name: 'ssdlite-mobilenet-v2-coco', input: { width: 300, height: 300 } });
    expect(found.spec.labels.indexOf('toothbrush')).toBe(90);
  });

  const inMetadata = { ...foreign, metadata: { 'sigbox.spec': JSON.stringify(spec) } };

  test.each([
    ['path', (path: string) => path],
    ['file URL', (path: string) => pathToFileURL(path)],
  ])('a file’s metadata, by %s', async (_, named) => {
    await writeFile(file, onnxModel(inMetadata));
    const because = 'the file says so itself ("sigbox.spec")';
    const decisions = [{ field: 'spec', value: 'from metadata', because }];
    expect(await identify(named(file))).toEqual({ file, spec, decisions, warnings: [] });
  });

  test('parts that are given win over the metadata', async () => {
    const given = { spec: { labels: ['dog'], input: { scale: 2 } }, size: [8, 6] as [number, number] };
    const found = await identified(inMetadata, given);
    expect(found.spec).toEqual({ ...spec, labels: ['dog'], input: { ...spec.input, scale: 2, width: 8, height: 6 } });
  });

  test('a whole spec is all there is to it, whatever the file says', async () => {
    const found = await identified({ ...foreign, metadata: { 'sigbox.spec': 'whatever' } }, { spec });
    expect(found).toMatchObject({ spec, decisions: [{ field: 'spec', value: 'given' }], warnings: [] });
  });

  test('a head and how the input is prepared: the rest is the file’s', async () => {
    const inputs = [{ name: 'picture', dims: [1, 'h', 'w', 3], type: 'uint8' as const }];
    const { interpolation: _, ...unsaid } = prepared;
    const given = { spec: { head, input: unsaid, labels: ['cat'] }, size: [96, 64] as [number, number] };
    const outputs = [{ name: 'out', dims: [1, 5, 84] }];
    const found = await identified({ outputs, inputs }, given);
    const settled = { name: 'picture', type: 'uint8', layout: 'nhwc', width: 96, height: 64, batched: true };
    expect(found.spec).toEqual({
      name: 'yolo as given (1 classes)',
      input: inputSpec(settled as never),
      head,
      labels: ['cat'],
    });
    expect(found.decisions).toContainEqual({ field: 'family', value: 'yolo as given', because: 'the spec says so' });
    const because = 'what a spec means that does not say';
    expect(found.decisions).toContainEqual({ field: 'input.interpolation', value: 'antialias', because });
  });

  test('the family tells, and every decision has its reason', async () => {
    const { spec: found, decisions, warnings } = await identified(ultralytics());
    expect(found).toMatchObject({
      input: { name: 'images', width: 64, height: 64, fit: 'letterbox', padValue: 114 },
      head: { family: 'yolo', output: 'output0', layout: 'columns', objectness: false },
      labels: ['cat'],
    });
    const fields = decisions.map(({ field }) => field);
    for (const field of ['family', 'input size', 'labels']) expect(fields).toContain(field);
    expect(new Set(fields).size).toBe(fields.length);
    for (const { field, value, because } of decisions) {
      expect(value, field).not.toBe('');
      expect(because, field).not.toBe('');
    }
    expect(warnings).toEqual([]);
  });

  test('how the picture is resized, unless the spec says otherwise', async () => {
    const told = ({ decisions }: Awaited<ReturnType<typeof identified>>) =>
      decisions.filter(({ field }) => field === 'input.interpolation');
    const program = 'Ultralytics YOLO’s own program resizes as OpenCV does, INTER_LINEAR';
    const own = { field: 'input.interpolation', value: 'bilinear', because: program };
    expect(told(await identified(ultralytics()))).toEqual([own]);
    const found = await identified(ultralytics(), { spec: { input: { interpolation: 'antialias' } } });
    expect(found.spec.input.interpolation).toBe('antialias');
    expect(told(found)).toEqual([{ field: 'input.interpolation', value: 'antialias', because: 'given' }]);
  });
});

describe('what the user says wins', () => {
  const anySize = ultralytics({
    inputs: [{ name: 'images', dims: ['batch', 3, 'height', 'width'] }],
    metadata: { author: 'Ultralytics', names: "['cat']", imgsz: '[320, 480]' },
  });

  const sizes: [string, ModelGiven, [number, number]][] = [
    ['the family’s size, which is the metadata’s', {}, [480, 320]],
    ['size', { size: [64, 96] }, [64, 96]],
    ['size in the spec', { spec: { input: { width: 64, height: 96 } } }, [64, 96]],
  ];

  test.each(sizes)('%s', async (_, given, [width, height]) => {
    expect((await identified(anySize, given)).spec.input).toMatchObject({ width, height });
  });

  test('fields of the head, of the input, labels', async () => {
    const given = { spec: { head: { suppress: false }, input: { padValue: 0, fit: 'stretch' }, labels: ['dog'] } };
    const { spec: found } = await identified(ultralytics(), given);
    expect(found).toMatchObject({ head: { family: 'yolo', suppress: false }, input: { padValue: 0, fit: 'stretch' } });
    expect(found.labels).toEqual(['dog']);
  });

  test('a labels file', async () => {
    const labelsFile = join(await temporaryFolder(), 'labels.txt');
    await writeFile(labelsFile, 'tiger\n');
    const found = await identified(ultralytics(), { labelsFile });
    expect(found.spec.labels).toEqual(['tiger']);
    expect(found.decisions.at(-1)).toEqual({ field: 'labels', value: '1 names', because: `labels file ${labelsFile}` });
  });

  test('which of two inputs is the picture’s, and what the other one takes', async () => {
    const inputs = ['a', 'b'].map((name) => ({ name, dims: [1, 3, 64, 64] }));
    const two = ultralytics({ inputs: [...inputs, { name: 'size', dims: [1, 2] }] });
    const several =
      /received several: "a" float32 \[1, 3, 64, 64\], "b" .*A spec like \{"input":\{"name":"…"\}\} tells which\.$/;
    await expect(identified(two)).rejects.toThrow(complaint('E_MODEL', several));
    const one = ultralytics({ inputs: [inputs[0]!, { name: 'size', dims: [1, 2] }] });
    const unfed =
      /says nothing of input "size"\. Name it in input\.extras, with what it takes, like \{"input":\{"extras":\[\{"name":"size"/;
    await expect(identified(one)).rejects.toThrow(complaint('E_MODEL', unfed));
    const extras = [{ name: 'size', type: 'float32', value: 'image-hw' }];
    expect((await identified(one, { spec: { input: { extras } } })).spec.input).toMatchObject({ name: 'a', extras });
  });
});

describe('what it warns of', () => {
  const images = { name: 'images', dims: [1, 3, 96, 96] };

  test('classes without names', async () => {
    const outputs = [{ name: 'output0', dims: [1, 6, 189], values: probable(6) }];
    const { warnings } = await identified({ inputs: [images], outputs });
    expect(warnings).toEqual([expect.stringMatching(/does not name its classes/)]);
  });

  test.each([
    ['scores that are all 0', () => 0, /^Every score of the model's first run is 0: .*head is not "yolo"/],
    ['nothing but NaN', () => Number.NaN, /^Output "output0" is nothing but NaN or infinity/],
  ])('%s, where the model was run', async (_, value, warning) => {
    const outputs = [{ name: 'output0', dims: [1, 84, 189], values: probable(84, value) }];
    const { warnings } = await identified({ inputs: [images], outputs });
    expect(warnings).toContainEqual(expect.stringMatching(warning));
  });
});

/** Columns of a decoded YOLO on 96 × 96: cell centres, sizes of 16, and scores. */
function probable(width: number, score: () => number = () => 0.5): number[] {
  const centres = [8, 16, 32].flatMap((stride) =>
    Array.from({ length: (96 / stride) ** 2 }, (_, i) => {
      const side = 96 / stride;
      return [((i % side) + 0.5) * stride, (Math.floor(i / side) + 0.5) * stride] as const;
    }),
  );
  const box = [centres.map(([x]) => x), centres.map(([, y]) => y), ...[0, 1].map(() => centres.map(() => 16))];
  const values = [...box, ...Array.from({ length: width - 4 }, () => centres.map(score))].flat();
  return Number.isNaN(score()) ? values.map(() => Number.NaN) : values;
}

describe('what it refuses', () => {
  const models: [string, OnnxGiven, RegExp][] = [
    [
      'a model of no known family, with its shapes',
      foreign,
      /^model .*: its outputs are of no family that sigbox knows: inputs "images" \[1, 3, 64, 64\]; outputs "out" \[1, 5, 7, 2\]\. .*--spec FILE\.json/,
    ],
    [
      'metadata that is not JSON',
      { ...foreign, metadata: { 'sigbox.spec': '{"name":' } },
      /^metadata of .*model\.onnx: "sigbox\.spec" is not JSON: .+\.$/,
    ],
    [
      'metadata that is no spec',
      { ...foreign, metadata: { 'sigbox.spec': '{}' } },
      /^metadata of .*model\.onnx: expected name to be a string, received undefined\./,
    ],
    [
      'operators of TensorRT',
      ultralytics({
        nodes: [{ opType: 'EfficientNMS_TRT', domain: 'TRT', name: 'nms', inputs: ['images'], outputs: ['x'] }],
      }),
      /^model .*: only TensorRT can run its operator TRT::EfficientNMS_TRT\. Export it for onnxruntime/,
    ],
    [
      'a fixed batch of several whose outputs do not keep pictures apart',
      { ...foreign, inputs: [{ name: 'images', dims: [4, 3, 64, 64] }] },
      /it takes 4 pictures at once, and output "out" \[1, 5, 7, 2\] does not keep them apart\. Export it for a batch of 1/,
    ],
    [
      'one channel',
      ultralytics({ inputs: [{ name: 'images', dims: [1, 1, 64, 64] }] }),
      /^model .*: expected an input for pictures of three channels, .*; received "images" float32 \[1, 1, 64, 64\]\.$/,
    ],
  ];

  test.each(models)('%s', async (_, model, message) => {
    await expect(identified(model)).rejects.toThrow(complaint('E_MODEL', message));
  });

  const given: [string, ModelGiven, string, RegExp][] = [
    ['a spec that is none', { spec: 3 }, 'E_MODEL', /^spec: expected an object, received 3\./],
    [
      'a whole spec with a fault',
      { spec: { ...spec, input: inputSpec({ width: 64, height: 64, padValue: 300 }) } },
      'E_MODEL',
      /^spec: expected input\.padValue to be a number from 0 to 255, received 300\./,
    ],
    [
      'a head of no kind',
      { spec: { ...spec, head: { family: 'yolov99' } } },
      'E_MODEL',
      /^spec: expected head\.family to be /,
    ],
    [
      'an unknown field',
      { spec: { heads: {} } },
      'E_MODEL',
      /^spec: expected one of the fields name, .*, received "heads"\. Did you mean "head"\?/,
    ],
    ['too many labels', { spec: { labels: ['a', 'b'] } }, 'E_MODEL', /expected 6 numbers per box for the 2 classes/],
    [
      'another size than the file’s',
      { size: [96, 64] },
      'E_ARGUMENT',
      /^size: expected 64 × 64, which the model fixes, received "96 × 64"/,
    ],
    ['no labels file', { labelsFile: 'no.txt' }, 'E_IO', /^labels file no\.txt: cannot be read: ENOENT/],
  ];

  test.each(given)('%s', async (_, what, code, message) => {
    await expect(identified(ultralytics(), what)).rejects.toThrow(complaint(code as 'E_MODEL', message));
  });

  test('no file, with a spec or without', async () => {
    for (const what of [{}, { spec }]) {
      await expect(identify(file, what)).rejects.toThrow(complaint('E_IO', /^model .*: cannot be opened: ENOENT/));
    }
  });

  test('no ONNX file, with a spec or without', async () => {
    await writeFile(file, 'text');
    for (const what of [{}, { spec }]) {
      await expect(identify(file, what)).rejects.toThrow(complaint('E_MODEL', /expected an ONNX file/));
    }
  });

  test('a web address', async () => {
    const message = /^model: expected a path or file URL, received "https:\/\/a\.b\/c\.onnx"\. .*scheme file\.$/;
    await expect(identify(new URL('https://a.b/c.onnx'))).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test('a built-in model that was not built', async () => {
    vi.mocked(builtinModel).mockReturnValueOnce(file);
    const message = /^built-in model: .*model\.onnx is missing\. In a source checkout, npm run build makes it\.$/;
    await expect(identify(undefined)).rejects.toThrow(complaint('E_MODEL', message));
  });
});
