import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { toFloat16 } from '../../src/kernels/float16.js';
import type { Feeds } from '../../src/model/feeds.js';
import { describeModel, openSession, type SessionOptions } from '../../src/model/session.js';
import { complaint } from '../support/complaint.js';
import { inputSpec } from '../support/input-spec.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { castModel, smallModel } from './small-model.js';

const input = inputSpec();
const values = Float32Array.from({ length: 24 }, (_, i) => i / 8);
let file: string;

beforeEach(async () => {
  file = join(await temporaryFolder(), 'small.onnx');
  await writeFile(file, smallModel());
});

describe('a session', () => {
  test.each([0, 1, 2])('runs, threads %i', async (threads) => {
    const session = await open({ threads });
    const given = values.slice();
    const outputs = await session.run(feed(given));
    expect(outputs).toEqual({ same: { dims: [1, 3, 2, 4], data: values } });
    expect(given).toEqual(values);
  });

  test('keeps neither its input nor its outputs', async () => {
    const session = await open();
    const given = values.slice();
    const first = await session.run(feed(given));
    given.fill(9);
    const second = await session.run(feed(given));
    expect([...first.same.data]).toEqual([...values]);
    expect([...second.same.data]).toEqual(new Array(24).fill(9));
  });

  test.each([
    ['too few values', new Float32Array(23), /^model .*small\.onnx: inference failed: .*\(24\).*\(23\).*\.$/],
    ['no values', new Float32Array(0), /^model .*small\.onnx: inference failed: .*\.$/],
  ])('refuses %s', async (_, wrong, message) => {
    const session = await open();
    await expect(session.run(feed(wrong))).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('gives outputs of another type as float32', async () => {
    const session = await open({ outputs: ['dims'] });
    expect(await session.run(feed(values))).toEqual({ dims: { dims: [4], data: Float32Array.of(1, 3, 2, 4) } });
  });
});

describe('types', () => {
  const bits = { float32: values, uint8: Uint8Array.from(values), float16: toFloat16(values) };

  test.each(['float32', 'uint8', 'float16'] as const)('takes %s', async (type) => {
    await writeFile(file, castModel(type, 'float32'));
    const session = await open({ input: inputSpec({ type }) });
    const { same } = await session.run({ images: { type, dims: [1, 3, 2, 4], data: bits[type] } });
    expect(same.data).toEqual(type === 'uint8' ? Float32Array.from(bits.uint8) : values);
  });

  test.each([
    ['float32', values],
    ['float16', values], // eighths below 3 are halves
    ['float64', values],
    ['int32', values.map(Math.trunc)],
    ['int64', values.map(Math.trunc)],
    ['uint8', values.map(Math.trunc)],
    ['bool', values.map(Boolean as never)],
  ] as const)('gives %s as float32', async (type, given) => {
    await writeFile(file, castModel('float32', type));
    const { same } = await (await open()).run(feed(values));
    expect(same).toEqual({ dims: [1, 3, 2, 4], data: given });
  });

  test('refuses texts', async () => {
    await writeFile(file, castModel('float32', 'string'));
    const message = /^model .*small\.onnx: output "same": expected numbers, received string\.$/;
    await expect((await open()).run(feed(values))).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('refuses to feed what the model does not take', async () => {
    await writeFile(file, castModel('float16', 'float32'));
    const message = /expected float32 \[1, 3, 2, 4\] as the spec says, the model takes float16 \[1, 3, 2, 4\]\./;
    await expect(open()).rejects.toThrow(complaint('E_MODEL', message));
  });
});

test('a model that takes any batch and any size', async () => {
  await writeFile(file, castModel('float32', 'float32', ['batch', 3, 'height', 'width']));
  const { same } = await (await open()).run(feed(values));
  expect(same).toEqual({ dims: [1, 3, 2, 4], data: values });
});

test('weights that lie in a file of their own', async () => {
  const beside = fileURLToPath(new URL('../fixtures/models/external.onnx', import.meta.url));
  const session = await openSession(beside, { input, outputs: ['out'], threads: 1 });
  onTestFinished(() => session.close());
  expect((await session.run(feed(values))).out.data).toEqual(values.map((value) => value * 2));
  await copyFile(beside, file);
  const message = /^model .*small\.onnx: onnxruntime cannot load it: .*external\.bin.*\.$/;
  await expect(open({ outputs: ['out'] })).rejects.toThrow(complaint('E_MODEL', message));
});

describe('providers', () => {
  test('cpu', async () => {
    const { same } = await (await open({ provider: 'cpu' })).run(feed(values));
    expect(same.data).toEqual(values);
  });

  const elsewhere = process.platform === 'darwin' ? 'dml' : 'coreml';

  test('one that is not to be had here: what there is, and what it needs', async () => {
    const needs = elsewhere === 'dml' ? 'Windows \\(DirectML\\)' : 'macOS';
    const message = `^provider ${elsewhere}: cannot be used \\(.+\\)\\. Built in here: cpu.*\\. ${elsewhere} needs ${needs}\\.$`;
    await expect(open({ provider: elsewhere })).rejects.toThrow(complaint('E_ARGUMENT', new RegExp(message)));
  });

  test('a model that cannot be loaded at all is the model’s fault', async () => {
    await writeFile(file, 'not a model');
    await expect(open({ provider: elsewhere })).rejects.toThrow(complaint('E_MODEL', /onnxruntime cannot load it/));
  });
});

describe('a model that does not fit its spec', () => {
  const dims = (expected: string) =>
    `input "images": expected float32 \\[${expected}\\] as the spec says, the model takes float32 \\[1, 3, 2, 4\\]\\. Correct the spec\\.`;
  const rows: [string, Partial<SessionOptions>, string][] = [
    [
      'input name',
      { input: { ...input, name: 'x' } },
      'the spec names input "x", the model has "images"\\. Correct the spec\\.',
    ],
    [
      'output names',
      { outputs: ['same', 'a', 'b'] },
      'the spec names output "a", "b", the model has "same", "dims"\\. Correct the spec\\.',
    ],
    ['width', { input: { ...input, width: 5 } }, dims('1, 3, 2, 5')],
    ['width for height', { input: { ...input, width: 2, height: 4 } }, dims('1, 3, 4, 2')],
    ['layout', { input: { ...input, layout: 'nhwc' } }, dims('1, 2, 4, 3')],
  ];

  test.each(rows)('%s', async (_, options, message) => {
    await expect(open(options)).rejects.toThrow(complaint('E_MODEL', new RegExp(`^model .*small\\.onnx: ${message}$`)));
  });
});

test('describeModel: inputs and outputs with type and dims', async () => {
  const [type, dims] = ['float32', [1, 3, 2, 4]];
  const outputs = [
    { name: 'same', type, dims },
    { name: 'dims', type: 'int64', dims: [4] },
  ];
  expect(await describeModel(file)).toEqual({ inputs: [{ name: 'images', type, dims }], outputs });
});

describe.each([
  ['no ONNX file', Buffer.from('not a model')],
  ['a truncated one', smallModel().subarray(0, 60)],
  ['an empty one', Buffer.alloc(0)],
])('%s', (_, bytes) => {
  test.each([
    ['openSession', () => open()],
    ['describeModel', () => describeModel(file)],
  ])('%s', async (__, load) => {
    await writeFile(file, bytes);
    const message = /^model .*small\.onnx: onnxruntime cannot load it: .*\.$/;
    await expect(load()).rejects.toThrow(complaint('E_MODEL', message));
  });
});

test('close frees it: it runs no more', async () => {
  const session = await openSession(file, { input, outputs: ['same'], threads: 1 });
  await session.close();
  await expect(session.run(feed(values))).rejects.toThrow(complaint('E_MODEL', /inference failed/));
});

async function open(options: Partial<SessionOptions> = {}) {
  const session = await openSession(file, { input, outputs: ['same'], threads: 1, ...options });
  onTestFinished(() => session.close());
  return session;
}

function feed(data: Float32Array): Feeds {
  return { images: { type: 'float32', dims: [1, 3, 2, 4], data } };
}
