import { mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { modelFiles, readModel } from '../../../src/model/onnx/metadata.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { smallModel } from '../small-model.js';

let file: string;

beforeEach(async () => {
  file = join(await temporaryFolder(), 'model.onnx');
});

// Wire types of Protocol Buffers: 0 a number, 1 eight bytes, 2 a length and bytes, 5 four bytes. Tag: field · 8 + type.
const bytes = (field: number, ...content: (string | number | Uint8Array)[]) => {
  const parts = content.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part)));
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(...varint((field << 3) | 2), ...varint(body.length)), body]);
};
const varint = (value: number) => {
  const digits: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...digits, rest];
    digits.push((rest % 128) | 128);
  }
};
const number = (field: number, ...value: number[]) => Buffer.of(field << 3, ...value);
const opset = (domain: string, version: number) => [...(domain ? [bytes(1, domain)] : []), number(2, version)];
const entry = (key: string, value: string) => [bytes(1, key), bytes(2, value)];
const graph = bytes(7);
const empty = { irVersion: 0, producer: '', opset: 0, properties: {} };

describe('metadata', () => {
  test('a written model', async () => {
    await writeFile(file, smallModel({ names: "{1: 'café'}", 'sigbox.spec': '{}' }));
    const properties = { names: "{1: 'café'}", 'sigbox.spec': '{}' };
    expect(readModel(file).metadata).toEqual({ irVersion: 7, producer: 'sigbox', opset: 13, properties });
  });

  const rows: [string, Uint8Array[], Partial<typeof empty> & Record<string, unknown>][] = [
    ['a graph and nothing else', [graph], {}],
    ['the graph last', [bytes(2, 'pytorch'), graph], { producer: 'pytorch' }],
    ['a number of several bytes', [Buffer.of(0x08, 0xac, 0x02), graph], { irVersion: 300 }], // 300 = 2 · 128 + 44
    [
      'fields of every type are stepped over',
      [Buffer.of(0x28, 1, 0x31, 1, 2, 3, 4, 5, 6, 7, 8, 0x7d, 1, 2, 3, 4), graph, Buffer.of(0x08, 9)],
      { irVersion: 9 },
    ],
    ['a negative number', [Buffer.of(0x28, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1), graph], {}],
    ['the default operators', [graph, bytes(8, ...opset('', 17))], { opset: 17 }],
    ['the default operators by name', [graph, bytes(8, ...opset('ai.onnx', 18))], { opset: 18 }],
    ['other operators', [graph, bytes(8, ...opset('', 12)), bytes(8, ...opset('com.microsoft', 99))], { opset: 12 }],
    ['only other operators', [graph, bytes(8, ...opset('ai.onnx.ml', 3))], { opset: 0 }],
    ['a value without text', [graph, bytes(14, bytes(1, 'task'))], { properties: { task: '' } }],
    [
      'the last of two',
      [graph, bytes(14, ...entry('a', '1')), bytes(14, ...entry('a', '2'))],
      { properties: { a: '2' } },
    ],
    [
      'a value longer than what is read at once',
      [graph, bytes(14, ...entry('a', 'é'.repeat(20_000)))],
      { properties: { a: 'é'.repeat(20_000) } },
    ],
  ];

  test.each(rows)('%s', async (_, parts, found) => {
    await writeFile(file, Buffer.concat(parts));
    expect(readModel(file).metadata).toEqual({ ...empty, ...found });
  });
});

// Fields of ValueInfoProto, TypeProto, TypeProto.Tensor and TensorShapeProto.
const shape = (...dims: (number | string | null)[]) =>
  bytes(2, ...dims.map((d) => (d === null ? bytes(1) : bytes(1, typeof d === 'number' ? number(1, d) : bytes(2, d)))));
const tensor = (type: number, ...rest: Uint8Array[]) => bytes(2, bytes(1, number(1, type), ...rest));
const value = (field: number, name: string, type: Uint8Array) => bytes(field, bytes(1, name), type);
const INPUT = 11;
const OUTPUT = 12;

describe('inputs and outputs', () => {
  test('of a written model', async () => {
    await writeFile(file, smallModel());
    const { inputs, outputs, operators } = readModel(file);
    const image = { type: 'float32', dims: [1, 3, 2, 4] };
    expect(inputs).toEqual([{ name: 'images', ...image }]);
    expect(outputs).toEqual([
      { name: 'same', ...image },
      { name: 'dims', type: 'int64', dims: [4] },
    ]);
    expect([...operators]).toEqual(['Identity', 'Shape']);
  });

  const minusOne = Buffer.of(0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
  const rows: [string, Uint8Array, string, (number | string)[] | null][] = [
    ['fixed', tensor(1, shape(1, 3, 64)), 'float32', [1, 3, 64]],
    ['half precision', tensor(10, shape(1)), 'float16', [1]],
    ['bytes', tensor(2, shape(1)), 'uint8', [1]],
    ['double precision', tensor(11, shape(1)), 'float64', [1]],
    ['of a type of later days', tensor(99, shape(1)), 'type 99', [1]],
    ['names for dims', tensor(1, shape('batch', 3, 'height')), 'float32', ['batch', 3, 'height']],
    ['dims without a name', tensor(1, shape(null, '', 3)), 'float32', ['?', '?', 3]],
    ['a dim of -1', tensor(1, bytes(2, bytes(1, minusOne))), 'float32', ['?']],
    ['a dim of 0', tensor(1, shape(1, 0)), 'float32', [1, 0]],
    ['a single number', tensor(7, shape()), 'int64', []],
    ['no shape', tensor(1), 'float32', null],
    ['a sequence', bytes(2, bytes(4, bytes(1))), 'not a tensor', []],
    ['no type', Buffer.of(), 'not a tensor', []],
  ];

  test.each(rows)('%s', async (_, type, found, dims) => {
    await writeFile(file, bytes(7, value(INPUT, 'in', type), value(OUTPUT, 'out', type)));
    const { inputs, outputs } = readModel(file);
    expect(inputs).toEqual([{ name: 'in', type: found, dims }]);
    expect(outputs).toEqual([{ name: 'out', type: found, dims }]);
  });

  test('weights that are listed as inputs are left out, wherever they stand', async () => {
    const [image, kernel, sparse] = ['image', 'kernel', 'sparse'].map((name) =>
      value(INPUT, name, tensor(1, shape(1))),
    );
    const weights = [bytes(5, bytes(8, 'kernel'), bytes(9, 1, 2)), bytes(15, bytes(1, bytes(8, 'sparse')))];
    await writeFile(file, bytes(7, kernel, image, ...weights, sparse));
    expect(readModel(file).inputs.map(({ name }) => name)).toEqual(['image']);
  });
});

describe('operators', () => {
  const node = (type: string, domain = '', ...attributes: Uint8Array[]) =>
    bytes(1, bytes(1, 'x'), bytes(4, type), ...attributes, ...(domain ? [bytes(7, domain)] : []));

  const branch = (...nodes: Uint8Array[]) => bytes(5, bytes(6, ...nodes));

  const rows: [string, Uint8Array[], string[]][] = [
    ['each type once', [bytes(7, node('Conv'), node('Relu'), node('Conv'))], ['Conv', 'Relu']],
    ['the default domain by name', [bytes(7, node('Conv', 'ai.onnx'))], ['Conv']],
    ['another domain', [bytes(7, node('EfficientNMS_TRT', 'TRT'))], ['TRT::EfficientNMS_TRT']],
    [
      'those of a branch, and of a branch in it',
      [bytes(7, node('If', '', branch(node('Loop', '', branch(node('TopK'))))))],
      ['TopK', 'Loop', 'If'],
    ],
    [
      'those of several branches',
      [bytes(7, node('If', '', bytes(5, bytes(11, node('Add')), bytes(11, node('Sub')))))],
      ['Add', 'Sub', 'If'],
    ],
    [
      'those of a function in the file',
      [bytes(7, node('Mish', 'own')), bytes(25, bytes(7, bytes(1, 'x'), bytes(4, 'Tanh')))],
      ['own::Mish', 'Tanh'],
    ],
    [
      'a constant is stepped over',
      [bytes(7, node('Constant', '', bytes(5, bytes(5, bytes(9, 'x'.repeat(300))))))],
      ['Constant'],
    ],
  ];

  test.each(rows)('%s', async (_, parts, operators) => {
    await writeFile(file, Buffer.concat(parts));
    expect([...readModel(file).operators]).toEqual(operators);
  });
});

test('weights of 5 GB are stepped over, not read', async () => {
  const length = 5_000_000_000;
  const name = bytes(8, 'large');
  const output = value(OUTPUT, 'out', tensor(1, shape(1)));
  const data = [(9 << 3) | 2, ...varint(length)];
  const weights = [(5 << 3) | 2, ...varint(name.length + data.length + length)];
  const inGraph = weights.length + name.length + data.length + length + output.length;
  const head = Buffer.concat([Buffer.of((7 << 3) | 2, ...varint(inGraph), ...weights), name, Buffer.from(data)]);
  const handle = await open(file, 'w'); // a sparse file: it takes no room on the disk
  await handle.write(head, 0, head.length, 0);
  const tail = Buffer.concat([output, bytes(2, 'producer')]);
  await handle.write(tail, 0, tail.length, head.length + length);
  await handle.close();
  const { metadata, outputs } = readModel(file);
  expect(metadata.producer).toBe('producer');
  expect(outputs).toEqual([{ name: 'out', type: 'float32', dims: [1] }]);
});

describe('what it refuses', () => {
  test.each([
    ['an empty file', Buffer.alloc(0), 'the file is empty'],
    ['no graph', bytes(2, 'pytorch'), 'it holds no graph'],
    ['a text', Buffer.from('model\n'), '.+'],
    ['zeros', Buffer.alloc(100), 'field number 0'],
    ['a graph of zeros', bytes(7, 0, 0, 0), 'field number 0'],
    ['a group', Buffer.of(0x0b), 'wire type 3'],
    [
      'a field cut off',
      bytes(7, 'anything').subarray(0, 5),
      'it ends after 5 bytes, in the middle of a field of 8 bytes',
    ],
    [
      'a field that leaves its message',
      bytes(7, 0x0a, 9),
      'it ends after 2 bytes, in the middle of a field of 9 bytes',
    ],
    ['a length cut off', Buffer.of((7 << 3) | 2, 0x80), 'it ends in the middle of a number'],
    ['a number without end', Buffer.alloc(30, 0x80), 'a number of more than 10 bytes'],
  ])('%s', async (_, content, why) => {
    await writeFile(file, content);
    const message = `^model .*model\\.onnx: expected an ONNX file, received something else \\(${why}\\)\\.$`;
    expect(() => readModel(file)).toThrow(complaint('E_MODEL', new RegExp(message)));
  });

  test.each([
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d\n',
      'the pointer .*git lfs pull fetches',
    ],
    ['a web page', '\n<!DOCTYPE html><html>', 'a web page: was it a download that failed\\?'],
    ['a PyTorch file', 'PK\x03\x04\x14\x00', 'a ZIP archive, as PyTorch writes them'],
    ['a JPEG', Buffer.of(0xff, 0xd8, 0xff, 0xe0, 0), 'a picture'],
    ['a PNG', Buffer.of(0x89, 0x50, 0x4e, 0x47, 13), 'a picture'],
  ])('%s is named', async (_, content, what) => {
    await writeFile(file, content);
    const message = new RegExp(`^model .*model\\.onnx: expected an ONNX file, received ${what}`);
    expect(() => readModel(file)).toThrow(complaint('E_MODEL', message));
  });

  test('a folder', () => {
    const message = /^model .*: cannot be opened: it is a folder\.$/;
    expect(() => readModel(dirname(file))).toThrow(complaint('E_IO', message));
  });

  test('no file', () => {
    expect(() => readModel(file)).toThrow(complaint('E_IO', /^model .*model\.onnx: cannot be opened: ENOENT.*\.$/));
  });
});

describe('files with weights', () => {
  const weights = (name: string, location: string) => [
    bytes(8, name),
    bytes(13, ...entry('offset', '0')),
    bytes(13, ...entry('location', location)),
  ];

  test('none, where the model holds them', async () => {
    await writeFile(file, smallModel({}));
    expect(modelFiles(file)).toEqual([file]);
  });

  test('one, as onnx writes it', () => {
    const model = fileURLToPath(new URL('../../fixtures/models/external.onnx', import.meta.url));
    expect(modelFiles(model)).toEqual([model, join(dirname(model), 'external.bin')]);
  });

  test('of a graph, of a constant, of a graph within and of sparse weights: each once', async () => {
    const within = bytes(6, bytes(5, ...weights('d', 'c.bin'))); // an attribute with a graph
    const constant = bytes(5, ...weights('', 'sub/b.bin')); // an attribute with a tensor
    const node = bytes(1, bytes(4, 'If'), bytes(5, within), bytes(5, constant));
    const sparse = bytes(15, bytes(1, ...weights('s', 'd.bin')));
    await writeFile(
      file,
      bytes(7, node, bytes(5, ...weights('w', 'a.bin')), bytes(5, ...weights('v', 'a.bin')), sparse),
    );
    expect(readModel(file).weightFiles).toEqual(['a.bin', 'c.bin', 'd.bin', 'sub/b.bin']);
  });

  test('belong to the model where they are regular files in its folder', async () => {
    const outside = join('..', '..', 'dev', 'zero');
    const names = ['there.bin', 'missing.bin', outside, '/dev/zero', 'folder', 'zeros'];
    await writeFile(file, bytes(7, ...names.map((name) => bytes(5, ...weights(name, name)))));
    await writeFile(join(dirname(file), 'there.bin'), 'x');
    await mkdir(join(dirname(file), 'folder'));
    await symlink('/dev/zero', join(dirname(file), 'zeros'));
    expect(modelFiles(file)).toEqual([file, join(dirname(file), 'there.bin')]);
  });
});
