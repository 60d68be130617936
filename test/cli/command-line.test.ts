import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.js';
import { COMMANDS } from '../../src/cli/commands/index.js';
import { wordsOf } from '../../src/cli/options/words.js';

describe('what a command line asks for', () => {
  const rows: [string, string[], { operands?: string[]; options?: object }][] = [
    ['one image', ['detect', 'a.jpg'], { operands: ['a.jpg'], options: {} }],
    ['names that look like numbers', ['detect', '007', '1e3'], { operands: ['007', '1e3'] }],
    ['standard input', ['detect', '-'], { operands: ['-'] }],
    ['a name that looks like an option', ['detect', '--', '-x.jpg'], { operands: ['-x.jpg'] }],
    ['a name like the command', ['detect', 'detect'], { operands: ['detect'] }],
    ['a list does not swallow what follows', ['detect', '--include', 'car', 'b.jpg'], { operands: ['b.jpg'] }],
    [
      'options in front of and behind the image',
      ['--lenient', 'detect', '--json', 'a', '--model', 'm'],
      { operands: ['a'], options: { json: true, lenient: true, model: 'm' } },
    ],
    [
      'a value in front of the command',
      ['--model', 'detect', 'detect', 'a'],
      { operands: ['a'], options: { model: 'detect' } },
    ],
    ['model and spec', ['detect', 'a', '--model', 'm', '--spec', 's'], { options: { model: 'm', spec: 's' } }],
    ['score for all', ['detect', 'a', '--score', '.5'], { options: { scoreThreshold: 0.5 } }],
    [
      'score for one label, its name with an equals sign',
      ['detect', 'a', '--score', 'a=b=1e-2', '--score', 'traffic light=1'],
      { options: { labelThresholds: { 'a=b': 0.01, 'traffic light': 1 } } },
    ],
    [
      'IoU for all, and for one label',
      ['detect', 'a', '--iou', '0.6', '--iou', 'person=0.7'],
      { options: { iouThreshold: 0.6, labelIouThresholds: { person: 0.7 } } },
    ],
    [
      'a method with all that belongs to it',
      ['detect', 'a', '--suppression=soft-gaussian', '--measure', 'diou', '--diou-beta', '0.6', '--sigma', '1.5'],
      { options: { suppression: 'soft-gaussian', measure: 'diou', diouBeta: 0.6, sigma: 1.5 } },
    ],
    [
      'groups of rivals',
      ['detect', 'a', '--group', 'car, truck', '--group=cat,dog'],
      {
        options: {
          scope: [
            ['car', 'truck'],
            ['cat', 'dog'],
          ],
        },
      },
    ],
    ['one scope', ['detect', 'a', '--scope', 'all'], { options: { scope: 'all' } }],
    [
      'limits',
      ['detect', 'a', '--max-candidates', '9', '--max-per-class', '2', '--min-side', '4.5', '--max-area=1e4'],
      { options: { maxCandidates: 9, maxPerClass: 2, minSide: 4.5, maxArea: 10000 } },
    ],
    [
      'a preset, and one option otherwise',
      ['annotate', 'a', '--out', 'b', '--preset', 'evaluation', '--fused-score', 'max'],
      { options: { out: 'b', preset: 'evaluation', fusedScore: 'max' } },
    ],
    [
      'the last of two scores counts',
      ['detect', 'a', '--score', '0.5', '--score=0.25'],
      { options: { scoreThreshold: 0.25 } },
    ],
    [
      'numbers',
      ['detect', 'a', '--iou', '0.6', '--max', '100', '--region-iou', '1', '--workers', '0'],
      { options: { iouThreshold: 0.6, maxDetections: 100, regionIou: 1, workers: 0 } },
    ],
    [
      'lists with commas and in parts',
      ['detect', 'a', '--only', 'car, bus,', '--include', 'person', '--exclude', 'bus'],
      { options: { include: ['car', 'bus', 'person'], exclude: ['bus'] } },
    ],
    ['labels', ['detect', 'a', '--labels', 'single'], { options: { labels: 'single' } }],
    ['annotate', ['annotate', 'a', 'b', '--out', 'c'], { operands: ['a', 'b'], options: { out: 'c' } }],
    ['short words', ['annotate', 'a', '-o', 'c'], { options: { out: 'c' } }],
    ['no pictures', ['annotate', 'a', '--out', 'c', '--no-pictures'], { options: { out: 'c', pictures: false } }],
    [
      'pictures after all',
      ['annotate', 'a', '--out', 'c', '--no-pictures', '--pictures'],
      { options: { out: 'c', pictures: true } },
    ],
    [
      'which files',
      [
        'annotate',
        '-',
        '--out',
        'c',
        '--ext',
        'jpg,.png',
        '--include-files',
        'a/{b,c}',
        '--exclude-files',
        'd',
        '--no-recursive',
      ],
      {
        operands: ['-'],
        options: {
          out: 'c',
          extensions: ['jpg', '.png'],
          includeFiles: ['a/{b,c}'],
          excludeFiles: ['d'],
          recursive: false,
        },
      },
    ],
    [
      'a list instead of inputs',
      ['annotate', '--files-from', 'l', '--out', 'c', '--quiet'],
      { operands: [], options: { out: 'c', filesFrom: 'l', quiet: true } },
    ],
    [
      'how a run is recorded',
      ['annotate', 'a', '--out', 'c', '--floor', '0.01', '--shard', '3/8', '--hash', '--restart', '--json'],
      { options: { out: 'c', floor: 0.01, shard: '3/8', hash: true, restart: true, json: true } },
    ],
    [
      'what is made of a run, in both spellings',
      ['annotate', 'a', '--out', 'c', '--crops', '--pictureSize', '1280', '--image-ids', 'i.json'],
      { options: { out: 'c', crops: true, pictureSize: 1280, imageIds: 'i.json' } },
    ],
    [
      'formats',
      ['annotate', 'a', '--out', 'c', '--format', 'yolo,voc', '--format', 'csv', '--confidence'],
      { options: { out: 'c', formats: ['yolo', 'voc', 'csv'], confidence: true } },
    ],
    [
      'export',
      ['export', 'a', '--format', 'voc', '--score', 'car=0.5', '--from', 'voc', '--first-pixel', '0', '--split', 'val'],
      { options: { formats: ['voc'], labelThresholds: { car: 0.5 }, from: 'voc', firstPixel: '0', split: 'val' } },
    ],
    ['merge', ['merge', 'a', 'b', '--out', 'c'], { operands: ['a', 'b'], options: { out: 'c' } }],
    [
      'evaluate a run',
      ['evaluate', 't.json', 'run', '--json', '--charts', 'c', '--score', '0.4', '--match-iou', '0.6'],
      { operands: ['t.json', 'run'], options: { json: true, charts: 'c', scoreThreshold: 0.4, matchIou: 0.6 } },
    ],
    [
      'evaluate a model',
      ['evaluate', 'data.yaml', '--images', 'i', '--split', 'val', '--model', 'm', '--iou', '0.7'],
      { operands: ['data.yaml'], options: { images: 'i', split: 'val', model: 'm', iouThreshold: 0.7 } },
    ],
    ['inspect', ['inspect'], { operands: [], options: {} }],
    ['inspect a file', ['inspect', 'm.onnx', '--json'], { operands: ['m.onnx'], options: { json: true } }],
    ['input size', ['detect', 'a', '--size', '320'], { options: { size: [320, 320] } }],
    [
      'names of the classes, provider and threads',
      ['annotate', 'a', '--out', 'c', '--labels-file', 'l.txt', '--provider', 'cuda', '--threads', '0'],
      { options: { out: 'c', labelsFile: 'l.txt', provider: 'cuda', threads: 0 } },
    ],
    [
      'a file for the spec',
      ['inspect', 'm', '--save', 's.json', '--spec', 't.json'],
      { options: { save: 's.json', spec: 't.json' } },
    ],
    ['input size of two sides', ['inspect', 'm', '--size', '320X256'], { options: { size: [320, 256] } }],
  ];

  test.each(rows)('%s', (_, argv, asked) => {
    const { operands, options } = parseCommandLine(argv) as { operands: string[]; options: object };
    if (asked.operands !== undefined) expect(operands).toEqual(asked.operands);
    if (asked.options !== undefined) expect(options).toEqual(asked.options);
  });

  test.each([[[]], [['--help']], [['-h']], [['help']]])('%j prints the help of all commands', (argv) => {
    const text = expect.stringMatching(/^sigbox: .*Commands:\n {2}detect .*\n {2}annotate .*-v, --version/s);
    expect(parseCommandLine(argv)).toEqual({ command: 'print', text });
  });

  test('every command has a summary, examples of its own, and at most ten options that are shown first', () => {
    for (const { name, summary, examples, options } of COMMANDS) {
      expect(summary).toMatch(/^[A-Z].*[^.]$/);
      expect(examples.some(([line]) => line.includes(`sigbox ${name}`))).toBe(true);
      const common = [...wordsOf(options).values()].filter((word) => word.common === true);
      expect(common.length).toBeLessThanOrEqual(10);
      for (const { word, help } of wordsOf(options).values()) expect(`${name} --${word}: ${help}`).toMatch(/: .{5,}/);
    }
  });

  test('a word has a value in every command that knows it, or in none', () => {
    const forms = new Map<string, boolean>();
    for (const { name, options } of COMMANDS) {
      for (const { word, form } of wordsOf(options).values()) {
        const isSwitch = form === 'switch';
        expect(`${name} --${word} ${forms.get(word) ?? isSwitch}`).toBe(`${name} --${word} ${isSwitch}`);
        forms.set(word, isSwitch);
      }
    }
  });

  test.each(COMMANDS.map(({ name }) => [name]))('the help of %s: the most used options, and all of them', (name) => {
    const [short, whole] = [
      [name, '--help'],
      [name, 'x', '--max', '-1', '--help-all'],
    ].map((argv) => textOf(argv));
    for (const text of [short!, whole!])
      expect(text).toMatch(new RegExp(`^Usage: sigbox ${name} .*\n\nExamples:\n {2}sigbox`, 's'));
    const { options } = COMMANDS.find((command) => command.name === name)!;
    for (const { word } of wordsOf(options).values()) expect(whole).toMatch(new RegExp(`--(no-)?${word}\\b`));
    expect(short!.length).toBeLessThanOrEqual(whole!.length);
  });

  test('the help says choices and defaults as the table has them', () => {
    const text = textOf(['annotate', '--help-all']).replace(/\s+/g, ' ');
    expect(text).toContain('--score N|LABEL=N Keep labels with at least this score');
    expect(text).toContain('--suppression NAME What happens to overlapping boxes. One of nms, soft-linear,');
    expect(text).toContain('wbf, nmw, none. Default: nms.');
    expect(text).toContain('-o, --out FOLDER');
    expect(text).toContain('--no-pictures');
    expect(text).toContain('Default: coco,coco-results,csv.');
    expect(text).toMatch(/--group A,B These labels compete with each other; may be repeated\. --sigma/);
  });
});

describe('completion', () => {
  const complete = (...line: string[]) => textOf(['--get-completions', ...line]).split('\n');

  test.each([
    ['commands', ['ev'], ['evaluate']],
    ['options', ['annotate', '--pic'], ['--picture-size']],
    ['a switch that is on', ['annotate', '--no-p'], ['--no-pictures']],
    ['another word for an option', ['detect', '--inc'], ['--include']],
    ['choices', ['detect', '--measure', 'd'], ['diou']],
    ['choices behind an equals sign', ['detect', '--measure=d'], ['diou']],
    ['an equals sign as bash has it', ['detect', '--measure', '=', 'd'], ['diou']],
    ['labels', ['detect', '--only', 'car,tra'], ['car,train', 'car,traffic light']],
    ['labels with a number to come', ['detect', '--score', 'zeb'], ['zebra=']],
    ['formats', ['annotate', '--format', 'coco,y'], ['coco,yolo']],
    ['maps', ['detect', '--map', 'coco-to-v'], ['coco-to-voc']],
    ['files are left to the shell', ['detect', '--spec', ''], ['']],
    ['labels of another model are not known', ['detect', '--model', 'm.onnx', '--only', 'ca'], ['']],
  ])('%s', (_, line, words) => {
    expect(complete(...line).sort()).toEqual([...words].sort());
  });

  test('a word that may stand once is not offered again', () => {
    expect(complete('detect', '--max', '3', '--max')).not.toContain('--max');
    expect(complete('detect', '--only', 'car', '--on')).toEqual(['--only']);
  });

  test.each([['bash'], ['zsh'], ['fish']])('the script for %s asks sigbox', (shell) => {
    expect(textOf(['completion', shell])).toContain('--get-completions');
  });
});

function textOf(argv: string[]): string {
  return (parseCommandLine(argv) as { text: string }).text;
}
