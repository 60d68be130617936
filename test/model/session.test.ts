import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { toFloat16 } from '../../src/kernels/maths/float16.js';
import { homeOf, KernelMemory } from '../../src/kernels/memory.js';
import type { Feeds } from '../../src/model/feeds.js';
import { describeModel, openSession, type Session, type SessionOptions } from '../../src/model/session.js';
import { complaint } from '../support/complaint.js';
import { inputSpec } from '../support/input-spec.js';
import { onnxModel } from '../support/onnx.js';
import { runSession } from '../support/run-session.js';
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
    const outputs = await runSession(session, feed(given));
    expect(outputs).toEqual({ same: { dims: [1, 3, 2, 4], data: values } });
    expect(given).toEqual(values);
  });

  test('keeps neither its input nor its outputs', async () => {
    const session = await open();
    const given = values.slice();
    const first = await runSession(session, feed(given));
    given.fill(9);
    const second = await runSession(session, feed(given));
    expect([...first.same.data]).toEqual([...values]);
    expect([...second.same.data]).toEqual(new Array(24).fill(9));
  });

  test.each([
    ['too few values', new Float32Array(23), /^model .*small\.onnx: inference failed: .*\(24\).*\(23\).*\.$/],
    ['no values', new Float32Array(0), /^model .*small\.onnx: inference failed: .*\.$/],
  ])('refuses %s', async (_, wrong, message) => {
    const session = await open();
    await expect(runSession(session, feed(wrong))).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('gives outputs of another type as float32', async () => {
    const session = await open({ outputs: ['dims'] });
    expect(await runSession(session, feed(values))).toEqual({ dims: { dims: [4], data: Float32Array.of(1, 3, 2, 4) } });
  });
});

describe('memory', () => {
  const placesOf = async (session: Session, data = values) => {
    using turn = await session.turn();
    const { same } = await turn.run(feed(data));
    return { home: homeOf(same.data), values: [...same.data] };
  };

  test('outputs lie in kernel memory, in one place for all runs', async () => {
    const session = await open();
    const [first, second] = [await placesOf(session), await placesOf(session)];
    expect(first.home).toEqual({ memory: expect.any(KernelMemory), start: expect.any(Number) });
    expect(second.home).toEqual(first.home);
  });

  test('a picture is laid into the same memory', async () => {
    const session = await open();
    const homes: ReturnType<typeof homeOf>[] = [];
    for (let run = 0; run < 2; run++) {
      using turn = await session.turn();
      const laid = turn.picture(24);
      laid.set(values);
      const { same } = await turn.run(feed(laid));
      homes.push(homeOf(laid), homeOf(same.data));
      expect([...same.data]).toEqual([...values]);
    }
    expect(homes.slice(2)).toEqual(homes.slice(0, 2));
    expect(homes[0]!.memory).toBe(homes[1]!.memory);
    expect(homes[0]!.start).not.toBe(homes[1]!.start);
  });

  test('two sessions have two memories', async () => {
    const [a, b] = [await placesOf(await open()), await placesOf(await open())];
    expect(a.home!.memory).not.toBe(b.home!.memory);
  });

  test('runs at one time: each reads its own outputs', async () => {
    const sessions = [await open(), await open()];
    const runs = Array.from({ length: 12 }, (_, i) => placesOf(sessions[i % 2], new Float32Array(24).fill(i)));
    const results = await Promise.all(runs);
    expect(results.map((result) => result.values)).toEqual(results.map((_, i) => new Array(24).fill(i)));
  });

  test('a run that fails does not stop those after it', async () => {
    const session = await open();
    const [failed, next] = await Promise.allSettled([placesOf(session, new Float32Array(7)), placesOf(session)]);
    expect([failed.status, next.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('dims that are open: held from the second run on, until they change', async () => {
    await writeFile(file, castModel('float32', 'float32', ['batch', 3, 'height', 'width']));
    const session = await open();
    const run = async (dims: number[], value: number) => {
      const data = new Float32Array(dims.reduce((a, b) => a * b)).fill(value);
      using turn = await session.turn();
      const { same } = await turn.run({ images: { type: 'float32', dims, data } });
      return [homeOf(same.data) !== null, same.dims.join(), new Set(same.data)];
    };
    const [small, large] = [
      [1, 3, 2, 4],
      [1, 3, 5, 4],
    ];
    expect(await run(small, 1)).toEqual([false, '1,3,2,4', new Set([1])]);
    expect(await run(small, 2)).toEqual([true, '1,3,2,4', new Set([2])]);
    expect(await run(large, 3)).toEqual([false, '1,3,5,4', new Set([3])]);
    expect(await run(small, 4)).toEqual([false, '1,3,2,4', new Set([4])]);
  });

  test('dims of which the file says something wrong', async () => {
    const outputs = [{ name: 'out', dims: [1, 3], values: [1, 2, 3], declared: [1, 5] }];
    await writeFile(file, onnxModel({ outputs }));
    const session = await open({ outputs: ['out'], input: inputSpec({ width: 64, height: 64 }) });
    const images = { type: 'float32' as const, dims: [1, 3, 64, 64], data: new Float32Array(3 * 64 * 64) };
    for (let i = 0; i < 2; i++) expect([...(await runSession(session, { images })).out.data]).toEqual([1, 2, 3]);
  });
});

describe('types', () => {
  const bits = { float32: values, uint8: Uint8Array.from(values), float16: toFloat16(values) };

  test.each(['float32', 'uint8', 'float16'] as const)('takes %s', async (type) => {
    await writeFile(file, castModel(type, 'float32'));
    const session = await open({ input: inputSpec({ type }) });
    const { same } = await runSession(session, { images: { type, dims: [1, 3, 2, 4], data: bits[type] } });
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
    const { same } = await runSession(await open(), feed(values));
    expect(same).toEqual({ dims: [1, 3, 2, 4], data: given });
  });

  test('refuses texts', async () => {
    await writeFile(file, castModel('float32', 'string'));
    const message = /^model .*small\.onnx: output "same": expected numbers, received string\.$/;
    await expect(runSession(await open(), feed(values))).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('refuses to feed what the model does not take', async () => {
    await writeFile(file, castModel('float16', 'float32'));
    const message = /expected float32 \[1, 3, 2, 4\] as the spec says, the model takes float16 \[1, 3, 2, 4\]\./;
    await expect(open()).rejects.toThrow(complaint('E_MODEL', message));
  });
});

test('a model that takes any batch and any size', async () => {
  await writeFile(file, castModel('float32', 'float32', ['batch', 3, 'height', 'width']));
  const { same } = await runSession(await open(), feed(values));
  expect(same).toEqual({ dims: [1, 3, 2, 4], data: values });
});

test('weights that lie in a file of their own', async () => {
  const beside = fileURLToPath(new URL('../fixtures/models/external.onnx', import.meta.url));
  const session = await openSession(beside, { input, outputs: ['out'], threads: 1 });
  onTestFinished(() => session.close());
  expect((await runSession(session, feed(values))).out.data).toEqual(values.map((value) => value * 2));
  await copyFile(beside, file);
  const message = /^model .*small\.onnx: onnxruntime cannot load it: .*external\.bin.*\.$/;
  await expect(open({ outputs: ['out'] })).rejects.toThrow(complaint('E_MODEL', message));
});

describe('providers', () => {
  test('cpu', async () => {
    const { same } = await runSession(await open({ provider: 'cpu' }), feed(values));
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
  await expect(runSession(session, feed(values))).rejects.toThrow(complaint('E_MODEL', /inference failed/));
});

async function open(options: Partial<SessionOptions> = {}) {
  const session = await openSession(file, { input, outputs: ['same'], threads: 1, ...options });
  onTestFinished(() => session.close());
  return session;
}

function feed(data: Float32Array): Feeds {
  return { images: { type: 'float32', dims: [1, 3, 2, 4], data } };
}
