import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { identify, type ModelGiven } from '../../../src/identify/identify.js';
import { complaint } from '../../support/complaint.js';
import { onnxModel } from '../../support/onnx.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { spec } from '../small-spec.js';

const outputs = [{ name: 'out', dims: [1, 5, 7, 2] }];
let file: string;

beforeEach(async () => {
  file = join(await temporaryFolder(), 'model.onnx');
});

/** With the spec in the file's metadata. */
async function identified(given: ModelGiven) {
  await writeFile(file, onnxModel({ outputs, metadata: { 'sigbox.spec': JSON.stringify(spec) } }));
  return identify(file, given);
}

test('the built-in model with other names for its 80 classes', async () => {
  const labelsFile = `${file}.txt`;
  await writeFile(labelsFile, Array.from({ length: 80 }, (_, i) => `name ${i}`).join('\n'));
  const { labels } = (await identify(undefined, { labelsFile })).spec;
  expect(labels.slice(0, 2)).toEqual([null, 'name 0']);
  expect(labels[90]).toBe('name 79');
});

test('names of a labels file win over those of the metadata', async () => {
  const labelsFile = `${file}.txt`;
  await writeFile(labelsFile, 'dog\n');
  const { spec: found, decisions } = await identified({ labelsFile });
  expect(found).toEqual({ ...spec, labels: ['dog'] });
  expect(decisions).toContainEqual({ field: 'labels', value: '1 names', because: `labels file ${labelsFile}` });
});

const refused: [string, ModelGiven, 'E_ARGUMENT' | 'E_IO', RegExp][] = [
  ['a labels file that is not there', { labelsFile: 'no.txt' }, 'E_IO', /^labels file no\.txt: cannot be read: ENOENT/],
  [
    'a labels file beside labels of the spec',
    { labelsFile: 'no.txt', spec: { labels: ['dog'] } },
    'E_ARGUMENT',
    /^labels file: expected none beside a spec with labels, received "no\.txt"\. Put its names into labels of the spec/,
  ],
  [
    'a labels file beside a whole spec',
    { labelsFile: 'no.txt', spec },
    'E_ARGUMENT',
    /^labels file: expected none beside a spec with labels, received "no\.txt"\./,
  ],
  [
    'another size than the whole spec’s',
    { size: [96, 64], spec },
    'E_ARGUMENT',
    /^size: expected 4 × 2, which the spec says, received "96 × 64"\. Change input\.width and input\.height of/,
  ],
  [
    'another width than the spec’s',
    { size: [96, 64], spec: { input: { width: 32 } } },
    'E_ARGUMENT',
    /^size: expected 32 × 64, which the spec says, received "96 × 64"\./,
  ],
];

test.each(refused)('refused: %s', async (_, given, code, message) => {
  await expect(identified(given)).rejects.toThrow(complaint(code, message));
});

test('the same size in the spec and beside it', async () => {
  expect((await identified({ spec, size: [4, 2] })).spec).toEqual(spec);
});
