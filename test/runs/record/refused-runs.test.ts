import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AnnotateOptions } from '../../../src/runs/run-options.js';
import { built } from '../../support/built.js';
import { complaint } from '../../support/complaint.js';
import { filesOf } from '../../support/files-of.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { annotate, at, endOf, images, quick, recorded, useFolders } from '../folder-run.js';

useFolders();

describe('what is refused', () => {
  beforeEach(() => images({ 'a.jpg': 'street.jpg', 'sub/b.jpg': 'table.jpg' }));

  test.each<[string, Partial<AnnotateOptions>, RegExp]>([
    ['another option', { iouThreshold: 0.6 }, /options\.iouThreshold 0\.5 there, 0\.6 here/],
    ['other labels', { include: ['car'] }, /options\.include none there, \["car"\] here/],
    ['a score under the floor', { scoreThreshold: 0.01 }, /options\.floor 0\.05 there, 0\.01 here/],
    ['another spec', { spec: { input: { channels: 'bgr' } } }, /spec\.input \{.*there, \{.* here/],
    ['a part of the images', { shard: '1/2' }, /inputs\.shard null there, "1\/2" here/],
    ['to tell changes otherwise', { hash: true }, /inputs\.hash false there, true here/],
    ['several', { iouThreshold: 0.6, floor: 0.01 }, /iouThreshold .*; options\.floor/],
  ])('%s', async (_, options, message) => {
    await annotate();
    const before = await filesOf(at.out);
    await expect(annotate(options)).rejects.toThrow(complaint('E_ARGUMENT', message));
    expect(await filesOf(at.out)).toEqual(before);
  });

  test('another model', async () => {
    await annotate();
    const header = JSON.parse(await readFile(join(at.out, 'run.json'), 'utf8'));
    const model = { ...header.model, sha256: 'b'.repeat(64) };
    await writeFile(join(at.out, 'run.json'), JSON.stringify({ ...header, model }));
    const message = /received another: model\.sha256 "b{12}" there, "[0-9a-f]{12}" here\. /;
    await expect(annotate()).rejects.toThrow(complaint('E_ARGUMENT', message));
  });

  test('inputs that leave out images which are still there', async () => {
    await annotate();
    const message = /^inputs: expected all images of the run in this folder, received inputs without "sub\/b\.jpg"/;
    await expect(annotate({ recursive: false })).rejects.toThrow(complaint('E_ARGUMENT', message));
    expect(await recorded()).toHaveLength(2);
  });

  test('another folder, with other images of the same names', async () => {
    await annotate();
    at.input = await temporaryFolder();
    await images({ 'a.jpg': 'table.jpg', 'sub/b.jpg': 'table.jpg' });
    await expect(annotate()).rejects.toThrow(complaint('E_ARGUMENT', /inputs\.root ".*" there, ".*" here/));
  });

  test('a record without a header, until it may go', async () => {
    await mkdir(at.out);
    await writeFile(join(at.out, 'unfiltered.jsonl'), '{"image":"x.jpg"}\n');
    await expect(annotate()).rejects.toThrow(complaint('E_IO', /expected run\.json beside unfiltered\.jsonl/));
    expect(endOf(await annotate({ restart: true })).summary.images).toBe(2);
  });

  test('a header that is cut off, until it may go', async () => {
    await annotate();
    await writeFile(join(at.out, 'run.json'), '{"format":"sig');
    await expect(annotate()).rejects.toThrow(complaint('E_IO', /run\.json: cannot be read: .*--restart/));
    expect(endOf(await annotate({ restart: true })).summary.images).toBe(2);
  });

  test('a folder that another run writes to', async () => {
    const first = built.annotate(at.input, { ...quick, out: at.out });
    await first.next();
    await expect(annotate()).rejects.toThrow(complaint('E_IO', /run\.lock: .* held by process \d+/));
    await first.return(undefined);
    expect(endOf(await annotate()).complete).toBe(true);
  });
});
