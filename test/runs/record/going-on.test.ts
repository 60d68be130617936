import { appendFile, copyFile, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FormatName } from '../../../src/formats/format.js';
import { built } from '../../support/built.js';
import { complaint } from '../../support/complaint.js';
import { filesOf } from '../../support/files-of.js';
import { sample } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { annotate, at, endOf, images, quick, recorded, startOf, useFolders } from '../folder-run.js';

useFolders();

describe('going on', () => {
  beforeEach(() => images({ 'a.jpg': 'street.jpg', 'b.jpg': 'table.jpg', 'c.jpg': 'crossing.jpg' }));

  test('a run that was stopped does what is left, and gives the same files', async () => {
    await images({ 'd.jpg': 'street.jpg', 'e.jpg': 'street.jpg', 'f.jpg': 'street.jpg' });
    await annotate();
    const whole = await filesOf(at.out);
    await rm(at.out, { recursive: true });
    const controller = new AbortController();
    const stopped = await annotate({ signal: controller.signal }, ({ type }) => {
      if (type === 'image') controller.abort();
    });
    const { complete, summary } = endOf(stopped);
    expect([complete, summary.notBegun > 0, summary.images + summary.notBegun]).toEqual([false, true, 6]);
    expect(startOf(await annotate())).toMatchObject({ images: 6, todo: summary.notBegun });
    expect(await filesOf(at.out)).toEqual(whole);
  });

  test('a reader that leaves stops the run, and what was done stays', async () => {
    for await (const event of built.annotate(at.input, { ...quick, out: at.out })) if (event.type === 'image') break;
    expect(await recorded()).toHaveLength(1);
    expect(startOf(await annotate())).toMatchObject({ todo: 2 });
  });

  test('a run that is complete has nothing to do, and another threshold does not need the model', async () => {
    await annotate();
    const events = await annotate({ scoreThreshold: 0.6 });
    expect(events.map(({ type }) => type)).toEqual(['start', 'end']);
    const coco = JSON.parse(await readFile(join(at.out, 'coco-results.json'), 'utf8'));
    expect(Math.min(...coco.map(({ score }: { score: number }) => score))).toBeGreaterThanOrEqual(0.6);
  });

  test('pictures and crops follow the score, and their images; those that are missing are drawn', async () => {
    const drawn = { pictures: true, pictureSize: 64, crops: true };
    await annotate({ ...drawn, scoreThreshold: 0.3 });
    await rm(join(at.out, 'pictures', 'a.jpg'));
    const again = await annotate({ ...drawn, scoreThreshold: 0.3 });
    expect(again.flatMap((event) => (event.type === 'image' ? [[event.image, event.isNew]] : []))).toEqual([
      ['a.jpg', false],
    ]);
    await rm(join(at.input, 'c.jpg'));
    await annotate({ ...drawn, scoreThreshold: 0.6 });
    const changed = await filesOf(at.out);
    await rm(at.out, { recursive: true });
    await annotate({ ...drawn, scoreThreshold: 0.6 });
    expect(changed).toEqual(await filesOf(at.out));
    expect(Object.keys(changed)).toContain(join('crops', 'bus', 'a-3.jpg'));
  });

  test('images that changed, are gone, or are new', async () => {
    await annotate();
    await copyFile(sample('table.jpg'), join(at.input, 'a.jpg'));
    const later = new Date(Date.now() + 5_000);
    await utimes(join(at.input, 'b.jpg'), later, later);
    await rm(join(at.input, 'c.jpg'));
    await images({ 'd.jpg': 'crossing.jpg' });
    const events = await annotate();
    expect(startOf(events)).toMatchObject({ images: 3, todo: 3, changed: ['a.jpg', 'b.jpg'], removed: ['c.jpg'] });
    const resumed = await filesOf(at.out);
    await annotate({ restart: true });
    expect(resumed).toEqual(await filesOf(at.out));
  });

  test('content of the same size and time is noticed by its hash only', async () => {
    const file = join(at.input, 'a.jpg');
    const swap = async () => {
      const bytes = await readFile(file);
      bytes[bytes.length - 3]! ^= 1;
      await writeFile(file, bytes);
      await utimes(file, 1e9, 1e9); // a whole second: a fraction may be another one once it has been written
    };
    await swap();
    await annotate();
    await swap();
    expect(startOf(await annotate())).toMatchObject({ todo: 0, changed: [] });
    await annotate({ restart: true, hash: true });
    await swap();
    expect(startOf(await annotate({ hash: true }))).toMatchObject({ todo: 1, changed: ['a.jpg'] });
  });

  test('failures: told again; tried again when the file changes or damage is allowed', async () => {
    const bytes = await readFile(sample('street.jpg'));
    await writeFile(join(at.input, 'cut.jpg'), bytes.subarray(0, bytes.length / 2));
    await annotate();
    const again = await annotate();
    expect(startOf(again)).toMatchObject({ todo: 0, retried: [] });
    expect(endOf(again).summary.failures).toMatchObject([{ image: 'cut.jpg', code: 'E_IMAGE' }]);
    const lenient = await annotate({ lenient: true });
    expect(startOf(lenient)).toMatchObject({ todo: 1, retried: ['cut.jpg'] });
    expect(endOf(lenient).summary).toMatchObject({ images: 4, damaged: 1, failures: [] });
    expect(startOf(await annotate())).toMatchObject({ todo: 1, retried: ['cut.jpg'] });
    await copyFile(sample('street.jpg'), join(at.input, 'cut.jpg'));
    expect(endOf(await annotate()).summary).toMatchObject({ images: 4, failures: [] });
  });

  test.each([
    ['a file that could not be read', 'E_IO', 1],
    ['a worker that died', 'E_WORKER', 1],
    ['a file that is no image', 'E_IMAGE', 0],
  ])('%s is tried again, or not', async (_, code, retried) => {
    await annotate();
    const { image, file } = (await recorded())[0];
    const lines = (await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8')).split('\n').slice(1);
    await writeFile(join(at.out, 'unfiltered.jsonl'), lines.join('\n'));
    await appendFile(
      join(at.out, 'failures.jsonl'),
      `${JSON.stringify({ image, error: { code, message: 'x' }, file })}\n`,
    );
    expect(startOf(await annotate()).retried).toHaveLength(retried);
  });

  test.each([
    ['', {}],
    [', with pictures', { pictures: true, pictureSize: 64 }],
  ])('a record with spoilt lines is mended, and says so%s', async (_, options) => {
    await annotate(options);
    const whole = await filesOf(at.out);
    const text = await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8');
    await writeFile(join(at.out, 'unfiltered.jsonl'), text.replace('"width"', 'width').slice(0, -5));
    const events = await annotate(options);
    expect(startOf(events)).toMatchObject({ todo: 2 });
    const message = '1 lines of the record could not be read; their images are done again';
    expect(events).toContainEqual({ type: 'warning', message });
    expect(await filesOf(at.out)).toEqual(whole);
  });

  test('another version of what computes is told', async () => {
    await annotate();
    const header = JSON.parse(await readFile(join(at.out, 'run.json'), 'utf8'));
    await writeFile(
      join(at.out, 'run.json'),
      JSON.stringify({ ...header, versions: { ...header.versions, sharp: '0.1.0' } }),
    );
    const message = expect.stringMatching(/^the run was begun with other versions: sharp 0\.1\.0 → \d/);
    for (let i = 0; i < 2; i++) expect(await annotate()).toContainEqual({ type: 'warning', message });
  });
});

describe('exports of earlier formats', () => {
  beforeEach(() => images({ 'a.jpg': 'street.jpg', 'b.jpg': 'table.jpg' }));

  const several: FormatName[] = ['coco', 'cvat', 'label-studio', 'voc', 'yolo'];

  test('are made anew as well, with another score', async () => {
    await annotate({ formats: several });
    await annotate({ scoreThreshold: 0.6, formats: ['csv', 'yolo'] });
    const found = await filesOf(at.out);
    expect(JSON.parse(await readFile(join(at.out, 'run.json'), 'utf8')).exports.sort()).toEqual(
      [...several, 'csv'].sort(),
    );
    await rm(at.out, { recursive: true });
    await annotate({ scoreThreshold: 0.6, formats: [...several, 'csv'] });
    const anew = await filesOf(at.out);
    for (const name of ['coco.json', 'cvat.xml', 'annotations.csv', join('yolo', 'labels', 'a.txt')])
      expect(found[name]).toBe(anew[name]);
    expect(Object.keys(found).sort()).toEqual(Object.keys(anew).sort());
  });

  test('that are gone stay so', async () => {
    await annotate({ formats: ['coco', 'yolo'] });
    await rm(join(at.out, 'yolo'), { recursive: true });
    await annotate({ formats: ['csv'] });
    expect(await readdir(at.out)).toEqual(expect.arrayContaining(['annotations.csv', 'coco.json']));
    expect(await readdir(at.out)).not.toContain('yolo');
  });

  test('go where the run is begun anew, but for what was changed by hand', async () => {
    await annotate({ formats: several });
    const label = join(at.out, 'yolo', 'labels', 'a.txt');
    await writeFile(label, '0 0.5 0.5 0.1 0.1\n');
    await annotate({ restart: true, formats: ['csv'] });
    const there = await readdir(at.out);
    for (const name of ['coco.json', 'cvat.xml', 'label-studio.json', 'voc']) expect(there).not.toContain(name);
    expect(Object.keys(await filesOf(join(at.out, 'yolo')))).toEqual([join('labels', 'a.txt')]);
  });

  test('exported by hand are left alone, and told where they may not fit the results any more', async () => {
    const warnings = async (options: object) =>
      (await annotate(options)).flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    await annotate({ formats: ['csv'] });
    await writeFile(join(at.out, 'label-studio.json'), 'of a user');
    await built.exportAnnotations(await built.readRun(at.out), { formats: ['cvat', 'yolo'] });
    expect(await warnings({ formats: ['csv'] })).toEqual([]);
    const stale = `yolo,cvat in ${at.out} was exported from earlier results: sigbox export ${at.out} --format yolo,cvat`;
    expect(await warnings({ formats: ['csv'], scoreThreshold: 0.6 })).toEqual([`${stale} makes it again.`]);
    expect(await warnings({ formats: ['csv', 'cvat', 'yolo'], scoreThreshold: 0.7 })).toEqual([]);
  });

  test('what no run has made stays as it is', async () => {
    at.out = at.input;
    await writeFile(join(at.input, 'coco.json'), 'of another');
    await annotate({ formats: ['csv'] });
    await annotate({ formats: ['cvat'], restart: true });
    expect(await readdir(at.input)).not.toContain('annotations.csv');
    expect(await readFile(join(at.input, 'coco.json'), 'utf8')).toBe('of another');
  });
});

describe('what does not keep a run from being resumed', () => {
  beforeEach(() => images({ 'a.jpg': 'street.jpg', 'sub/b.jpg': 'table.jpg' }));

  test('a record from a lower score on than is asked for now: it keeps that', async () => {
    await annotate({ scoreThreshold: 0.01 });
    const low = await filesOf(at.out);
    expect(startOf(await annotate({ scoreThreshold: 0.2 }))).toMatchObject({ todo: 0 });
    const header = JSON.parse(await readFile(join(at.out, 'run.json'), 'utf8'));
    expect([header.options.scoreThreshold, header.thresholds.scoreThreshold]).toEqual([0.01, 0.2]);
    expect((await filesOf(at.out))['unfiltered.jsonl']).toBe(low['unfiltered.jsonl']);
    await images({ 'c.jpg': 'street.jpg' });
    expect(startOf(await annotate({ floor: 0.1, scoreThreshold: 0.5 }))).toMatchObject({ todo: 1 });
    const [a, c] = await recorded();
    expect(c.detections).toEqual(a.detections); // from 0.01 on as well
  });

  test('a folder of images that was moved', async () => {
    await annotate();
    const moved = join(await temporaryFolder(), 'elsewhere');
    await rename(at.input, moved);
    at.input = moved;
    expect(startOf(await annotate())).toMatchObject({ images: 2, todo: 0, changed: [], removed: [] });
    expect(JSON.parse(await readFile(join(at.out, 'run.json'), 'utf8')).inputs.root).toBe(moved);
  });

  test('inputs that share a deeper folder, with the root named', async () => {
    await annotate();
    const root = at.input;
    at.input = join(root, 'sub');
    const message = /inputs: expected all images of the run in this folder, received inputs without "a\.jpg"/;
    await expect(annotate({ root })).rejects.toThrow(complaint('E_ARGUMENT', message));
    expect(endOf(await annotate({ root, restart: true })).summary.images).toBe(1);
    expect((await recorded()).map(({ image }) => image)).toEqual(['sub/b.jpg']);
    await expect(annotate({ root: join(root, 'elsewhere') })).rejects.toThrow(
      complaint(
        'E_ARGUMENT',
        /annotate: expected images in the folder of the option root, .*elsewhere, received ".*b\.jpg"/,
      ),
    );
  });
});
