import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.js';
import { complaint } from '../support/complaint.js';

describe('what it refuses', () => {
  const rows: [string, string[], RegExp][] = [
    ['unknown command', ['detext', 'a'], /^"detext" is not a command\. Did you mean detect\? See sigbox --help\.$/],
    ['a command with letters swapped', ['detct', 'a'], /Did you mean detect\?/],
    ['a command of other programs', ['predict', 'a'], /Did you mean detect\?/],
    [
      'nothing like a command',
      ['zzzzz'],
      /^"zzzzz" is not a command\. Commands: detect, annotate, .*\. See sigbox --help\.$/,
    ],
    ['no image', ['detect'], /^detect: expected one or more images\. See sigbox detect --help\.$/],
    ['no input', ['annotate', '--out', 'c'], /^annotate: expected one or more folders, images or patterns\./],
    ['no output folder', ['annotate', 'a'], /^annotate: --out is missing\. See sigbox annotate --help\.$/],
    ['two models', ['inspect', 'a', 'b'], /^inspect: expected a model, received "a b"\./],
    [
      'a URL',
      ['detect', 'https://x.org/a.jpg'],
      /received "https:.*Download it first: curl -sS https:\/\/x.org\/a.jpg \| sigbox detect -$/,
    ],
    ['a file URL', ['annotate', 'file:///a.jpg', '--out', 'o'], /Give the path instead\.$/],
    ['unknown option', ['detect', 'a', '--fop'], /^Unknown option --fop\..* See sigbox detect --help-all\.$/],
    ['unknown short option', ['detect', 'a', '-z'], /^Unknown option -z\./],
    ['a word with a slip', ['detect', 'a', '--scroe', '0.5'], /Did you mean --score\?/],
    ['a word begun', ['annotate', 'a', '--out', 'o', '--pict'], /Did you mean --pictures\?/],
    ['--conf', ['detect', 'a', '--conf', '0.5'], /Did you mean --score\?/],
    ['--threshold', ['detect', 'a', '--threshold=0.5'], /Did you mean --score\?/],
    ['--classes', ['detect', 'a', '--classes', 'car'], /Did you mean --only\?/],
    [
      'a switch for what has a value',
      ['detect', 'a', '--no-score'],
      /^Unknown option --no-score\. Did you mean --score\?/,
    ],
    ['option without its value', ['detect', 'a', '--iou'], /^--iou: its value is missing\.$/],
    [
      'option in front of another',
      ['detect', 'a', '--iou', '--json'],
      /^--iou: its value is missing\. If it is --json, write --iou=--json\.$/,
    ],
    [
      'option given twice',
      ['detect', 'a', '--max', '2', '--max', '1'],
      /^--max: expected one value, received "2 1"\.$/,
    ],
    ['word for a number', ['detect', 'a', '--score', 'x'], /^--score: expected a number from 0 to 1, received "x"\.$/],
    [
      'IoU of a label without a number',
      ['detect', 'a', '--iou', 'car='],
      /^--iou: expected car to be .*received ""\.$/,
    ],
    ['a negative size', ['detect', 'a', '--min-side', '-1'], /^--min-side: expected a number from 0, received -1\.$/],
    [
      'an unknown method',
      ['detect', 'a', '--suppression', 'fast'],
      /^--suppression: expected 'nms', .* or 'none', received "fast"\.$/,
    ],
    [
      'groups in one group',
      ['detect', 'a', '--scope', 'all', '--group', 'a,b'],
      /^--group: cannot be combined with --scope\.$/,
    ],
    ['comma for a point', ['detect', 'a', '--score', '0,5'], /received "0,5"\. Use a point: 0\.5\.$/],
    ['percent', ['detect', 'a', '--iou', '45'], /^--iou: .*received 45\. Percent was given\? Use 0\.45\.$/],
    ['negative', ['detect', 'a', '--score', '-1'], /received -1\.$/],
    ['hexadecimal', ['detect', 'a', '--score', '0x0'], /received "0x0"\.$/],
    ['score of a label without a number', ['detect', 'a', '--score', 'car='], /^--score: .*received ""\.$/],
    ['fraction of a count', ['detect', 'a', '--max', '1.5'], /^--max: expected a positive integer, received 1\.5\.$/],
    ['count of zero', ['detect', 'a', '--max', '0'], /received 0\.$/],
    ['input size of nothing', ['detect', 'a', '--size', '0'], /^--size: expected 640 or WIDTHxHEIGHT, received "0"\.$/],
    ['another provider', ['detect', 'a', '--provider', 'gpu'], /'cpu', 'cuda', 'webgpu', 'coreml' or 'dml'/],
    ['half a thread', ['detect', 'a', '--threads', '0.5'], /^--threads: expected a whole number from 0, received 0\.5/],
    [
      'a value for what has none',
      ['annotate', 'a', '--out', 'o', '--pictures=yes'],
      /^--pictures: expected no value, received "yes"\. Use --pictures or --no-pictures\.$/,
    ],
    ['no label', ['detect', 'a', '--include', ''], /^--include: expected words separated by commas, received ""\.$/],
    ['an empty group', ['detect', 'a', '--group', ','], /^--group: expected words .*, received ","\.$/],
    ['a little over one', ['detect', 'a', '--iou', '1.1'], /Use 0\.011\.$/],
    [
      'another choice',
      ['detect', 'a', '--labels', 'all'],
      /^--labels: expected 'multi' or 'single', received "all"\.$/,
    ],
    ['an unknown format', ['annotate', 'a', '--out', 'o', '--format', 'pascal'], /^--format: .*received "pascal"/],
    ['both reports', ['annotate', 'a', '--out', 'o', '--json', '--quiet'], /--json cannot be combined with --quiet/],
    ['nothing to evaluate', ['evaluate', 't.json'], /^evaluate: expected results\. Give a run or results, or --images/],
    [
      'results and a model',
      ['evaluate', 't.json', 'r', '--workers', '2'],
      /^evaluate: --workers is for a model, but results are given/,
    ],
    ['an unknown shell', ['completion', 'tcsh'], /expected bash, zsh, fish, received "tcsh"/],
  ];

  test.each(rows)('%s', (_, argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(complaint('E_ARGUMENT', message));
  });
});
