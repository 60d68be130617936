import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../../src/cli/command-line.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'own.json');
});

const annotate = ['annotate', 'photos'];
const configured = (content: unknown) => writeFile(file, JSON.stringify(content));

describe('a configuration', () => {
  test.each<[string, object, string[], object]>([
    ['texts', { out: 'a b', model: 'm=1.onnx' }, annotate, { options: { out: 'a b', model: 'm=1.onnx' } }],
    ['numbers', { out: 'o', iou: 0.6, max: 100 }, annotate, { options: { iouThreshold: 0.6, maxDetections: 100 } }],
    ['yes and no', { out: 'o', crops: true, pictures: false }, annotate, { options: { crops: true, pictures: false } }],
    ['lists', { out: 'o', only: ['car', 'bus'] }, annotate, { options: { include: ['car', 'bus'] } }],
    ['another word for an option', { out: 'o', include: ['car'] }, annotate, { options: { include: ['car'] } }],
    [
      'a list of values and pairs',
      { out: 'o', score: [0.4, { person: 0.6 }] },
      annotate,
      { options: { scoreThreshold: 0.4, labelThresholds: { person: 0.6 } } },
    ],
    [
      'the command line wins, option by option',
      { out: 'o', include: ['car'], crops: true, iou: 0.6 },
      [...annotate, '--out', 'p', '--include', 'bus', '--no-crops'],
      { options: { out: 'p', crops: false, include: ['bus'], iouThreshold: 0.6 } },
    ],
    [
      'also in another spelling',
      { out: 'o', 'picture-size': 9 },
      [...annotate, '--pictureSize', '8'],
      { options: { pictureSize: 8 } },
    ],
    [
      'what is behind -- is no option',
      { out: 'o' },
      ['annotate', '--', '--out'],
      { operands: ['--out'], options: { out: 'o' } },
    ],
    [
      'options of other commands are passed over',
      { out: 'o', iou: 0.6 },
      ['detect', 'a'],
      { options: { iouThreshold: 0.6 } },
    ],
  ])('%s', async (_, content, argv, args) => {
    await configured(content);
    for (const line of [
      [argv[0]!, '--config', file, ...argv.slice(1)],
      [`--config=${file}`, ...argv],
    ]) {
      expect(parseCommandLine(line)).toMatchObject({ command: argv[0], ...args });
    }
  });

  test('sigbox.config.json of the working folder, unless another is named, or none', async () => {
    const previous = process.cwd();
    process.chdir(folder);
    try {
      expect(() => parseCommandLine(annotate)).toThrow(complaint('E_ARGUMENT', /--out is missing/));
      await writeFile('sigbox.config.json', '{"crops":true}');
      await configured({ out: 'from there' });
      const read = parseCommandLine([...annotate, '--out', 'from here']);
      expect(read).toMatchObject({ options: { out: 'from here', crops: true } });
      const named = parseCommandLine([...annotate, '--config', file]);
      expect(named).toMatchObject({ options: { out: 'from there' } });
      expect(named).not.toHaveProperty('options.crops');
      const none = parseCommandLine([...annotate, '--no-config', '--out', 'o']);
      expect(none).toMatchObject({ options: { out: 'o' } });
      expect(none).not.toHaveProperty('options.crops');
    } finally {
      process.chdir(previous);
    }
  });

  test.each<[string, () => Promise<void>, 'E_IO' | 'E_ARGUMENT', RegExp]>([
    ['is missing', async () => {}, 'E_IO', /^configuration .*own\.json: cannot be read: ENOENT/],
    ['is a folder', async () => void (await mkdir(file)), 'E_IO', /own\.json: cannot be read: it is a folder/],
    ['is no JSON', () => writeFile(file, '{out'), 'E_ARGUMENT', /own\.json: is not JSON/],
    ['is a list', () => configured([]), 'E_ARGUMENT', /expected an object of options, received Array of length 0/],
    [
      'has a word that no command knows',
      () => configured({ pitcures: false }),
      'E_ARGUMENT',
      /received "pitcures"\. Did you mean "pictures"\? See sigbox annotate --help-all\.$/,
    ],
    [
      'has nothing as a value',
      () => configured({ out: null }),
      'E_ARGUMENT',
      /expected out to be a number, a text, .* received null/,
    ],
    [
      'has a value for what is there or not',
      () => configured({ out: 'o', pictures: 1 }),
      'E_ARGUMENT',
      /own\.json: expected pictures to be true or false, received 1\.$/,
    ],
    [
      'says yes for what has a value',
      () => configured({ out: 'o', score: true }),
      'E_ARGUMENT',
      /own\.json: expected score to be a number, .*, received true\.$/,
    ],
    [
      'has objects in objects',
      () => configured({ out: 'o', map: { labels: { car: 'auto' } } }),
      'E_ARGUMENT',
      /own\.json: expected map to be a number, a text, /,
    ],
    [
      'has a value out of range',
      () => configured({ out: 'o', iou: 60 }),
      'E_ARGUMENT',
      /^--iou: expected a number from 0 to 1/,
    ],
  ])('that %s', async (_, write, code, message) => {
    await write();
    expect(() => parseCommandLine([...annotate, '--config', file])).toThrow(complaint(code, message));
  });

  test('without its file', () => {
    expect(() => parseCommandLine([...annotate, '--out', 'o', '--config'])).toThrow(complaint('E_ARGUMENT', /config/));
  });
});

test.each(['out', 'save', 'restart'])(
  '%s in a file that nobody named is refused, and taken where it is named',
  async (word) => {
    await writeFile(
      join(folder, 'sigbox.config.json'),
      JSON.stringify({ [word]: word === 'restart' ? true : 'precious' }),
    );
    const cwd = process.cwd();
    const command = { out: ['annotate', 'photos'], save: ['inspect'], restart: ['annotate', 'photos', '--out', 'o'] }[
      word
    ]!;
    try {
      process.chdir(folder);
      const message = new RegExp(
        `^configuration sigbox\\.config\\.json: expected no out, save, restart in .*, received "${word}"\\. Give --${word}`,
      );
      expect(() => parseCommandLine(command)).toThrow(complaint('E_ARGUMENT', message));
      parseCommandLine([...command, '--config', 'sigbox.config.json']);
      parseCommandLine([...command, `--${word}=mine`.replace('restart=mine', 'no-restart')]);
    } finally {
      process.chdir(cwd);
    }
  },
);
