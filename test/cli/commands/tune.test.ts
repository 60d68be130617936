import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sigbox } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A run on the samples, whose own findings over the default threshold are taken for the ground truth. */
async function lesson(): Promise<{ groundTruth: string; run: string; file: string; folder: string }> {
  const folder = await temporaryFolder();
  const run = join(folder, 'run');
  await sigbox(['annotate', 'samples', '--out', run, '--no-pictures', '--quiet']);
  return { folder, run, groundTruth: join(run, 'coco.json'), file: join(folder, 'thresholds.json') };
}

describe('sigbox tune and sigbox calibrate', () => {
  test('write a file that detect takes', async () => {
    const { groundTruth, run, file } = await lesson();
    const tuned = await sigbox(['tune', groundTruth, run, '--out', file, '--folds', '3']);
    expect(tuned).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /^3 images, \d+ ground truths, aim f1; on held-out images \(3 folds\):\n {2}macro F1 {2}1\.000 .* by default/,
      ),
    });
    expect(tuned.stderr).toContain('sigbox: No significant gain on held-out images: the default is kept.\n');
    const calibrated = await sigbox(['calibrate', groundTruth, run, '--out', file, '--kind', 'platt', '--json']);
    expect(calibrated.status).toBe(0);
    expect(JSON.parse(calibrated.stdout).trials).toHaveLength(2);
    const written = JSON.parse(await readFile(file, 'utf8'));
    expect(written.options).toMatchObject({ scoreThreshold: expect.any(Number), iouThreshold: 0.5 });
    expect(written.made.map(({ by }: { by: string }) => by)).toEqual(['tune', 'calibrate']);
    const plain = await sigbox(['detect', 'samples/street.jpg', '--json', '--thresholds', file, '--score', '0.9']);
    expect(plain.status).toBe(0);
    for (const { score } of JSON.parse(plain.stdout).detections) expect(score).toBeGreaterThanOrEqual(0.9);
  });

  test('a run with calibrated scores is refused', async () => {
    const { groundTruth, folder, file } = await lesson();
    const calibration = { shared: { kind: 'temperature', temperature: 2 } };
    await writeFile(file, JSON.stringify({ format: 'sigbox-thresholds', version: 1, options: { calibration } }));
    const run = join(folder, 'calibrated');
    await sigbox(['annotate', 'samples', '--out', run, '--no-pictures', '--quiet', '--thresholds', file]);
    expect(await sigbox(['tune', groundTruth, run, '--out', file])).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(
        /calibrated: expected a run with the model’s own scores, received "calibrated ones"\. Record it without --thresholds\.\n$/,
      ),
    });
  });

  test('what was made for another model, or under a map: refused to be mixed, told where it is used', async () => {
    const { groundTruth, run, file } = await lesson();
    const made = [{ by: 'tune', model: 'other.onnx', sha256: '0'.repeat(64) }];
    const content = { format: 'sigbox-thresholds', version: 1, options: { scoreThreshold: 0.5 }, made };
    await writeFile(file, JSON.stringify(content));
    expect(await sigbox(['calibrate', groundTruth, run, '--out', file])).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(
        /expected a run of the model that the file is for, other\.onnx, .*Name another file/,
      ),
    });
    const detect = ['detect', 'samples/street.jpg', '--thresholds', file];
    expect(await sigbox(detect)).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^sigbox: thresholds .*made for another model, other\.onnx, than ssdlite[^\n]*\n$/),
    });
    await writeFile(file, JSON.stringify({ ...content, made: [{ by: 'tune', map: 'coco-to-voc' }] }));
    const told = expect.stringMatching(/: they were made with --map coco-to-voc\.\n$/);
    expect(await sigbox(detect)).toMatchObject({ status: 0, stderr: told });
    const mapped = await sigbox([...detect, '--map', 'coco-to-voc']);
    expect(mapped.status).toBe(0);
    expect(mapped.stderr).not.toContain('thresholds');
  });

  test('one list of a YOLO dataset', async () => {
    const { run, folder, file } = await lesson();
    await sigbox(['export', run, '--format', 'yolo', '--out', folder]);
    const yaml = await readFile(join(folder, 'yolo', 'data.yaml'), 'utf8');
    const data = join(folder, 'yolo', 'data.yaml');
    await writeFile(join(folder, 'yolo', 'one.txt'), './images/street.jpg\n./images/crossing.jpg\n');
    await writeFile(data, yaml.replace(/^val:.*$/m, 'val: one.txt'));
    const args = ['tune', data, run, '--out', file, '--images', 'samples', '--folds', '2', '--json'];
    const { stdout, stderr } = await sigbox([...args, '--split', 'val']);
    expect({ stderr, images: JSON.parse(stdout || '{}').images }).toMatchObject({ images: 2 });
  });

  test.each([
    [
      ['tune', 'truth.json'],
      /^sigbox: tune: expected a ground truth and the folder of a run, received "truth\.json"\. See sigbox tune --help\.\n$/,
    ],
    [
      ['tune', 'missing.json', 'nowhere', '--out', 'x.json'],
      /^sigbox: run: expected the folder of a run, received "nowhere"/,
    ],
    [['calibrate', 'a', 'b'], /out/],
  ])('%j', async (args, message) => {
    const { status, stderr } = await sigbox(args[2] === undefined ? [...args, '--out', 'x.json'] : args);
    expect(stderr).toMatch(message);
    expect(status).not.toBe(0);
  });
});

describe('--map', () => {
  test('renames, and adds parents behind', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'map.yaml');
    await writeFile(file, 'labels: {person: pedestrian}\nparents: {vehicle: [car, bus, truck]}\n');
    const { stdout } = await sigbox(['detect', 'samples/street.jpg', '--json', '--map', file]);
    const labels = JSON.parse(stdout).detections.map((each: { labels: { label: string }[] }) =>
      each.labels.map(({ label }) => label).join('+'),
    );
    expect(labels).toContain('car+vehicle');
    expect(labels).toContain('pedestrian');
    expect(labels).not.toContain('person');
  });

  test('export maps a run, calibrates it, and takes thresholds of a file', async () => {
    const { run, file, folder } = await lesson();
    const calibration = { shared: { kind: 'platt', slope: 1, intercept: 5 } };
    const options = { scoreThreshold: 0.9, calibration };
    await writeFile(file, JSON.stringify({ format: 'sigbox-thresholds', version: 1, options }));
    const map = join(folder, 'map.json');
    await writeFile(map, JSON.stringify({ labels: { car: 'vehicle', bus: 'vehicle' }, others: 'drop' }));
    const out = join(folder, 'out');
    const args = ['export', run, '--format', 'coco', '--out', out, '--map', map, '--thresholds', file];
    expect(await sigbox(args)).toMatchObject({ status: 0, stderr: '' });
    const { annotations, categories } = JSON.parse(await readFile(join(out, 'coco.json'), 'utf8'));
    expect(categories.map(({ name }: { name: string }) => name)).toEqual(['vehicle']);
    const recorded = JSON.parse(await readFile(join(run, 'coco.json'), 'utf8'));
    const names = new Map(recorded.categories.map(({ id, name }: { id: number; name: string }) => [id, name]));
    const vehicles = recorded.annotations.filter((each: { category_id: number }) =>
      /^(car|bus)$/.test(names.get(each.category_id) as string),
    );
    expect(annotations.length).toBeGreaterThanOrEqual(vehicles.length); // calibrated scores are all higher
    for (const { score } of annotations) expect(score).toBeGreaterThanOrEqual(0.9);
  });

  test('evaluate maps ground truth and results alike', async () => {
    const { run, groundTruth, folder } = await lesson();
    const map = join(folder, 'map.json');
    const parents = { vehicle: ['car', 'bus'], fruit: ['orange'] };
    await writeFile(map, JSON.stringify({ labels: { person: 'pedestrian' }, parents }));
    const { stdout, status } = await sigbox(['evaluate', groundTruth, run, '--json', '--map', map]);
    expect(status).toBe(0);
    const classes = new Map(JSON.parse(stdout).classes.map((each: { label: string }) => [each.label, each]));
    for (const label of ['pedestrian', 'vehicle', 'fruit']) expect(classes.get(label)).toMatchObject({ recall: 1 });
    expect(classes.has('person')).toBe(false);
    const wrong = await sigbox(['evaluate', groundTruth, run, '--map', 'coco-to-vocs']);
    expect(wrong).toMatchObject({ status: 64, stderr: expect.stringContaining('Did you mean "coco-to-voc"?') });
  });

  test('tune and calibrate learn of the labels that the map makes, for detect with the same map', async () => {
    const { run, groundTruth, folder, file } = await lesson();
    const map = join(folder, 'map.yaml');
    await writeFile(
      map,
      'labels: {person: pedestrian, car: vehicle, bus: vehicle}\nparents: {mover: [pedestrian, vehicle]}\n',
    );
    const tuned = await sigbox([
      'tune',
      groundTruth,
      run,
      '--out',
      file,
      '--folds',
      '3',
      '--min-examples',
      '2',
      '--map',
      map,
      '--json',
    ]);
    expect(tuned.status).toBe(0);
    const learnt = JSON.parse(tuned.stdout).labels.map(({ label }: { label: string }) => label);
    expect(learnt).toEqual(expect.arrayContaining(['pedestrian', 'vehicle', 'orange']));
    for (const gone of ['person', 'car', 'bus', 'mover']) expect(learnt).not.toContain(gone);
    const how = ['--kind', 'platt', '--scope', 'label', '--min-examples', '1', '--map', map, '--json'];
    const calibrated = await sigbox(['calibrate', groundTruth, run, '--out', file, ...how]);
    expect(calibrated.status).toBe(0);
    const { options, made } = JSON.parse(await readFile(file, 'utf8'));
    expect(made.map((each: { map: string }) => each.map)).toEqual([map, map]);
    const own = [...Object.keys(options.labelThresholds), ...Object.keys(options.calibration?.labels ?? {})];
    for (const label of own) expect(learnt).toContain(label);
    expect(await sigbox(['detect', 'samples/street.jpg', '--map', map, '--thresholds', file])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/mover/),
    });
    const wrong = await sigbox(['tune', groundTruth, run, '--out', file, '--map', 'coco-to-vocs']);
    expect(wrong).toMatchObject({ status: 64, stderr: expect.stringContaining('Did you mean "coco-to-voc"?') });
  });

  test('a ready map says what it leaves out', async () => {
    const { stderr, status } = await sigbox(['detect', 'samples/street.jpg', '--map', 'coco-to-bdd100k']);
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /^sigbox: map coco-to-bdd100k: it has no name for \d+ of 80 labels, which are left out: airplane, /,
    );
  });
});
