import { basename, dirname, join } from 'node:path';
import { exists } from '../../files/read-file.js';
import type { ReadContext } from '../format.js';
import { malformed } from '../reading/malformed.js';
import { readTextFile } from '../reading/read-text.js';
import { findYoloImages, linesOf, placeInExport, slashed, type YoloLayout } from './paths.js';

/** What Darknet calls its lists. */
const LISTS: Record<string, string> = { train: 'train', valid: 'val', val: 'val', test: 'test' };

/**
 * The dataset of an `obj.data`, as Darknet has it and CVAT exports it ("YOLO 1.1"), with or without the images: labels lie
 * where the images are listed, below `obj_train_data/`.
 */
export async function darknetLayout(file: string, context: ReadContext): Promise<YoloLayout> {
  const folder = dirname(file);
  const fields = new Map<string, string>();
  for (const line of linesOf(await readTextFile(file, context))) {
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== '') fields.set(key, value!);
  }
  const names = await listAt(folder, fields.get('names') ?? 'obj.names', context);
  if (names === null) throw malformed(file, 'a list of class names', fields.get('names') ?? 'none');
  const lists = [...fields].filter(([key]) => key in LISTS && (context.split ?? LISTS[key]) === LISTS[key]);
  const lines: string[] = [];
  for (const [, list] of lists) lines.push(...((await listAt(folder, list, context)) ?? []));
  const listed = [];
  for (const line of new Set(lines.filter((text) => text.trim() !== ''))) {
    const place = await placeInExport(folder, line);
    listed.push({
      file: place,
      name: slashed(line)
        .replace(/^.*?\bobj_\w+_data\//, '')
        .replace(/^(data|\.)\//, ''),
    });
  }
  const files = await findYoloImages(listed, context.images);
  const images = listed.map(({ file, name }, i) => ({ file: files[i]!, name, labelFile: labelBeside(file) }));
  return { labels: names, images, unused: [] };
}

async function listAt(folder: string, list: string, context: ReadContext): Promise<string[] | null> {
  for (const place of [join(folder, list), join(folder, withoutData(list)), join(folder, basename(list))]) {
    if (await exists(place)) return linesOf(await readTextFile(place, context));
  }
  return null;
}

function withoutData(path: string): string {
  return path.replace(/^(\.\/)?data\//, '');
}

function labelBeside(image: string): string {
  return `${image.replace(/(?<=[^/\\])\.[^./\\]*$/, '')}.txt`;
}
