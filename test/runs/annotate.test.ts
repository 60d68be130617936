import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnnotateEvent } from '../../src/runs/annotate.js';
import { appendCorrection, REVIEW_FILE, readCorrections } from '../../src/runs/record/corrections.js';
import type { AnnotateOptions } from '../../src/runs/run-options.js';
import { built } from '../support/built.js';
import { complaint } from '../support/complaint.js';
import { annotate, at, endOf, images, recorded, startOf, useFolders } from './folder-run.js';

useFolders();

describe('runs in the folder of their images', () => {
  const drawn = { pictures: true, pictureSize: 64, crops: true };
  const imagesOf = (events: AnnotateEvent[]) => [startOf(events).images, startOf(events).todo];

  test('do not take what another has drawn for images', async () => {
    await images({ 'a.jpg': 'table.jpg' });
    const [one, two] = ['a1', 'a2'].map((name) => join(at.input, name));
    expect(imagesOf(await annotate({ ...drawn, out: one }))).toEqual([1, 1]);
    expect(imagesOf(await annotate({ ...drawn, out: two, iouThreshold: 0.6 }))).toEqual([1, 1]);
    expect(imagesOf(await annotate({ ...drawn, out: one }))).toEqual([1, 0]);
  });

  test('may be written there', async () => {
    await images({ 'a.jpg': 'table.jpg' });
    const beside = { ...drawn, out: at.input };
    expect(imagesOf(await annotate(beside))).toEqual([1, 1]);
    expect(imagesOf(await annotate(beside))).toEqual([1, 0]);
    expect(imagesOf(await annotate({ ...drawn, out: join(at.input, 'ann') }))).toEqual([1, 1]);
    expect(imagesOf(await annotate(beside))).toEqual([1, 0]);
  });
});

describe('a run', () => {
  test('tells what happens, and writes it', async () => {
    await images({ 'street.jpg': 'street.jpg', 'sub/table.jpg': 'table.jpg' });
    await writeFile(join(at.input, 'bad.png'), 'no picture');
    const events = await annotate();
    expect(events.map(({ type }) => type)).toEqual(['start', 'image', 'image', 'image', 'end']);
    expect(events[0]).toEqual({
      type: 'start',
      out: at.out,
      images: 3,
      todo: 3,
      changed: [],
      removed: [],
      retried: [],
    });
    const outcomes = new Map(events.flatMap((event) => (event.type === 'image' ? [[event.image, event]] : [])));
    const street = outcomes.get('street.jpg')!;
    const scores = street.result!.detections.flatMap(({ labels }) => labels.map(({ score }) => score));
    expect([street.error, street.isNew, Math.min(...scores) >= 0.35]).toEqual([null, true, true]);
    expect(outcomes.get('bad.png')).toMatchObject({ result: null, error: { code: 'E_IMAGE' } });
    expect(endOf(events)).toMatchObject({
      complete: true,
      summary: {
        ...{ images: 2, empty: 0, notBegun: 0, done: 3 },
        failures: [{ image: 'bad.png', code: 'E_IMAGE', message: expect.stringMatching(/^decode: expected an image/) }],
      },
    });
    expect((await recorded()).map(({ image }) => image)).toEqual(['street.jpg', 'sub/table.jpg']);
    expect(await readFile(join(at.out, 'summary.txt'), 'utf8')).toMatch(
      /^2 images annotated, 1 failed: .*\nbad\.png: decode/s,
    );
    expect(await readdir(at.out)).not.toContain('run.lock');
  });

  test('that is made again keeps what people corrected', async () => {
    await images({ 'table.jpg': 'table.jpg' });
    await annotate();
    const file = join(at.out, REVIEW_FILE);
    const kept = { image: 'table.jpg', width: 640, height: 480, reviewed: true, edited: true, regions: [] };
    await appendCorrection(at.out, kept);
    const before = await readFile(file);
    await annotate();
    await annotate({ scoreThreshold: 0.6 });
    await images({ 'street.jpg': 'street.jpg', 'table.jpg': 'crossing.jpg' });
    expect(startOf(await annotate())).toMatchObject({ images: 2, todo: 2 });
    await annotate({ restart: true });
    expect(await readFile(file)).toEqual(before);
    expect(await readCorrections(at.out)).toEqual(new Map([[kept.image, kept]]));
  });

  test('what is detected with a higher score is what is recorded, over that score', async () => {
    await images({ 'street.jpg': 'street.jpg', 'table.jpg': 'table.jpg' });
    await annotate({ floor: 0.01, scoreThreshold: 0.3 });
    const coco = JSON.parse(await readFile(join(at.out, 'coco-results.json'), 'utf8'));
    await using detector = await built.createDetector({ workers: 0, scoreThreshold: 0.3 });
    const found = [];
    for (const name of ['street.jpg', 'table.jpg']) found.push(await detector.detect(join(at.input, name)));
    const scores = found.flatMap(({ detections }) => detections.flatMap(({ labels }) => labels.map((l) => l.score)));
    expect(coco.map(({ score }: { score: number }) => Math.fround(score))).toEqual(scores);
  });

  test('lowers the floor to the lowest score asked for', async () => {
    await images({ 'table.jpg': 'table.jpg' });
    await annotate({ scoreThreshold: 0.5, labelThresholds: { cup: 0.02 } });
    const { options, thresholds } = JSON.parse(await readFile(join(at.out, 'run.json'), 'utf8'));
    expect(options.scoreThreshold).toBe(0.02);
    expect(thresholds).toEqual({ scoreThreshold: 0.5, labelThresholds: { cup: 0.02 } });
  });

  test.each<[string, Partial<AnnotateOptions>]>([
    ['boxes that are fused', { suppression: 'wbf' }],
    ['thresholds of rivals', { scope: 'all', labelThresholds: { cup: 0.6 } }],
  ])('%s: only what the score asks for is recorded, as it is detected', async (_, options) => {
    await images({ 'table.jpg': 'table.jpg' });
    await annotate({ scoreThreshold: 0.3, ...options });
    await using detector = await built.createDetector({ workers: 0, scoreThreshold: 0.3, ...options });
    const { detections } = await detector.detect(join(at.input, 'table.jpg'));
    const shape = (found: typeof detections) => found.map(({ box, labels }) => [box.map(Math.fround), labels.length]);
    expect(shape((await recorded())[0].detections)).toEqual(shape(detections));
    const floored = annotate({ ...options, floor: 0.1 });
    await expect(floored).rejects.toThrow(complaint('E_ARGUMENT', /expected no floor with .*, received 0\.1/));
  });

  test('a part of the images, and the other part', async () => {
    await images(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.jpg`, 'street.jpg'])));
    const parts = [1, 2].map((part) => ({ out: `${at.out}${part}`, shard: `${part}/2` }));
    const found = [];
    for (const part of parts) found.push(...(await namesDone(part)));
    expect(found.sort()).toEqual(Array.from({ length: 8 }, (_, i) => `${i}.jpg`));
  });

  test('COCO ids of a dataset', async () => {
    await images({ 'a/street.jpg': 'street.jpg', 'b/table.jpg': 'table.jpg' });
    const dataset = join(at.input, 'instances.json');
    const known = [
      { id: 7, file_name: 'a/street.jpg' },
      { id: 99, file_name: 'table.jpg' },
    ];
    await writeFile(dataset, JSON.stringify({ images: known, categories: [] }));
    await annotate({ imageIds: dataset });
    const coco = JSON.parse(await readFile(join(at.out, 'coco.json'), 'utf8'));
    expect(coco.images.map(({ id }: { id: number }) => id)).toEqual([7, 99]);
    await writeFile(dataset, JSON.stringify({ images: known.slice(1), categories: [] }));
    const lacking = /instances\.json: expected a number for every image, received "none for a\/street\.jpg"/;
    await expect(annotate({ imageIds: dataset })).rejects.toThrow(complaint('E_ARGUMENT', lacking));
    await writeFile(dataset, '[]');
    await expect(annotate({ imageIds: dataset })).rejects.toThrow(complaint('E_IO', /instances\.json: expected/));
  });

  test('COCO ids by file name, which two folders have: refused', async () => {
    await images({ 'train/1.jpg': 'street.jpg', 'val/1.jpg': 'table.jpg' });
    const dataset = join(at.input, 'instances.json');
    await writeFile(dataset, JSON.stringify({ images: [{ id: 7, file_name: '1.jpg' }], categories: [] }));
    const both = /none for train\/1\.jpg".* has one 1\.jpg, which may be train\/1\.jpg or val\/1\.jpg\.$/s;
    await expect(annotate({ imageIds: dataset })).rejects.toThrow(complaint('E_ARGUMENT', both));
    await expect(stat(at.out)).rejects.toThrow('ENOENT');
    await rm(join(at.input, 'train'), { recursive: true });
    await annotate({ imageIds: dataset });
    const coco = JSON.parse(await readFile(join(at.out, 'coco.json'), 'utf8'));
    expect(coco.images).toMatchObject([{ id: 7, file_name: 'val/1.jpg' }]);
  });

  test.each([
    ['no folder', { out: '' }, /options\.out to be the path of a folder, received ""/],
    ['a floor in percent', { floor: 5 }, /options\.floor to be a number from 0 to 1, received 5/],
    ['a part of none', { shard: '0/8' }, /^shard: expected a part of parts, as 3\/8, or auto, received "0\/8"/],
    ['a part beyond the last', { shard: '9/8' }, /^shard: .*received "9\/8"/],
    ['no size', { pictureSize: 0 }, /options\.pictureSize to be a positive integer, received 0/],
    ['an option that there is not', { folder: 'x' } as never, /expected one of the options .*received "folder"/],
    ['a label that there is not', { labelThresholds: { lorry: 0.5 } }, /no label "lorry"/],
  ])('%s', async (_, options, message) => {
    await images({ 'street.jpg': 'street.jpg' });
    await expect(annotate(options)).rejects.toThrow(complaint('E_ARGUMENT', message));
    await expect(stat(at.out)).rejects.toThrow('ENOENT');
  });
});

async function namesDone(options: Partial<AnnotateOptions>): Promise<string[]> {
  return (await annotate(options)).flatMap((event) => (event.type === 'image' ? [event.image] : []));
}
