import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readLabelsFile } from '../../../src/identify/sidecars/labels-file.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function written(name: string, content: string | Buffer): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, content);
  return file;
}

test('no file given', async () => {
  expect(await readLabelsFile(undefined)).toBeUndefined();
});

describe('what it reads', () => {
  const rows: [string, string, string, [number, string][]][] = [
    [
      'a name per line',
      'labels.txt',
      'cat\ndog\n',
      [
        [0, 'cat'],
        [1, 'dog'],
      ],
    ],
    ['one name, no end of line', 'labels.txt', 'face', [[0, 'face']]],
    ['any other ending', 'coco.names', 'traffic light\n', [[0, 'traffic light']]],
    [
      'lines of Windows, and a byte order mark',
      'labels.txt',
      '\ufeffcat\r\ndog\r\n',
      [
        [0, 'cat'],
        [1, 'dog'],
      ],
    ],
    [
      'an empty line keeps its number',
      'labels.txt',
      'cat\n\ndog\n\n',
      [
        [0, 'cat'],
        [2, 'dog'],
      ],
    ],
    [
      'a list in JSON',
      'a.json',
      '["cat","dog"]',
      [
        [0, 'cat'],
        [1, 'dog'],
      ],
    ],
    [
      'a map in JSON',
      'a.JSON',
      '{"0":"cat","2":"dog"}',
      [
        [0, 'cat'],
        [2, 'dog'],
      ],
    ],
    [
      'a list in YAML',
      'a.yml',
      '- cat\n- dog\n',
      [
        [0, 'cat'],
        [1, 'dog'],
      ],
    ],
    [
      'data.yaml with a map',
      'data.yaml',
      'path: x\nnames:\n  0: cat\n  1: dog\n',
      [
        [0, 'cat'],
        [1, 'dog'],
      ],
    ],
    [
      'data.yaml with a list',
      'data.yaml',
      "nc: 2\nnames: ['cat', 'dog']\n",
      [
        [0, 'cat'],
        [1, 'dog'],
      ],
    ],
  ];

  test.each(rows)('%s', async (_, name, content, names) => {
    const file = await written(name, content);
    expect(await readLabelsFile(file)).toEqual({ from: `labels file ${file}`, names: new Map(names) });
  });

  test('by a file URL', async () => {
    const url = pathToFileURL(await written('labels.txt', 'cat\n'));
    expect((await readLabelsFile(url))?.names).toEqual(new Map([[0, 'cat']]));
  });
});

describe('what it refuses', () => {
  const rows: [string, string, string][] = [
    ['an empty file', 'labels.txt', ''],
    ['empty lines', 'labels.txt', '\n \n'],
    ['an empty list', 'a.json', '[]'],
    ['a text', 'a.json', '"cat"'],
    ['nothing in YAML', 'a.yaml', '# none\n'],
    ['true and false', 'a.json', '[true, false]'],
    ['names for keys', 'a.yaml', 'cat: 0\ndog: 1\n'],
    ['a negative number', 'a.yaml', '-1: cat\n'],
    ['a list in a list', 'a.json', '[["cat"]]'],
  ];

  test.each(rows)('%s', async (_, name, content) => {
    const message =
      /^labels file .*: expected a name per line, or JSON or YAML with a list of names .*, received something else\.$/;
    await expect(readLabelsFile(await written(name, content))).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test.each([
    ['no JSON', 'a.json', '{"0": '],
    ['no YAML', 'a.yaml', 'names: [cat'],
  ])('%s', async (_, name, content) => {
    const message = /^labels file .*: is not valid: .+\.$/;
    await expect(readLabelsFile(await written(name, content))).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test('no file', async () => {
    const message = /^labels file nofile\.txt: cannot be read: ENOENT.*\.$/;
    await expect(readLabelsFile('nofile.txt')).rejects.toThrow(complaint('E_IO', message));
  });
});
