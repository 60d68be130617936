import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach } from 'vitest';
import type { WorkOptions } from '../../../src/runs/queue/options/work-options.js';
import type { WorkEvent } from '../../../src/runs/queue/work.js';
import { built } from '../../support/built.js';
import { sample } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Folders of a planned run, new for every test of a file that calls `useStore`. */
export const at = { photos: '', store: '', out: '', single: '' };

export function useStore(): void {
  beforeEach(async () => {
    const folder = await temporaryFolder();
    for (const name of ['photos', 'store', 'out', 'single'] as const) at[name] = join(folder, name);
    await mkdir(at.photos);
  });
}

/** Copies one sample under names; those that end in `.txt.jpg` are no images. */
export async function photos(...names: string[]): Promise<void> {
  for (const name of names) {
    const path = join(at.photos, name);
    await mkdir(dirname(path), { recursive: true });
    if (name.endsWith('.txt.jpg')) await writeFile(path, 'no image');
    else await copyFile(sample('table.jpg'), path);
  }
}

/** In this process: starting a worker takes longer than the images. */
export async function worked(options: WorkOptions = {}, onEvent?: (event: WorkEvent) => void): Promise<WorkEvent[]> {
  const events: WorkEvent[] = [];
  for await (const event of built.work(at.store, { workers: 0, ...options })) {
    events.push(event);
    onEvent?.(event);
  }
  return events;
}

/** What `annotate` on one machine writes of the same photos. */
export async function annotated(options: object = {}): Promise<void> {
  const run = { out: at.single, pictures: false, workers: 0, ...options };
  for await (const _ of built.annotate(at.photos, run));
}

/** The files of a run that must not differ, as text. */
export async function recordIn(folder: string): Promise<Record<string, string>> {
  const files = ['unfiltered.jsonl', 'failures.jsonl', 'run.json', 'coco.json', 'coco-results.json'];
  const read = files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(read));
}
