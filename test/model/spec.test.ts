import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSpec, readSpecFile } from '../../src/model/spec.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const spec = {
  name: 'small',
  input: {
    name: 'images',
    width: 4,
    height: 2,
    layout: 'nhwc',
    channels: 'bgr',
    scale: 0.5,
    mean: [1, 2, 3],
    std: [1, 1, -1],
    fit: 'letterbox-top-left',
    padValue: 114,
  },
  head: {
    family: 'ssd',
    scores: 'scores',
    boxes: 'boxes',
    anchors: 'anchors',
    activation: 'softmax',
    boxScales: [10, 10, 5, 5],
  },
  labels: [null, 'cat', ''],
};

describe('readSpec', () => {
  test('a spec as it is', () => {
    expect(readSpec(structuredClone(spec), 'spec')).toEqual(spec);
  });

  test.each([0, 255])('padValue %i', (padValue) => {
    const changed = { ...spec, input: { ...spec.input, padValue } };
    expect(readSpec(changed, 'spec').input.padValue).toBe(padValue);
  });

  const { name: _, ...nameless } = spec;
  const { width: __, ...narrow } = spec.input;

  const rows: [string, unknown, string, string][] = [
    ['nothing', undefined, 'an object', 'undefined'],
    ['a text', 'small', 'an object', '"small"'],
    ['no name', nameless, 'a field name', 'undefined'],
    ['no input width', { ...spec, input: narrow }, 'a field input.width', 'undefined'],
    ['a field too many', { ...spec, input: { ...spec.input, stride: 32 } }, 'no field input.stride', '"stride"'],
    ['no labels', { ...spec, labels: [] }, 'labels to be >=1', 'Array of length 0'],
    ['a number as a label', { ...spec, labels: ['cat', 3] }, 'labels.1 to be string', '3'],
    ['a text as input', { ...spec, input: 'images' }, 'input to be Object', '"images"'],
    ['width 0', { ...spec, input: { ...spec.input, width: 0 } }, 'input.width to be >=1', '0'],
    ['half a pixel', { ...spec, input: { ...spec.input, height: 1.5 } }, 'input.height to be a whole number', '1.5'],
    ['two means', { ...spec, input: { ...spec.input, mean: [1, 2] } }, 'input.mean.2 to be number', 'undefined'],
    [
      'a deviation of 0',
      { ...spec, input: { ...spec.input, std: [1, 0, 1] } },
      'input.std.1 to be a number other than 0',
      '0',
    ],
    ['padding below black', { ...spec, input: { ...spec.input, padValue: -1 } }, 'input.padValue to be >=0', '-1'],
    ['padding above white', { ...spec, input: { ...spec.input, padValue: 256 } }, 'input.padValue to be <=255', '256'],
    [
      'an unknown fit',
      { ...spec, input: { ...spec.input, fit: 'crop' } },
      'input.fit to be \\("stretch" \\| .*\\)',
      '"crop"',
    ],
    ['an unknown family', { ...spec, head: { ...spec.head, family: 'yolo' } }, 'head.family to be "ssd"', '"yolo"'],
    [
      'an unknown activation',
      { ...spec, head: { ...spec.head, activation: 'relu' } },
      'head.activation to be .*"sigmoid".*',
      '"relu"',
    ],
    [
      'a box scale of 0',
      { ...spec, head: { ...spec.head, boxScales: [10, 10, 5, 0] } },
      'head.boxScales.3 to be a number other than 0',
      '0',
    ],
  ];

  test.each(rows)('%s', (_, value, expected, received) => {
    const message = `^a\\.json: expected ${expected}, received ${received}\\. sigbox inspect --json prints the built-in`;
    expect(() => readSpec(value, 'a.json')).toThrow(complaint('E_MODEL', new RegExp(message)));
  });
});

describe('readSpecFile', () => {
  test('a spec', async () => {
    const file = join(await temporaryFolder(), 'a.json');
    await writeFile(file, JSON.stringify(spec));
    expect(await readSpecFile(file)).toEqual(spec);
  });

  test.each([
    ['no file', undefined, 'E_IO', 'cannot be read: ENOENT.*'],
    ['no JSON', '{"name":', 'E_MODEL', 'is not JSON: .*JSON.*'],
    ['no spec', '{"name": 3}', 'E_MODEL', 'expected name to be string, received 3\\..*'],
  ] as const)('%s', async (_, content, code, why) => {
    const file = join(await temporaryFolder(), 'a.json');
    if (content !== undefined) await writeFile(file, content);
    await expect(readSpecFile(file)).rejects.toThrow(complaint(code, new RegExp(`^spec .*a\\.json: ${why}$`)));
  });
});
