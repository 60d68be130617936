import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach } from 'vitest';
import type { AnnotateEvent } from '../../src/runs/annotate.js';
import type { AnnotateOptions } from '../../src/runs/run-options.js';
import { built } from '../support/built.js';
import { sample } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** In process, without pictures: starting a worker takes longer than the samples. */
export const quick = { workers: 0, pictures: false };

/** Folders of the images and of the run, new for every test of a file that calls `useFolders`. */
export const at = { input: '', out: '' };

export function useFolders(): void {
  beforeEach(async () => {
    at.input = await temporaryFolder();
    at.out = join(await temporaryFolder(), 'out');
  });
}

/** Copies samples into the folder of the images, each under a name. */
export async function images(copies: Record<string, string>): Promise<void> {
  for (const [name, of] of Object.entries(copies)) {
    await mkdir(dirname(join(at.input, name)), { recursive: true });
    await copyFile(sample(of), join(at.input, name));
  }
}

/** @returns all that happens in a run */
export async function annotate(
  options: Partial<AnnotateOptions> = {},
  onEvent?: (event: AnnotateEvent) => void,
): Promise<AnnotateEvent[]> {
  const events: AnnotateEvent[] = [];
  for await (const event of built.annotate(at.input, { ...quick, out: at.out, ...options })) {
    events.push(event);
    onEvent?.(event);
  }
  return events;
}

export function startOf(events: AnnotateEvent[]) {
  return events.find((event) => event.type === 'start')!;
}

export function endOf(events: AnnotateEvent[]) {
  return events.find((event) => event.type === 'end')!;
}

/** The lines of unfiltered.jsonl. */
export async function recorded() {
  const text = await readFile(join(at.out, 'unfiltered.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
