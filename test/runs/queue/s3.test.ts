import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/files/store/open-store.js';
import { built } from '../../support/built.js';
import { filesOf } from '../../support/files-of.js';
import { sample, sigbox } from '../../support/run.js';
import { startS3, withS3 } from '../../support/s3.js';
import { annotated, at, photos, recordIn, useStore } from './queue-run.js';

withS3('images and store in buckets', () => {
  useStore();

  const INPUT = 's3://bucket/photos';
  const STORE = 's3://bucket/runs/one';
  const NAMES = ['a.jpg', 'b/ü 1.jpg', 'b/c.jpg', 'no.txt.jpg'];

  async function upload(): Promise<void> {
    const input = await openStore(INPUT);
    const picture = await readFile(sample('table.jpg'));
    for (const name of NAMES) await input.write(name, name === 'no.txt.jpg' ? Buffer.from('no image') : picture);
    await input.write('notes.txt', Buffer.from('x'));
  }

  /** Lines without the state of their files, which differs between a disk and a bucket. */
  async function lines(folder: string, file: string) {
    const text = await readFile(join(folder, file), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => ({ ...JSON.parse(line), file: undefined }));
  }

  test('a run from a bucket, through a bucket, is what annotate writes of the same files', async () => {
    const env = await startS3();
    await upload();
    const plan = await sigbox(['plan', INPUT, '--out', STORE, '--chunk', '2', '--pictures'], { env });
    expect(plan).toMatchObject({ status: 0, stderr: '' });
    expect(plan.stdout).toMatch(/^4 images in 2 chunks, 1 other file passed over: s3:\/\/bucket\/runs\/one\n/);
    const work = await sigbox(['work', STORE, '--workers', '1', '--json'], { env });
    expect(work).toMatchObject({ status: 0, stderr: '' });
    expect(await sigbox(['status', STORE], { env })).toMatchObject({
      status: 0,
      stdout: '4 of 4 images (100 %), chunks: 2 of 2 done\n',
    });
    const collect = await sigbox(['collect', STORE, '--out', at.out], { env });
    expect(collect.status).toBe(3); // one image failed
    await photos(...NAMES);
    await annotated();
    for (const file of ['unfiltered.jsonl', 'failures.jsonl']) {
      expect(await lines(at.out, file)).toEqual(await lines(at.single, file));
    }
    const coco = (folder: string) => readFile(join(folder, 'coco.json'), 'utf8');
    expect(await coco(at.out)).toBe(await coco(at.single));
    const [first] = (await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(first!).file).toMatchObject({ etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
    const store = await openStore(STORE);
    const into = await sigbox(['collect', STORE, '--format', 'coco,yolo'], { env });
    expect(into.stdout).toMatch(/^3 images annotated, .*: s3:\/\/bucket\/runs\/one\/collected\n/);
    const there = Buffer.from((await store.read('collected/unfiltered.jsonl')).bytes).toString();
    expect(there).toBe(await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8'));
    expect(await store.find('collected/yolo/labels/b/c.txt')).not.toBeNull();
    expect(await store.find('pictures/b/c.jpg')).not.toBeNull();
    const told = [plan, work, collect].map(({ stdout, stderr }) => stdout + stderr).join('');
    const written = ['run.json', 'plan.json'].map(async (key) => Buffer.from((await store.read(key)).bytes).toString());
    expect(told + (await Promise.all(written)).join('')).not.toMatch(/topsecret|someone/);
  });

  test('annotate reads a bucket as well: the same bytes, resumed, and drawn', async () => {
    const env = await startS3();
    await upload();
    const annotate = (...more: string[]) =>
      sigbox(['annotate', INPUT, '--out', at.single, '--workers', '1', ...more], { env });
    expect((await annotate('--no-pictures', '--quiet')).status).toBe(3);
    await built.planRun(INPUT, { out: at.store });
    for await (const _ of built.work(at.store, { workers: 1 }));
    await built.collect(at.store, { out: at.out });
    expect(await recordIn(at.out)).toEqual(await recordIn(at.single));
    const input = await openStore(INPUT);
    await input.write('b/c.jpg', await readFile(sample('street.jpg')));
    await input.remove('a.jpg');
    const events = (await annotate('--json')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'start', images: 3, todo: 1, changed: ['b/c.jpg'], removed: ['a.jpg'] });
    const drawn = (await filesOf(join(at.single, 'pictures'))) as object;
    expect(Object.keys(drawn)).toEqual(['b/c.jpg', 'b/ü 1.jpg']);
  });

  test('an object that was replaced after it was planned fails by name', async () => {
    await startS3();
    await upload();
    await built.planRun(INPUT, { out: at.store });
    await (await openStore(INPUT)).write('a.jpg', Buffer.from('another'));
    for await (const _ of built.work(at.store, { workers: 1 }));
    const { summary } = await built.collect(at.store, { out: at.out });
    expect(summary.failures).toContainEqual({
      image: 'a.jpg',
      code: 'E_IO',
      message: 'it changed since the run was planned',
    });
  });
});
