import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ModelGiven, onnxModel } from '../../support/onnx.js';
import { sample, sigbox } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const street = sample('street.jpg');
/** Two classes on 64 × 64, where the file fixes that; one box in the middle. */
const values = [32, 32, 16, 16, 0.75, 0].flatMap((value) => [value, ...new Array(83).fill(0)]);
const ultralytics: ModelGiven = {
  inputs: [{ name: 'images', dims: [1, 3, 'h', 'w'] }],
  outputs: [{ name: 'output0', dims: [1, 6, 84], values, declared: [1, 6, 'n'] }],
  metadata: { author: 'Ultralytics', names: "['cat', 'dog']" },
};
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'model.onnx');
  await writeFile(file, onnxModel(ultralytics));
});

describe('what it finds out', () => {
  test('each decision with its reason', async () => {
    const { status, stdout, stderr } = await sigbox(['inspect', file]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^image +letterbox to 640 × 640, bilinear, RGB, NCHW float32, /m);
    expect(stdout).toMatch(/^labels +2 on 2 class columns: cat, dog$/m);
    expect(stdout).toMatch(/^because +family: Ultralytics YOLO, for metadata "author" is "Ultralytics"$/m);
    expect(stdout).toMatch(
      /^because +input\.interpolation: bilinear, for Ultralytics YOLO’s own program resizes as OpenCV/m,
    );
    expect(stdout).toMatch(/^because +input size: 640 × 640, for usual for the family; size or --size sets another$/m);
    expect(stdout).toMatch(/^because +labels: 2 names, for metadata "names"$/m);
  });

  test('--size and --labels-file', async () => {
    const labels = join(folder, 'labels.txt');
    await writeFile(labels, 'tiger\nwolf\n');
    const { stdout } = await sigbox(['inspect', file, '--size', '96x64', '--labels-file', labels]);
    expect(stdout).toMatch(/^image +letterbox to 96 × 64, /m);
    expect(stdout).toMatch(/^labels +2 on 2 class columns: tiger, wolf$/m);
    expect(stdout).toMatch(/^because +input size: 96 × 64, for given$/m);
  });

  test('--json', async () => {
    const { spec, decisions, warnings, unknown } = JSON.parse((await sigbox(['inspect', file, '--json'])).stdout);
    expect(spec).toMatchObject({ head: { family: 'yolo', output: 'output0' }, labels: ['cat', 'dog'] });
    expect(decisions[0]).toEqual({ field: 'family', value: 'Ultralytics YOLO', because: expect.any(String) });
    expect({ warnings, unknown }).toEqual({ warnings: [], unknown: null });
  });

  test('the kind of head, what a run gives, and the activations of the graph', async () => {
    const { stdout } = await sigbox(['inspect', file]);
    expect(stdout).toMatch(/^kind of head multi-label: in a run the scores of a row add up to 0\.75 to 0\.75/m);
    expect(stdout).toMatch(/^a run gives +"output0" \[1, 6, 84\], 0 to 32$/m);
    expect(stdout).toMatch(/^best score +0\.75, on a picture of texture$/m);
    const { headKind, evidence } = JSON.parse((await sigbox(['inspect', file, '--json'])).stdout);
    expect(headKind).toEqual({ kind: 'multi-label', because: expect.any(String) });
    expect(evidence).toEqual({
      activations: [],
      run: { outputs: [{ name: 'output0', dims: [1, 6, 84], low: 0, high: 32 }], bestScore: 0.75, headKind: undefined },
    });
  });

  test('what detection can’t run is said here as well', async () => {
    const head = { family: 'yolo', output: 'output0', layout: 'rows', objectness: false, activation: 'none' };
    const boxes = { boxFormat: 'cxcywh', boxUnit: 'input-pixels', suppress: true };
    const spec = join(folder, 'spec.json');
    const { spec: found } = JSON.parse((await sigbox(['inspect', file, '--json'])).stdout);
    await writeFile(spec, JSON.stringify({ ...found, head: { ...head, ...boxes } }));
    const { status, stdout } = await sigbox(['inspect', file, '--spec', spec]);
    expect(status).toBe(70);
    expect(stdout).toMatch(/^unknown +output "output0": expected dims \[1, n, 6\], received "\[1, 6, 84\]"/m);
  });

  test('warnings go to standard error', async () => {
    const head = { family: 'rows', output: 'output0', count: null, boxFormat: 'xyxy', boxUnit: 'input-pixels' };
    const columns = { all: 6, box: 0, score: 4, class: 5 };
    const prepared = { channels: 'rgb', scale: 1, mean: [0, 0, 0], std: [1, 1, 1], fit: 'stretch', padValue: 0 };
    const spec = join(folder, 'spec.json');
    await writeFile(spec, JSON.stringify({ head: { ...head, columns }, input: prepared }));
    const outputs = [{ name: 'output0', dims: [1, 2, 6], values: [1, 2, 30, 40, 0.5, 1, 5, 6, 7, 8, 0.25, 0] }];
    await writeFile(file, onnxModel({ ...ultralytics, outputs, metadata: {} }));
    const { status, stderr } = await sigbox(['inspect', file, '--spec', spec]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/^sigbox: The model does not name its classes: [^\n]*\n$/),
    });
  });
});

describe('--save', () => {
  test('a file that --spec takes, whole or changed', async () => {
    const saved = join(folder, 'spec.json');
    const inspected = await sigbox(['inspect', file, '--size', '64', '--save', saved]);
    expect(inspected).toMatchObject({ status: 0, stderr: '' });
    const spec = JSON.parse(await readFile(saved, 'utf8'));
    expect(spec).toMatchObject({ input: { width: 64, height: 64 }, labels: ['cat', 'dog'] });
    const plain = await sigbox(['detect', street, '--model', file, '--spec', saved]);
    expect(plain).toMatchObject({ status: 0, stdout: expect.stringMatching(/\n {2}cat +0\.75/), stderr: '' });
    await writeFile(saved, JSON.stringify({ input: spec.input, labels: ['tiger', 'wolf'] }));
    const changed = await sigbox(['detect', street, '--model', file, '--spec', saved]);
    expect(changed.stdout).toMatch(/\n {2}tiger +0\.75/);
  });

  test('a model that is not recognised: nothing is saved', async () => {
    await writeFile(file, onnxModel({ outputs: [{ name: 'out', dims: [1, 3, 9, 7] }] }));
    const { status, stdout } = await sigbox(['inspect', file]);
    expect(status).toBe(70);
    expect(stdout).toMatch(
      /^unknown +model .*: its outputs are of no family that sigbox knows: .*"out" \[1, 3, 9, 7\]/m,
    );
    const saving = await sigbox(['inspect', file, '--save', join(folder, 'spec.json')]);
    expect(saving).toEqual({
      status: 70,
      stdout: '',
      stderr: expect.stringMatching(/^sigbox: model .*no family[^\n]*\n$/),
    });
    expect(await readdir(folder)).toEqual(['model.onnx']);
  });

  test('a place that cannot be written', async () => {
    const saving = await sigbox(['inspect', file, '--save', join(file, 'spec.json')]);
    expect(saving).toMatchObject({
      status: 66,
      stderr: expect.stringMatching(/spec\.json: cannot be written: ENOTDIR/),
    });
  });
});

describe('what detect and annotate tell of a model', () => {
  test('warnings that it has at once, and those of its first pictures: each once, on standard error', async () => {
    const outputs = [{ ...ultralytics.outputs[0]!, values: new Array(6 * 84).fill(Number.NaN) }];
    await writeFile(file, onnxModel({ ...ultralytics, outputs }));
    const model = ['--model', file, '--size', '64'];
    const warning = /^sigbox: Output "output0" is nothing but NaN or infinity: nothing is found\.[^\n]*\n$/;
    for (const images of [[street], [street, sample('table.jpg'), sample('crossing.jpg')]]) {
      const { status, stderr } = await sigbox(['detect', ...images, ...model, '--workers', '2']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(warning) });
    }
    const out = join(folder, 'out');
    const { status, stderr } = await sigbox(['annotate', street, '--out', out, '--no-pictures', ...model]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(warning) });
  });

  test('a model that cannot run: one line, its status, and no output', async () => {
    const node = { opType: 'NoSuchOperator', name: 'x', inputs: ['images'], outputs: ['y'] };
    await writeFile(file, onnxModel({ ...ultralytics, nodes: [node] }));
    const { status, stdout, stderr } = await sigbox([
      'annotate',
      street,
      '--out',
      join(folder, 'out'),
      '--model',
      file,
    ]);
    expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
    expect(stderr).toMatch(/^sigbox: model .*model\.onnx: onnxruntime cannot load it: [^\n]*NoSuchOperator[^\n]*\n$/);
    expect(await readdir(folder)).toEqual(['model.onnx']);
  });

  test('a provider that is not to be had: one line of what there is', async () => {
    const provider = process.platform === 'darwin' ? 'dml' : 'coreml';
    const { status, stderr } = await sigbox(['detect', street, '--provider', provider]);
    expect(status).toBe(64);
    expect(stderr).toMatch(
      new RegExp(`^sigbox: provider ${provider}: cannot be used [^\\n]* Built in here: cpu[^\\n]*\\n$`),
    );
  });
});

describe('looks at an image', () => {
  test('how many tiles an image of a size has, and the time for all', async () => {
    const { status, stdout } = await sigbox(['inspect', file, '--tiles', '640', '--image-size', '4000x3000']);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^looks +an image of 4000 × 3000: 48 tiles, 49 looks, about [\d.e-]+ s of inference on one thread$/m,
    );
  });

  test('augmented, of usual sizes, as JSON', async () => {
    const { stdout } = await sigbox(['inspect', file, '--augment', 'flip,0.5', '--json']);
    const sizes = [
      [1920, 1080],
      [4000, 3000],
      [12000, 9000],
    ];
    expect(JSON.parse(stdout).views).toEqual(sizes.map(([width, height]) => ({ width, height, tiles: 0, looks: 3 })));
  });

  test('too many are refused with their number', async () => {
    const { status, stderr } = await sigbox(['inspect', file, '--tiles', '64', '--image-size', '20000x20000']);
    expect([status, stderr]).toEqual([64, expect.stringMatching(/looked at \d{5,} times in tiles of 64 × 64/)]);
  });

  test('without these options nothing is said of looks', async () => {
    expect((await sigbox(['inspect', file])).stdout).not.toMatch(/^looks/m);
  });
});
