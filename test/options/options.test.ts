import { describe, expect, test } from 'vitest';
import { checkDetectorOptions, detectPart } from '../../src/options/detector-options.js';
import { planOf } from '../../src/options/plan.js';
import { complaint } from '../support/complaint.js';

const labels = [null, 'person', 'car'];

describe('planOf', () => {
  const defaults = {
    scoreThresholds: Float64Array.of(Number.NaN, 0.35, 0.35),
    single: false,
    suppression: 'nms',
    measure: 'iou',
    diouBeta: 1,
    sigma: 0.5,
    fusedScore: 'avg',
    iouThresholds: Float64Array.of(0.5, 0.5, 0.5),
    buckets: Uint16Array.of(0, 1, 2),
    maxCandidates: 30000,
    maxDetections: 300,
    maxPerClass: Infinity,
    minSide: 0,
    maxSide: Infinity,
    minArea: 0,
    maxArea: Infinity,
    regionIou: 0.9,
    calibrations: [null, null, null],
    parents: [],
    hidden: [],
    background: '#ffffff',
    lenient: false,
  };

  test.each([
    ['no options', {}, {}],
    ['undefined is the default', { scoreThreshold: undefined, labels: undefined, lenient: undefined }, {}],
    ['scoreThreshold', { scoreThreshold: 0.75 }, { scoreThresholds: Float64Array.of(Number.NaN, 0.75, 0.75) }],
    ['labelThresholds', { labelThresholds: { car: 1 } }, { scoreThresholds: Float64Array.of(Number.NaN, 0.35, 1) }],
    ['include', { include: ['car'] }, { scoreThresholds: Float64Array.of(Number.NaN, Number.NaN, 0.35) }],
    ['exclude', { exclude: ['car'] }, { scoreThresholds: Float64Array.of(Number.NaN, 0.35, Number.NaN) }],
    ['single', { labels: 'single' }, { single: true }],
    ['multi', { labels: 'multi' }, {}],
    [
      'the lowest numbers',
      { iouThreshold: 0, maxDetections: 1, regionIou: 1e-9 },
      { iouThresholds: new Float64Array(3), maxDetections: 1, regionIou: 1e-9 },
    ],
    [
      'the highest numbers',
      { iouThreshold: 1, maxDetections: 1e9, regionIou: 1 },
      { iouThresholds: new Float64Array(3).fill(1), maxDetections: 1e9, regionIou: 1 },
    ],
    ['by class number', { labelThresholds: { 2: 0.75 } }, { scoreThresholds: Float64Array.of(NaN, 0.35, 0.75) }],
    ['labelIouThresholds', { labelIouThresholds: { car: 0.25 } }, { iouThresholds: Float64Array.of(0.5, 0.5, 0.25) }],
    ['every class a rival', { scope: 'all' }, { buckets: Uint16Array.of(0, 0, 0) }],
    ['a group of rivals', { scope: [['car', 'person', 'car']] }, { buckets: Uint16Array.of(0, 2, 2) }],
    ['groups of one, and of none', { scope: [['car'], []] }, {}],
    [
      'a method with its numbers',
      { suppression: 'soft-gaussian', measure: 'diou', diouBeta: 0.6, sigma: 2, fusedScore: 'max' },
      { suppression: 'soft-gaussian', measure: 'diou', diouBeta: 0.6, sigma: 2, fusedScore: 'max' },
    ],
    [
      'limits',
      { maxCandidates: 9, maxPerClass: 2, minSide: 1.5, maxSide: 99, minArea: 4, maxArea: 1e4 },
      { maxCandidates: 9, maxPerClass: 2, minSide: 1.5, maxSide: 99, minArea: 4, maxArea: 1e4 },
    ],
    [
      'evaluation',
      { preset: 'evaluation' },
      {
        scoreThresholds: Float64Array.of(NaN, 0.001, 0.001),
        iouThresholds: new Float64Array(3).fill(0.6),
        maxDetections: 100,
        regionIou: 1,
      },
    ],
    [
      'what is given wins over the preset',
      { maxDetections: 7, preset: 'evaluation', scoreThreshold: 0.01, iouThreshold: 0.7, regionIou: 0.8 },
      {
        scoreThresholds: Float64Array.of(NaN, 0.01, 0.01),
        iouThresholds: new Float64Array(3).fill(0.7),
        maxDetections: 7,
        regionIou: 0.8,
      },
    ],
    ['use', { preset: 'use' }, {}],
    ['the rest', { background: '#A0b1c2', lenient: true }, { background: '#A0b1c2', lenient: true }],
  ])('%s', (_, given, changed) => {
    expect(planOf({ labels }, given)).toMatchObject({ ...defaults, ...changed });
  });

  test('no options at all', () => {
    expect(planOf({ labels }, undefined)).toMatchObject(defaults);
  });

  const fraction = 'a number from 0 to 1';
  const refused: [string, unknown, string, string][] = [
    ['a fraction below 0', { scoreThreshold: -0.1 }, `options.scoreThreshold to be ${fraction}`, '-0.1'],
    [
      'a fraction just over 1',
      { iouThreshold: 1.5 },
      `options.iouThreshold to be ${fraction}`,
      '1.5. Percent was given\\? Use 0.015',
    ],
    [
      'a percentage',
      { scoreThreshold: 45 },
      `options.scoreThreshold to be ${fraction}`,
      '45. Percent was given\\? Use 0.45',
    ],
    ['no percentage either', { scoreThreshold: 101 }, `options.scoreThreshold to be ${fraction}`, '101'],
    ['NaN', { scoreThreshold: Number.NaN }, `options.scoreThreshold to be ${fraction}`, 'NaN'],
    ['a text', { iouThreshold: '0.5' }, `options.iouThreshold to be ${fraction}`, '"0.5"'],
    [
      'one label’s percentage',
      { labelThresholds: { car: 45 } },
      'options.labelThresholds.car to be a number from 0 to 1',
      '45. Percent was given\\? Use 0.45',
    ],
    ['no record', { labelThresholds: 0.5 }, 'options.labelThresholds to be numbers from 0 to 1, by label', '0.5'],
    ['neither multi nor single', { labels: 'all' }, "options.labels to be 'multi' or 'single'", '"all"'],
    ['one label without an array', { include: 'car' }, 'options.include to be an array of labels', '"car"'],
    ['a class number', { exclude: ['car', 2] }, 'options.exclude.1 to be a string', '2'],
    ['no detections', { maxDetections: 0 }, 'options.maxDetections to be a positive integer', '0'],
    ['half a detection', { maxDetections: 1.5 }, 'options.maxDetections to be a positive integer', '1.5'],
    ['endless detections', { maxDetections: Infinity }, 'options.maxDetections to be a positive integer', 'Infinity'],
    ['regionIou 0', { regionIou: 0 }, 'options.regionIou to be a number above 0, up to 1', '0'],
    ['a colour’s name', { background: 'red' }, 'options.background to be a colour like #ffffff', '"red"'],
    ['a short colour', { background: '#fff' }, 'options.background to be a colour like #ffffff', '"#fff"'],
    [
      'a colour with alpha',
      { background: '#ffffff80' },
      'options.background to be a colour like #ffffff',
      '"#ffffff80"',
    ],
    ['an unknown preset', { preset: 'fast' }, "options.preset to be 'use' or 'evaluation'", '"fast"'],
    [
      'an unknown method',
      { suppression: 'soft' },
      "options.suppression to be 'nms', 'soft-linear', .* or '\\w+'",
      '"soft"',
    ],
    ['an unknown measure', { measure: 'IoU' }, "options.measure to be 'iou', .* or 'ios'", '"IoU"'],
    ['sigma 0', { sigma: 0 }, 'options.sigma to be a positive number', '0'],
    ['beta without end', { diouBeta: Infinity }, 'options.diouBeta to be a positive number', 'Infinity'],
    ['an unknown scope', { scope: 'label' }, "options.scope to be 'class', 'all' or groups of labels", '"label"'],
    [
      'one group without its array',
      { scope: [['car'], 'person'] },
      "options.scope to be 'class', 'all' or groups of labels",
      'Array of length 2',
    ],
    ['a negative side', { minSide: -1 }, 'options.minSide to be a number from 0', '-1'],
    ['no array of labels', { labelThresholds: [0.5] }, 'options.labelThresholds to be .*', 'Array of length 1'],
    ['no boolean', { lenient: 'yes' }, 'options.lenient to be true or false', '"yes"'],
    [
      'an option of another place',
      { model: 'a.onnx' },
      'one of the options preset, scoreThreshold, .*, lenient',
      '"model"',
    ],
    ['no object', 3, 'options to be an object', '3'],
    ['null', null, 'options to be an object', 'null'],
  ];

  test.each(refused)('%s', (_, given, expected, received) => {
    const message = new RegExp(`^detect: expected ${expected}, received ${received}\\.?$`);
    expect(() => planOf({ labels }, given)).toThrow(complaint('E_ARGUMENT', message));
  });

  test('a label that the model does not have', () => {
    const message = /^include: the model has no label "cars"\. Did you mean "car"\?/;
    expect(() => planOf({ labels }, { include: ['cars'] })).toThrow(complaint('E_ARGUMENT', message));
  });

  test('a label in two groups', () => {
    const message = /^scope: expected a label in one group only, received "car"\.$/;
    const scope = [['car'], ['person', 'car']];
    expect(() => planOf({ labels }, { scope })).toThrow(complaint('E_ARGUMENT', message));
  });

  test.each([
    ['labelIouThresholds', { labelIouThresholds: { cars: 0.5 } }],
    ['scope', { scope: [['cars']] }],
  ])('a label that the model does not have, in %s', (where, options) => {
    const message = new RegExp(`^${where}: the model has no label "cars"`);
    expect(() => planOf({ labels }, options)).toThrow(complaint('E_ARGUMENT', message));
  });
});

describe('checkDetectorOptions', () => {
  test.each([
    ['none', {}],
    ['a path', { model: 'a.onnx', workers: 0, threads: 0 }],
    ['a URL', { model: new URL('file:///a.onnx'), spec: { anything: 'checked later' }, workers: 64 }],
    ['those of detect', { scoreThreshold: 0.5, include: ['anything'] }],
  ])('%s', (_, options) => {
    expect(checkDetectorOptions(options, 'createDetector')).toEqual(options);
  });

  test.each([
    ['a wrong model', { model: 3 }, 'options.model to be the path or file URL of an ONNX model', '3'],
    ['workers below 0', { workers: -1 }, 'options.workers to be a whole number from 0', '-1'],
    ['half a size', { size: [640] }, 'options\\.size to be \\[width, height\\] in pixels', 'Array of length 1'],
    ['size 0', { size: [0, 640] }, 'options\\.size\\.0 to be a positive integer', '0'],
    ['an unknown provider', { provider: 'gpu' }, "options.provider to be 'cpu', 'cuda', 'webgpu', .*", '"gpu"'],
    ['half a thread', { threads: 0.5 }, 'options.threads to be a whole number from 0', '0.5'],
    [
      'a threshold out of range',
      { iouThreshold: 2 },
      'options.iouThreshold to be a number from 0 to 1',
      '2. Percent .*',
    ],
    [
      'a slip of the pen',
      { worker: 1 },
      'one of the options preset, .*, model, variant, spec, size, labelsFile, models, map, rules, provider, workers, timeout, threads, maxQueue',
      '"worker". Did you mean "workers"\\?',
    ],
  ])('%s', (_, given, expected, received) => {
    const message = new RegExp(`^createDetector: expected ${expected}, received ${received}\\.?$`);
    expect(() => checkDetectorOptions(given, 'createDetector')).toThrow(complaint('E_ARGUMENT', message));
  });
});

test('what becomes of options later changes nothing', () => {
  const curve = { kind: 'isotonic', scores: [0.5], calibrated: [0.25] };
  const options = {
    include: ['car'],
    labelThresholds: { car: 0.5 },
    scope: [['car', 'person']],
    calibration: { shared: curve, labels: { car: curve } },
    size: [64, 64],
    spec: { labels: ['car'], input: { mean: [1, 2, 3] } },
    map: { labels: { car: 'vehicle' } },
  };
  const before = structuredClone(options);
  const checked = checkDetectorOptions(options, 'createDetector');
  options.include.push('person');
  options.labelThresholds.car = 1;
  options.scope[0]!.pop();
  curve.scores[0] = 0.75;
  curve.kind = 'platt';
  options.size[0] = 32;
  options.spec.input.mean[0] = 9;
  options.map.labels.car = 'bus';
  expect(checked).toEqual(before);
});

test('a URL stays the one that was given', () => {
  const model = new URL('file:///a.onnx');
  expect(checkDetectorOptions({ model }, 'createDetector').model).toBe(model);
});

test('detectPart leaves out what belongs to the detector alone', () => {
  const spec = undefined as never;
  const both = { model: 'a.onnx', spec, workers: 1, threads: 1, iouThreshold: 0.4, lenient: true };
  expect(detectPart(both)).toStrictEqual({ iouThreshold: 0.4, lenient: true });
});
