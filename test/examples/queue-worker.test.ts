import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { annotated, at, photos, recordIn, useStore } from '../runs/queue/queue-run.js';
import { startRedis, withRedis } from '../support/redis.js';
import { root, run } from '../support/run.js';

withRedis('examples/queue-worker', () => {
  useStore();

  test('two processes of the application do the whole run', async () => {
    const { url } = await startRedis();
    await photos(...Array.from({ length: 12 }, (_, i) => `${i}.jpg`), 'no.txt.jpg');
    const file = join(root, 'coverage', 'queue-worker.mjs'); // inside the package, which may import itself by name
    await mkdir(join(root, 'coverage'), { recursive: true });
    await copyFile(join(root, 'examples', 'queue-worker', 'index.mjs'), file);
    const first = await run(process.execPath, [file, at.photos, at.store, url]);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^planned 13 images in 1 chunks\nchunk 0: 13 images, 1 failures\n12 images collected in /,
    );
    const second = await run(process.execPath, [file, at.photos, at.store, url]);
    expect(second).toEqual({ status: 0, stdout: '', stderr: '' }); // there is nothing left to do
    await annotated();
    expect(await recordIn(`${at.store}-collected`)).toEqual(await recordIn(at.single));
  });
});
