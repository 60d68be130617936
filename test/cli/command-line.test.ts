import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/command-line.js';
import { complaint } from '../support/complaint.js';

const nothing = { lenient: false };

describe('what a command line asks for', () => {
  const rows: [string, string[], object][] = [
    ['one image', ['detect', 'a.jpg'], { images: ['a.jpg'], json: false, detector: nothing, spec: undefined }],
    ['names that look like numbers', ['detect', '007', '1e3'], { images: ['007', '1e3'] }],
    ['standard input', ['detect', '-'], { images: ['-'] }],
    ['a name that looks like an option', ['detect', '--', '-x.jpg'], { images: ['-x.jpg'] }],
    ['a list does not swallow what follows', ['detect', '--include', 'car', 'b.jpg'], { images: ['b.jpg'] }],
    ['options in front of and behind the image', ['detect', '--json', 'a', '--lenient'], { images: ['a'], json: true }],
    [
      'model and spec',
      ['detect', 'a', '--model', 'm', '--spec', 's'],
      { detector: { ...nothing, model: 'm' }, spec: 's' },
    ],
    ['score for all', ['detect', 'a', '--score', '.5'], { detector: { ...nothing, scoreThreshold: 0.5 } }],
    [
      'score for one label, its name with an equals sign',
      ['detect', 'a', '--score', 'a=b=1e-2', '--score', 'traffic light=1'],
      { detector: { ...nothing, labelThresholds: { 'a=b': 0.01, 'traffic light': 1 } } },
    ],
    [
      'IoU for all, and for one label',
      ['detect', 'a', '--iou', '0.6', '--iou', 'person=0.7'],
      { detector: { ...nothing, iouThreshold: 0.6, labelIouThresholds: { person: 0.7 } } },
    ],
    [
      'a method with all that belongs to it',
      ['detect', 'a', '--suppression=soft-gaussian', '--measure', 'diou', '--diou-beta', '0.6', '--sigma', '1.5'],
      { detector: { ...nothing, suppression: 'soft-gaussian', measure: 'diou', diouBeta: 0.6, sigma: 1.5 } },
    ],
    [
      'groups of rivals',
      ['detect', 'a', '--group', 'car, truck', '--group=cat,dog'],
      {
        detector: {
          ...nothing,
          scope: [
            ['car', 'truck'],
            ['cat', 'dog'],
          ],
        },
      },
    ],
    ['one scope', ['detect', 'a', '--scope', 'all'], { detector: { ...nothing, scope: 'all' } }],
    [
      'limits',
      ['detect', 'a', '--max-candidates', '9', '--max-per-class', '2', '--min-side', '4.5', '--max-area=1e4'],
      { detector: { ...nothing, maxCandidates: 9, maxPerClass: 2, minSide: 4.5, maxArea: 10000 } },
    ],
    [
      'a preset, and one thing otherwise',
      ['annotate', 'a', '--out', 'b', '--preset', 'evaluation', '--fused-score', 'max'],
      { detector: { ...nothing, preset: 'evaluation', fusedScore: 'max' } },
    ],
    [
      'the last of two scores counts',
      ['detect', 'a', '--score', '0.5', '--score=0.25'],
      { detector: { ...nothing, scoreThreshold: 0.25 } },
    ],
    [
      'numbers',
      ['detect', 'a', '--iou', '0.6', '--max', '100', '--region-iou', '1', '--workers', '0'],
      { detector: { ...nothing, iouThreshold: 0.6, maxDetections: 100, regionIou: 1, workers: 0 } },
    ],
    [
      'lists with commas and in parts',
      ['detect', 'a', '--include', 'car, bus,', '--include', 'person', '--exclude', 'bus'],
      { detector: { ...nothing, include: ['car', 'bus', 'person'], exclude: ['bus'] } },
    ],
    ['labels', ['detect', 'a', '--labels', 'single'], { detector: { ...nothing, labels: 'single' } }],
    [
      'annotate',
      ['annotate', 'a', 'b', '--out', 'c'],
      { inputs: ['a', 'b'], report: 'people', run: { out: 'c', pictures: true, crops: false, recursive: true } },
    ],
    ['no pictures', ['annotate', 'a', '--out', 'c', '--no-pictures'], { run: { pictures: false } }],
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
        inputs: ['-'],
        run: { extensions: ['jpg', '.png'], includeFiles: ['a/{b,c}'], excludeFiles: ['d'], recursive: false },
      },
    ],
    [
      'a list instead of inputs',
      ['annotate', '--files-from', 'l', '--out', 'c', '--quiet'],
      { inputs: [], filesFrom: 'l', report: 'quiet' },
    ],
    [
      'how a run is recorded',
      ['annotate', 'a', '--out', 'c', '--floor', '0.01', '--shard', '3/8', '--hash', '--restart', '--json'],
      { run: { floor: 0.01, shard: '3/8', hash: true, restart: true }, report: 'json' },
    ],
    [
      'what is made of a run',
      ['annotate', 'a', '--out', 'c', '--crops', '--picture-size', '1280', '--image-ids', 'i.json'],
      { run: { crops: true, pictureSize: 1280, imageIds: 'i.json' } },
    ],
    [
      'formats',
      ['annotate', 'a', '--out', 'c', '--format', 'yolo,voc', '--format', 'csv', '--confidence'],
      { run: { formats: ['yolo', 'voc', 'csv'], confidence: true } },
    ],
    [
      'export',
      ['export', 'a', '--format', 'voc', '--score', 'car=0.5', '--from', 'voc', '--first-pixel', '0', '--split', 'val'],
      {
        ...{ input: 'a', out: undefined, formats: ['voc'], writing: { confidence: false } },
        ...{ reading: { format: 'voc', firstPixel: 0, split: 'val' }, choice: { labelThresholds: { car: 0.5 } } },
      },
    ],
    ['merge', ['merge', 'a', 'b', '--out', 'c'], { folders: ['a', 'b'], out: 'c', restart: false }],
    [
      'evaluate a run',
      ['evaluate', 't.json', 'run', '--json', '--charts', 'c', '--score', '0.4', '--match-iou', '0.6'],
      {
        ...{ truth: 't.json', results: 'run', json: true, charts: 'c', images: undefined },
        options: { scoreThreshold: 0.4, iouThreshold: 0.6 },
      },
    ],
    [
      'evaluate a model',
      ['evaluate', 'data.yaml', '--images', 'i', '--split', 'val', '--model', 'm', '--iou', '0.7'],
      {
        ...{ truth: 'data.yaml', results: undefined, json: false, charts: undefined, images: 'i', split: 'val' },
        ...{ options: {}, detector: { ...nothing, model: 'm', iouThreshold: 0.7 } },
      },
    ],
    ['inspect', ['inspect'], { detector: {}, json: false, save: undefined }],
    ['inspect a file', ['inspect', 'm.onnx', '--json'], { detector: { model: 'm.onnx' }, json: true }],
    ['input size', ['detect', 'a', '--size', '320'], { detector: { ...nothing, size: [320, 320] } }],
    [
      'names of the classes, provider and threads',
      ['annotate', 'a', '--out', 'c', '--labels-file', 'l.txt', '--provider', 'cuda', '--threads', '0'],
      { detector: { ...nothing, labelsFile: 'l.txt', provider: 'cuda', threads: 0 } },
    ],
    [
      'a file for the spec',
      ['inspect', 'm', '--save', 's.json', '--spec', 't.json'],
      { save: 's.json', spec: 't.json' },
    ],
    ['input size of two sides', ['inspect', 'm', '--size', '320X256'], { detector: { model: 'm', size: [320, 256] } }],
  ];

  test.each(rows)('%s', (_, argv, args) => {
    expect(parseCommandLine(argv)).toMatchObject({ command: argv[0], args });
  });

  test('completion: the script, and the words', () => {
    expect(parseCommandLine(['completion'])).toMatchObject({ text: expect.stringMatching(/complete .* sigbox$/m) });
    const words = parseCommandLine(['--get-yargs-completions', 'sigbox', 'annotate', '--']);
    expect(words).toMatchObject({ text: expect.stringMatching(/^--out$.*^--shard$.*^--iou$/ms) });
  });

  test.each(['detect', 'annotate', 'inspect', 'merge', 'evaluate'])('the help of %s shows an example', (command) => {
    const request = parseCommandLine([command, '--help']);
    expect(request).toMatchObject({ command: 'print', text: expect.stringMatching(`Examples:\n +sigbox ${command}`) });
  });
});

describe('what it refuses', () => {
  const rows: [string, string[], RegExp][] = [
    [
      'nothing',
      [],
      /^command: expected detect, annotate, export, merge, evaluate, tune, calibrate or inspect, received "none"\. See sigbox --help\.$/,
    ],
    ['unknown command', ['detext', 'a'], /received "detext"/],
    ['no image', ['detect'], /^detect: expected one or more images, received "none"\. See sigbox detect --help\.$/],
    ['no input', ['annotate', '--out', 'c'], /^annotate: expected one or more folders, images or patterns/],
    ['no output folder', ['annotate', 'a'], /^Missing required argument: out\. See sigbox annotate --help\.$/],
    ['two models', ['inspect', 'a', 'b'], /^inspect: expected a model, received "a b"\./],
    ['unknown option', ['detect', 'a', '--fop'], /^Unknown argument: fop\. See sigbox detect --help\.$/],
    ['option without its value', ['detect', 'a', '--iou'], /^Not enough arguments following: iou\./],
    [
      'option given twice',
      ['detect', 'a', '--max', '2', '--max', '1'],
      /^--max: expected one value, received "2 1"\.$/,
    ],
    ['word for a number', ['detect', 'a', '--score', 'x'], /^--score: expected a number from 0 to 1, received "x"\.$/],
    ['IoU of a label without a number', ['detect', 'a', '--iou', 'car='], /^--iou: .*received ""\.$/],
    ['a negative size', ['detect', 'a', '--min-side', '-1'], /^--min-side: expected a number from 0, received "-1"\.$/],
    ['an unknown method', ['detect', 'a', '--suppression', 'fast'], /suppression.*"fast"/],
    [
      'groups in one group',
      ['detect', 'a', '--scope', 'all', '--group', 'a,b'],
      /^--group: expected no --scope all beside it, received "a,b"\.$/,
    ],
    ['comma for a point', ['detect', 'a', '--score', '0,5'], /received "0,5"\. Use a point: 0\.5\.$/],
    ['percent', ['detect', 'a', '--iou', '45'], /^--iou: .*received "45"\. Percent was given\? Use 0\.45\.$/],
    ['negative', ['detect', 'a', '--score', '-1'], /received "-1"\.$/],
    ['hexadecimal', ['detect', 'a', '--score', '0x0'], /received "0x0"\.$/],
    ['score of a label without a number', ['detect', 'a', '--score', 'car='], /^--score: .*received ""\.$/],
    [
      'fraction of a count',
      ['detect', 'a', '--max', '1.5'],
      /^--max: expected a whole number from 1, received "1\.5"\.$/,
    ],
    ['count of zero', ['detect', 'a', '--max', '0'], /received "0"\.$/],
    ['input size of nothing', ['detect', 'a', '--size', '0'], /^--size: expected 640 or WIDTHxHEIGHT, received "0"\.$/],
    ['another provider', ['detect', 'a', '--provider', 'gpu'], /Choices: "cpu", "cuda", "webgpu", "coreml", "dml"/],
    [
      'half a thread',
      ['detect', 'a', '--threads', '0.5'],
      /^--threads: expected a whole number from 0, received "0\.5"/,
    ],
    [
      'a value for what has none',
      ['annotate', 'a', '--out', 'o', '--pictures=yes'],
      /^--pictures: expected no value, received "yes"\. Say --pictures or --no-pictures\.$/,
    ],
    ['no label', ['detect', 'a', '--include', ''], /^--include: expected words separated by commas, received ""\.$/],
    ['an empty group', ['detect', 'a', '--group', ','], /^--group: expected words .*, received ","\.$/],
    ['a little over one', ['detect', 'a', '--iou', '1.1'], /Use 0\.011\.$/],
    ['another choice', ['detect', 'a', '--labels', 'all'], /Choices: "multi", "single"/],
  ];

  test.each(rows)('%s', (_, argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(complaint('E_ARGUMENT', message));
  });
});
