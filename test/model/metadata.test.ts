import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readMetadata } from '../../src/model/metadata.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { smallModel } from './small-model.js';

let file: string;

beforeEach(async () => {
  file = join(await temporaryFolder(), 'model.onnx');
});

// Wire types of Protocol Buffers: 0 a number, 1 eight bytes, 2 a length and bytes, 5 four bytes. Tag: field · 8 + type.
const bytes = (field: number, ...content: (string | number)[]) => {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));
  return Buffer.from([(field << 3) | 2, body.length, ...body]);
};
const opset = (domain: string, version: number) => [...(domain ? bytes(1, domain) : []), 0x10, version];
const entry = (key: string, value: string) => [...bytes(1, key), ...bytes(2, value)];
const graph = bytes(7, 'anything');
const empty = { irVersion: 0, producer: '', opset: 0, properties: {} };

describe('readMetadata', () => {
  test('a written model', async () => {
    await writeFile(file, smallModel({ names: "{1: 'café'}", 'sigbox.spec': '{}' }));
    const properties = { names: "{1: 'café'}", 'sigbox.spec': '{}' };
    expect(await readMetadata(file)).toEqual({ irVersion: 7, producer: 'sigbox', opset: 13, properties });
  });

  const rows: [string, Uint8Array[], Partial<typeof empty> & Record<string, unknown>][] = [
    ['a graph and nothing else', [graph], {}],
    ['an empty graph', [bytes(7)], {}],
    ['the graph last', [bytes(2, 'pytorch'), graph], { producer: 'pytorch' }],
    ['a number of several bytes', [Buffer.of(0x08, 0xac, 0x02), graph], { irVersion: 300 }], // 300 = 2 · 128 + 44
    [
      'fields of every type are stepped over',
      [Buffer.of(0x28, 1, 0x31, 1, 2, 3, 4, 5, 6, 7, 8, 0x3d, 1, 2, 3, 4), graph, Buffer.of(0x08, 9)],
      { irVersion: 9 },
    ],
    ['a negative number', [Buffer.of(0x28, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1), graph], {}],
    ['the default operators', [graph, bytes(8, ...opset('', 17))], { opset: 17 }],
    ['the default operators by name', [graph, bytes(8, ...opset('ai.onnx', 18))], { opset: 18 }],
    ['other operators', [graph, bytes(8, ...opset('', 12)), bytes(8, ...opset('com.microsoft', 99))], { opset: 12 }],
    ['only other operators', [graph, bytes(8, ...opset('ai.onnx.ml', 3))], { opset: 0 }],
    ['a value without text', [graph, bytes(14, ...bytes(1, 'task'))], { properties: { task: '' } }],
    [
      'the last of two',
      [graph, bytes(14, ...entry('a', '1')), bytes(14, ...entry('a', '2'))],
      { properties: { a: '2' } },
    ],
  ];

  test.each(rows)('%s', async (_, parts, found) => {
    await writeFile(file, Buffer.concat(parts));
    expect(await readMetadata(file)).toEqual({ ...empty, ...found });
  });

  test('weights of 5 GB are stepped over, not read', async () => {
    const length = 5_000_000_000;
    const varint = [0, 7, 14, 21, 28].map((shift) => (Math.floor(length / 2 ** shift) % 128) | (shift < 28 ? 128 : 0));
    const head = Buffer.of((7 << 3) | 2, ...varint);
    const handle = await open(file, 'w'); // a sparse file: it takes no room on the disk
    await handle.write(head, 0, head.length, 0);
    const tail = bytes(2, 'large');
    await handle.write(tail, 0, tail.length, head.length + length);
    await handle.close();
    expect(await readMetadata(file)).toEqual({ ...empty, producer: 'large' });
  });
});

describe('what it refuses', () => {
  test.each([
    ['an empty file', Buffer.alloc(0), 'the file is empty'],
    ['no graph', bytes(2, 'pytorch'), 'it holds no graph'],
    ['a text', Buffer.from('<!doctype html>\n'), '.+'],
    ['a ZIP archive', Buffer.from('PK\x03\x04\x14\x00'), '.+'],
    ['zeros', Buffer.alloc(100), 'field number 0'],
    ['a group', Buffer.of(0x0b), 'wire type 3'],
    ['a field cut off', graph.subarray(0, 5), 'it ends after 5 bytes, in the middle of a field of 8 bytes'],
    ['a length cut off', Buffer.of((7 << 3) | 2, 0x80), 'it ends in the middle of a number'],
    ['a number without end', Buffer.alloc(30, 0x80), 'a number of more than 10 bytes'],
  ])('%s', async (_, content, why) => {
    await writeFile(file, content);
    const message = `^model .*model\\.onnx: expected an ONNX file, received something else \\(${why}\\)\\.$`;
    await expect(readMetadata(file)).rejects.toThrow(complaint('E_MODEL', new RegExp(message)));
  });

  test('no file', async () => {
    const message = /^model .*model\.onnx: cannot be opened: ENOENT.*\.$/;
    await expect(readMetadata(file)).rejects.toThrow(complaint('E_IO', message));
  });
});
