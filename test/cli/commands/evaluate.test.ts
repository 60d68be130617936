import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../../src/evaluate/evaluation.js';
import { root, run, sample, sigbox } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const groundTruth = {
  images: [{ id: 1, file_name: 'street.jpg', width: 1280, height: 720 }],
  annotations: [
    { id: 1, image_id: 1, category_id: 3, bbox: [272, 351, 338, 187], area: 60_000, iscrowd: 0 },
    { id: 2, image_id: 1, category_id: 6, bbox: [606, 252, 192, 186], area: 30_000, iscrowd: 0 },
    { id: 3, image_id: 1, category_id: 1, bbox: [10, 10, 20, 30], area: 600, iscrowd: 0 },
  ],
  categories: [
    { id: 1, name: 'person' },
    { id: 3, name: 'car' },
    { id: 6, name: 'bus' },
  ],
};
const results = [
  { image_id: 1, category_id: 3, bbox: [270, 350, 340, 190], score: 0.9 },
  { image_id: 1, category_id: 3, bbox: [606, 252, 192, 186], score: 0.8 },
  { image_id: 1, category_id: 6, bbox: [606, 252, 192, 186], score: 0.2 },
];

async function files(contents: Record<string, unknown> = {}) {
  const folder = await temporaryFolder();
  const all = { 'truth.json': groundTruth, 'results.json': results, ...contents };
  for (const [name, content] of Object.entries(all)) {
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return (name: string) => join(folder, name);
}

describe('evaluate', () => {
  test('prints tables', async () => {
    const at = await files();
    const { status, stdout, stderr } = await sigbox(['evaluate', at('truth.json'), at('results.json')]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^1 image, 3 ground truths, 3 detections\n\n/);
    for (const line of [
      /^ {2}AP at IoU 0\.50 +0\.667$/m,
      /^ {2}at score 0\.35, IoU 0\.5 +precision +recall +F1 +best F1 +at score$/m,
      /^ {2}all labels +0\.500 +0\.333 +0\.400 +0\.667 +0\.200$/m,
      /^ {2}car +1 +1\.000 +1\.000 +1\.000 +0\.500 +1\.000 +0\.667 +1\.000 +0\.900$/m,
      /^ {2}missed +1 +0\.333$/m,
      /^ {2}bus +car +1$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  test('YOLO results, whose images --images has', async () => {
    const folder = await temporaryFolder();
    const recorded = join(folder, 'run');
    await sigbox(['annotate', 'samples', '--out', recorded, '--no-pictures', '--quiet']);
    await sigbox(['export', recorded, '--format', 'yolo', '--confidence', '--out', folder]);
    const results = join(folder, 'yolo', 'data.yaml');
    const { status, stdout } = await sigbox(['evaluate', join(recorded, 'coco.json'), results, '--images', 'samples']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/AP at IoU 0\.50 +1\.000/);
  });

  test('--json gives every number, --score and --match-iou are followed, warnings go to standard error', async () => {
    const at = await files({ 'results.json': [...results, { ...results[0], category_id: 99 }] });
    const options = ['--json', '--score', '0.1', '--score', 'car=0.85', '--match-iou', '0.6'];
    const { status, stdout, stderr } = await sigbox(['evaluate', at('truth.json'), at('results.json'), ...options]);
    const evaluation = JSON.parse(stdout) as Evaluation;
    expect(status).toBe(0);
    expect(evaluation).toMatchObject({
      iouThreshold: 0.6,
      scoreThreshold: 0.1,
      micro: { truePositives: 2, falsePositives: 0, falseNegatives: 1 },
    });
    expect(evaluation.warnings).toEqual([
      expect.stringMatching(/^1 detection is of labels that are not in the ground truth: skipped \(category_id 99\)$/),
    ]);
    expect(stderr).toBe(`sigbox: ${evaluation.warnings[0]}\n`);
  });

  test('--charts writes four pictures', async () => {
    const at = await files();
    const charts = at('charts');
    const { status, stderr } = await sigbox(['evaluate', at('truth.json'), at('results.json'), '--charts', charts]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const names = ['confusion.svg', 'f1.svg', 'precision-recall.svg', 'reliability.svg'];
    expect((await readdir(charts)).sort()).toEqual(names);
    for (const name of names) expect(await readFile(join(charts, name), 'utf8')).toMatch(/^<svg .*<\/svg>\s*$/s);
  });

  test('a run, and the model on the images itself, give the same', async () => {
    const at = await files();
    const [street, run, json] = [sample('street.jpg'), at('run'), '--json'];
    await sigbox(['annotate', street, '--out', run, '--preset', 'evaluation', '--no-pictures']);
    const recorded = await sigbox(['evaluate', at('truth.json'), run, json]);
    const direct = await sigbox(['evaluate', at('truth.json'), '--images', join(root, 'samples'), json]);
    const [a, b] = [recorded, direct].map(({ stdout }) => JSON.parse(stdout) as Evaluation);
    expect(a.coco.AP50).toBeCloseTo(2 / 3, 6);
    expect(b.coco).toEqual(a.coco);
    expect(b.scoreThreshold).toBe(0.35);
    expect(direct.stderr).toMatch(/images? of the results (is|are) not in the ground truth: skipped/);
  });

  test('a run’s own threshold is taken where it recorded lower scores', async () => {
    const at = await files();
    const run = ['annotate', sample('street.jpg'), '--out', at('run'), '--no-pictures'];
    await sigbox([...run, '--score', '0.6', '--score', 'kite=0.9', '--score', 'car=0.7']);
    const { stdout } = await sigbox(['evaluate', at('truth.json'), at('run'), '--json']);
    const { scoreThreshold, classes } = JSON.parse(stdout) as Evaluation;
    expect([scoreThreshold, ...classes.map((row) => row.scoreThreshold)]).toEqual([0.6, 0.6, 0.7, 0.6]);
  });

  test('a thresholds file is followed, as far as the ground truth has its labels', async () => {
    const options = { scoreThreshold: 0.1, labelThresholds: { car: 0.85, kite: 0.5 } };
    const at = await files({ 'thresholds.json': { format: 'sigbox-thresholds', version: 1, options } });
    const given = [at('truth.json'), at('results.json'), '--thresholds', at('thresholds.json'), '--json'];
    const { stdout } = await sigbox(['evaluate', ...given]);
    expect(JSON.parse(stdout)).toMatchObject({ scoreThreshold: 0.1, micro: { truePositives: 2, falsePositives: 0 } });
  });

  const voc = `<annotation><filename>street.jpg</filename><size><width>1280</width><height>720</height></size>
    <object><name>car</name><difficult>0</difficult>
      <bndbox><xmin>273</xmin><ymin>352</ymin><xmax>610</xmax><ymax>538</ymax></bndbox></object></annotation>`;
  test.each([
    ['VOC', { 'truth.xml': voc }, 'truth.xml'],
    ['COCO with scores as results', { 'truth.json': groundTruth }, 'truth.json'],
  ])('ground truth in %s', async (_, contents, file) => {
    const scored = groundTruth.annotations.map((row) => ({ ...row, score: 0.5 }));
    const at = await files({ ...contents, 'scored.json': { ...groundTruth, annotations: scored } });
    const { status, stdout } = await sigbox(['evaluate', at(file), at('scored.json'), '--json']);
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as Evaluation).micro).toMatchObject({ falseNegatives: 0, recall: 1 });
  });
});

test('results packed with gzip, and ground truth from a pipe, give the same numbers', async () => {
  const at = await files();
  const plain = await sigbox(['evaluate', at('truth.json'), at('results.json'), '--json']);
  await writeFile(at('results.json.gz'), gzipSync(JSON.stringify(results)));
  const input = Buffer.from(JSON.stringify(groundTruth));
  const packed = await sigbox(['evaluate', '-', at('results.json.gz'), '--json'], { input });
  expect(packed).toEqual(plain);
});

describe('what can’t be evaluated is one line', () => {
  const rows: [string, Record<string, unknown>, string[], number, RegExp][] = [
    ['no results', {}, ['truth.json'], 64, /^sigbox: evaluate: expected results\. Give a run/],
    [
      'results and a model',
      {},
      ['truth.json', 'results.json', '--model', 'm'],
      64,
      /--model is for a model, but results are given/,
    ],
    [
      'results and what is for models',
      {},
      ['truth.json', 'results.json', '--workers', '1'],
      64,
      /--workers is for a model, but results are given/,
    ],
    ['no such ground truth', {}, ['none.json', 'results.json'], 66, /none\.json: cannot be read/],
    [
      'ground truth that is no JSON',
      { 'truth.json': '{' },
      ['truth.json', 'results.json'],
      66,
      /truth\.json: line 1, column 2: expected a key in double quotes, received/,
    ],
    [
      'results that break off',
      { 'results.json': '[{"image_id":1,"category_id":3,"bbox":[1,2,3,4],"score":0.5},\n{"image_id":1,' },
      ['truth.json', 'results.json'],
      66,
      /results\.json: line 2, column 15: expected .*, received "the end of the file"\.\n$/,
    ],
    [
      'ground truth of no known kind',
      { 'truth.json': '{}' },
      ['truth.json', 'results.json'],
      64,
      /annotations in a recognisable format/,
    ],
    [
      'empty ground truth',
      { 'truth.json': { ...groundTruth, images: [] } },
      ['truth.json', 'results.json'],
      64,
      /expected images/,
    ],
    [
      'no image in common',
      { 'results.json': [{ ...results[0], image_id: 5 }] },
      ['truth.json', 'results.json'],
      64,
      /^sigbox: results: expected images of the ground truth, received "none: image_id 5"\.\n$/,
    ],
    [
      'a folder without pictures',
      {},
      ['truth.json', '--images', '.'],
      66,
      /expected pictures, received "a folder without any"/,
    ],
  ];
  test.each(rows)('%s', async (_, contents, args, status, message) => {
    const at = await files(contents);
    const given = args.map((arg) => (arg.endsWith('.json') ? at(arg) : arg === '.' ? at('') : arg));
    const outcome = await run(process.execPath, [join(root, 'dist/cli/main.js'), 'evaluate', ...given]);
    expect(outcome).toEqual({ status, stdout: '', stderr: expect.stringMatching(message) });
    expect(outcome.stderr.trimEnd()).not.toContain('\n');
  });
});
