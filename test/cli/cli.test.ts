import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { DetectionResult } from '../../src/types/detections.js';
import { bin, run, sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const street = sample('street.jpg');
const lines = (text: string) => text.trimEnd().split('\n');

describe('help and version', () => {
  /** Prints at the end which of the heavy packages' native libraries were loaded. */
  const spy = `process.on('exit', () => {
    const libraries = process.report.getReport().sharedObjects.filter((path) => /sharp|vips|onnxruntime/.test(path));
    require('node:fs').writeSync(2, 'loaded: ' + libraries.join(' '));
  })`;

  test.each([
    ['--help'],
    ['--version'],
    ['detect', '--help'],
    ['annotate', '--help'],
    ['inspect', '--help'],
    ['evaluate', '--help'],
  ])('%s %s loads neither sharp nor onnxruntime', async (...args) => {
    const spyFile = join(await temporaryFolder(), 'spy.cjs');
    await writeFile(spyFile, spy);
    const given = args.filter((arg) => arg !== undefined);
    const { status, stderr } = await run(process.execPath, ['--require', spyFile, bin, ...given]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'loaded: ' });
    const heavy = await run(process.execPath, ['--require', spyFile, bin, 'detect', street]);
    expect(heavy.stderr).toMatch(/loaded: .*sharp.*onnxruntime|loaded: .*onnxruntime.*sharp/);
  });

  test('--version is the package’s', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await sigbox(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('detect', () => {
  test('prints a table', async () => {
    const { status, stdout, stderr } = await sigbox(['detect', street]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [head, columns, ...rows] = lines(stdout);
    expect(head).toBe(`${street}  1280 × 720, ${rows.length} regions`);
    expect(columns).toMatch(/^ {2}label +score +x1 +y1 +x2 +y2$/);
    for (const row of rows) expect(row).toMatch(/^ {2}(\+ )?[a-z ]+ +[01]\.\d\d( +\d+){4}$/);
    for (const label of ['car', 'person', 'bus', 'traffic light']) expect(stdout).toMatch(`\n  ${label} `);
  });

  test('tells what maxCandidates cut, in the table and in JSON', async () => {
    const options = ['--score', '0', '--max-candidates', '10', '--group', 'car,truck', '--suppression', 'wbf'];
    const { stdout } = await sigbox(['detect', street, ...options]);
    const note = /maxCandidates: \d+ of \d+ candidates were cut; the 10 with the highest scores were looked at\./;
    expect(lines(stdout)[1]).toMatch(note);
    const [{ notes }] = lines((await sigbox(['detect', street, '--json', ...options])).stdout).map((line) =>
      JSON.parse(line),
    );
    expect(notes).toEqual([expect.stringMatching(note)]);
  });

  test('prints one JSON object per image, in the order given', async () => {
    const { stdout } = await sigbox(['detect', '--json', street, sample('table.jpg')]);
    const results = lines(stdout).map((line) => JSON.parse(line) as DetectionResult);
    expect(results.map(({ image, width, height }) => [image, width, height])).toEqual([
      [street, 1280, 720],
      [sample('table.jpg'), 1080, 810],
    ]);
    expect(Object.keys(results[0]!)).toEqual(['image', 'width', 'height', 'detections']);
    expect(Object.keys(results[0]!.detections[0]!)).toEqual(['box', 'label', 'classId', 'score', 'labels']);
  });

  test('reads an image from standard input', async () => {
    const { stdout } = await sigbox(['detect', '-', '--json'], { input: await readFile(street) });
    const [named] = lines((await sigbox(['detect', street, '--json'])).stdout).map((line) => JSON.parse(line));
    expect(JSON.parse(stdout)).toEqual({ ...named, image: null });
  });

  test('of several images names those that fail, and goes on', async () => {
    const { status, stdout, stderr } = await sigbox(['detect', 'nofile.jpg', street, bin, '--include', 'car']);
    expect(status).toBe(3);
    expect(lines(stdout)[0]).toMatch(/street\.jpg {2}1280 × 720, \d regions$/);
    const [first, second, ...rest] = lines(stderr);
    expect(first).toBe('sigbox: nofile.jpg: no such file');
    expect(second).toMatch(/main\.js: decode: expected an image \(JPEG, .*\), received bytes of another format\.$/);
    expect(rest).toEqual([]);
  });

  const failures: [string, string[], number, RegExp][] = [
    ['no such file', ['detect', 'nofile.jpg'], 66, /^sigbox: nofile\.jpg: no such file\n$/],
    ['no image', ['detect', bin], 65, /^sigbox: .*main\.js: decode: expected an image/],
    [
      'unknown label',
      ['detect', street, '--include', 'trafic light'],
      64,
      /^sigbox: --include: .*"trafic light"\. Did you mean "traffic light"\?/,
    ],
    ['usage', ['detect'], 64, /^sigbox: detect: expected one or more images/],
    [
      'no model',
      ['detect', street, '--model', 'no.onnx'],
      66,
      /^sigbox: model no\.onnx: cannot be opened: there is no such file\. /,
    ],
    ['not a model', ['detect', street, '--model', street], 70, /^sigbox: model .*street\.jpg: expected an ONNX file/],
    ['no spec', ['detect', street, '--spec', 'no.json'], 66, /^sigbox: spec no\.json: cannot be read: ENOENT/],
    ['not a spec', ['detect', street, '--spec', street], 70, /^sigbox: spec .*street\.jpg: is not JSON/],
  ];

  test.each(failures)('%s: one line, and its status', async (_, args, status, message) => {
    const outcome = await sigbox(args);
    expect(outcome).toEqual({ status, stdout: '', stderr: expect.stringMatching(message) });
    expect(lines(outcome.stderr)).toHaveLength(1);
  });

  test('control characters of names do not reach the terminal', async () => {
    const file = join(await temporaryFolder(), 'red\u001b[31m.jpg');
    await copyFile(street, file);
    const { stdout } = await sigbox(['detect', file]);
    expect(stdout).toContain('red\\x1b[31m.jpg  1280 × 720');
  });

  test.skipIf(process.platform === 'win32')('a reader that has had enough is no error', async () => {
    const many = Array.from({ length: 60 }, () => `'${street}'`).join(' ');
    const command = `'${process.execPath}' '${bin}' detect ${many} --json | head -n 1 | wc -l; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run('bash', ['-c', command]);
    expect({ out: stdout.split(/\s+/).filter(Boolean), stderr }).toEqual({ out: ['1', '0'], stderr: '' });
  });
});

describe('annotate', () => {
  test('a folder with good and bad files', async () => {
    const folder = await temporaryFolder();
    const input = join(folder, 'in');
    const out = join(folder, 'out');
    await mkdir(join(input, 'below'), { recursive: true });
    await copyFile(street, join(input, 'street.jpg'));
    await copyFile(sample('table.jpg'), join(input, 'below', '食卓 #1.jpg'));
    await writeFile(join(input, 'bad.png'), 'no picture');
    await writeFile(join(input, 'notes.txt'), 'not to be looked at');
    const { status, stdout, stderr } = await sigbox(['annotate', input, '--out', out]);
    expect(status).toBe(3);
    expect(lines(stdout)[0]).toBe(`2 images annotated, 1 failed, 1 other file skipped: ${out}`);
    expect(stdout).toMatch(/\n {2}label +regions +images\n/);
    expect(lines(stderr)).toEqual([expect.stringMatching(/bad\.png: decode: expected an image/)]);

    const results = lines(await readFile(join(out, 'unfiltered.jsonl'), 'utf8')).map((line) => JSON.parse(line));
    expect(results.map(({ image }) => image)).toEqual(['below/食卓 #1.jpg', 'street.jpg']);
    const coco = JSON.parse(await readFile(join(out, 'coco.json'), 'utf8'));
    const recorded = results.flatMap(({ detections }) => detections).flatMap(({ labels }) => labels);
    const rows = recorded.filter(({ score }) => score >= 0.35);
    expect(Math.min(...recorded.map(({ score }) => score))).toBeLessThan(0.1);
    expect(coco.images.map(({ file_name }: { file_name: string }) => file_name)).toEqual(results.map((r) => r.image));
    expect(coco.annotations).toHaveLength(rows.length);
    expect(JSON.parse(await readFile(join(out, 'coco-results.json'), 'utf8'))).toHaveLength(rows.length);
    const pictures = await readdir(join(out, 'pictures'), { recursive: true });
    expect(pictures.sort()).toEqual(['below', join('below', '食卓 #1.jpg'), 'street.jpg']);
    const { width, height } = await sharp(join(out, 'pictures', 'street.jpg')).metadata();
    expect([width, height]).toEqual([1280, 720]);
  });

  test('its own output inside the input is not annotated again', async () => {
    const input = await temporaryFolder();
    await copyFile(street, join(input, 'street.jpg'));
    const args = ['annotate', input, '--out', join(input, 'out'), '--include', 'bus'];
    await sigbox(args);
    expect((await sigbox(args)).stdout).toMatch(/^1 image annotated: /);
  });

  test('without pictures', async () => {
    const out = await temporaryFolder();
    const { status } = await sigbox(['annotate', street, '--out', out, '--no-pictures']);
    expect(status).toBe(0);
    expect((await readdir(out)).filter((name) => !name.startsWith('.')).sort()).toEqual([
      ...['annotations.csv', 'coco-results.json', 'coco.json', 'failures.jsonl', 'index.html', 'run.json'],
      ...['summary.txt', 'unfiltered.jsonl'],
    ]);
  });

  test('an input that is not there stops it before anything is written', async () => {
    const out = join(await temporaryFolder(), 'out');
    const { status, stderr } = await sigbox(['annotate', street, 'nowhere', '--out', out]);
    expect(status).toBe(66);
    expect(stderr).toMatch(/^sigbox: annotate: expected a file, a folder or a glob pattern, received "nowhere"\./);
    await expect(readdir(out)).rejects.toThrow('ENOENT');
  });

  test('a folder that cannot be written', async () => {
    const { status, stderr } = await sigbox(['annotate', street, '--out', join(street, 'out')]);
    expect(status).toBe(66);
    expect(stderr).toMatch(/^sigbox: .*out: cannot be written to: ENOTDIR/);
  });

  test('a folder without pictures', async () => {
    const { status, stderr } = await sigbox(['annotate', await temporaryFolder(), '--out', await temporaryFolder()]);
    expect(status).toBe(66);
    expect(stderr).toMatch(/: expected pictures, received "no file at all"\.$/m);
  });
});

describe('inspect', () => {
  test('the built-in model, for people', async () => {
    const { status, stdout } = await sigbox(['inspect']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^model +.*ssdlite-mobilenet-v2-coco\.onnx \(built in\)$/m);
    expect(stdout).toMatch(/^input +"images" float32 \[1, 3, 300, 300\]$/m);
    expect(stdout).toMatch(/^labels +80 on 91 class columns: person, bicycle, car,/m);
  });

  test('its spec is one that --spec takes', async () => {
    const { stdout } = await sigbox(['inspect', '--json']);
    const { spec, file, inputs, outputs } = JSON.parse(stdout);
    expect([...inputs, ...outputs].map(({ name }) => name)).toEqual([
      'images',
      'class_logits',
      'box_encodings',
      'anchors',
    ]);
    const specFile = join(await temporaryFolder(), 'spec.json');
    spec.labels[3] = '車';
    await writeFile(specFile, JSON.stringify(spec));
    const detected = await sigbox(['detect', street, '--model', file, '--spec', specFile, '--include', '車']);
    expect(detected.stdout).toMatch(/\n {2}車 +0\.\d\d/);
  });

  test('a model that does not say what it is', async () => {
    const { stdout: json } = await sigbox(['inspect', '--json']);
    const model = await readFile(JSON.parse(json).file);
    const file = join(await temporaryFolder(), 'unknown.onnx');
    await writeFile(file, Buffer.from(model.toString('latin1').replaceAll('sigbox.spec', 'foobar.spec'), 'latin1'));
    const { status, stdout } = await sigbox(['inspect', file]);
    expect(status).toBe(70);
    expect(stdout).toMatch(/^unknown +model .*: its outputs are of no family that sigbox knows: inputs "images"/m);
    expect(await sigbox(['detect', street, '--model', file])).toMatchObject({ status: 70 });
  });
});
