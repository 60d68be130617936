import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedImage } from '../../src/runs/queue/chunks/manifest.js';
import { resultLine } from '../../src/runs/record/record.js';
import { headerOf, recordOf, regionOf } from '../../test/runs/runs.js';
import { randomNumbers } from '../../test/support/random.js';
import { built } from './modules.js';

const FILE = { bytes: 12, modified: '2026-11-24T12:00:00.000Z' };

function* namesOf(images: number): Generator<PlannedImage> {
  for (let i = 0; i < images; i++) yield { name: `camera/2026/${String(i).padStart(9, '0')}.jpg`, file: FILE };
}

/** A store with the plan of made-up images. */
export async function makeStore(folder: string, images: number, chunk: number): Promise<{ chunks: number }> {
  const store = await built.store.openStore(folder);
  const all = (async function* () {
    yield* namesOf(images);
  })();
  const manifest = await built.plan.writeManifest(store, all, chunk);
  const plan = { id: '0123456789abcdef', ...manifest, otherFiles: 0, unreadable: [] };
  await writeFile(join(folder, 'plan.json'), built.manifest.planText(plan));
  await writeFile(join(folder, 'run.json'), JSON.stringify(headerOf()));
  return { chunks: built.manifest.chunkCount(plan) };
}

/** The same with the parts of all chunks: eight regions in each image. */
export async function makeResults(folder: string, images: number, chunk: number): Promise<{ chunks: number }> {
  const { chunks } = await makeStore(folder, images, chunk);
  const store = await built.store.openStore(folder);
  const random = randomNumbers(11);
  const names = namesOf(images);
  for (let part = 0; part < chunks; part++) {
    let text = '';
    for (let i = 0; i < Math.min(chunk, images - part * chunk); i++) {
      const regions = Array.from({ length: 8 }, (_, k) => {
        const [x, y] = [Math.fround(600 * random()), Math.fround(400 * random())];
        return regionOf([x, y, x + 30, y + 30], [1 + (k % 3), Math.fround(0.9 - 0.1 * k)]);
      });
      text += resultLine(recordOf(names.next().value!.name, ...regions));
    }
    await store.write(built.files.partKey(part), Buffer.from(text));
  }
  return { chunks };
}
