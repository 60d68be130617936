import { dirname, join } from 'node:path';
import pMap from 'p-map';
import { exists, isFolder, listFiles } from '../../files/read-file.js';
import { PICTURE_EXTENSIONS } from '../../image/picture-endings.js';
import type { ReadContext } from '../format.js';
import { malformed } from '../reading/malformed.js';
import { readTextFile } from '../reading/read-text.js';
import { darknetLayout } from './darknet-layout.js';
import { FILES_AT_ONCE, labelFileOf, linesOf, slashed, type YoloImage, type YoloLayout } from './paths.js';
import { yamlIn, yamlLayout } from './yaml-layout.js';

/**
 * Finds the images and labels of a dataset: from its data.yaml or obj.data, or in a folder with a list of class names whose
 * pictures are in `images/` or beside the labels.
 *
 * @param context.split   only this list of the dataset. Default: all
 * @param context.images  folder of the images, by the names that the dataset gives them; those that are not there are taken
 *                        where the dataset says
 */
export async function yoloLayout(path: string, context: ReadContext): Promise<YoloLayout> {
  const isYaml = /\.ya?ml$/i.test(path);
  const folder = (await isFolder(path)) ? path : dirname(path);
  const yaml = isYaml ? path : await yamlIn(folder);
  if (yaml !== null) return yamlLayout(yaml, context);
  const darknet = join(folder, 'obj.data');
  if (await exists(darknet)) return darknetLayout(darknet, context);
  return folderLayout(folder, context);
}

/** Lists of class names, one per line, as labelImg, Darknet and Roboflow keep them. */
export const NAME_LISTS = ['classes.txt', 'obj.names', '_darknet.labels', 'labels/classes.txt', 'labels.txt'];

async function folderLayout(folder: string, context: ReadContext): Promise<YoloLayout> {
  const labels = await namesBeside(folder, context);
  const pictures = context.images ?? ((await exists(join(folder, 'images'))) ? join(folder, 'images') : folder);
  const names = await listFiles(pictures, PICTURE_EXTENSIONS);
  const inLabels = await exists(join(folder, 'labels'));
  const images = names.map((name) => {
    const place = inLabels ? slashed(join(folder, 'images', name)) : slashed(join(folder, name));
    return { file: join(pictures, name), name, labelFile: labelFileOf(place) };
  });
  const unused = await unusedIn(inLabels ? join(folder, 'labels') : folder, images);
  return { labels, ...(await withUploads(images, unused)) };
}

async function unusedIn(folder: string, images: readonly YoloImage[]): Promise<string[]> {
  const used = new Set(images.map(({ labelFile }) => labelFile.toLowerCase()));
  const files = await listFiles(folder, ['.txt']);
  const lists = NAME_LISTS.map((name) => name.split('/').at(-1)!);
  return files
    .filter((name) => !lists.includes(name.split('/').at(-1)!))
    .map((name) => slashed(join(folder, name)))
    .filter((file) => !used.has(file.toLowerCase()));
}

/**
 * Label Studio names label files after its own names of images: with eight digits before those that were uploaded, and as
 * `?d=NAME` those of local folders. An image without a label file gets the only one that is called so.
 */
async function withUploads(images: readonly YoloImage[], unused: readonly string[]) {
  const byStem = new Map<string, string | null>();
  for (const file of unused) {
    const [, stem] = /\/(?:\?d=|[0-9a-f]{8}-)(?:.*%2F)?([^/]+)\.txt$/i.exec(file) ?? [];
    if (stem !== undefined) byStem.set(decoded(stem), byStem.has(decoded(stem)) ? null : file);
  }
  const taken = new Set<string>();
  const find = async (image: YoloImage) => {
    const file = byStem.get(stemOf(image.name));
    if (file === undefined || file === null || (await exists(image.labelFile))) return image;
    taken.add(file);
    return { ...image, labelFile: file };
  };
  const found = byStem.size === 0 ? [...images] : await pMap(images, find, { concurrency: FILES_AT_ONCE });
  return { images: found, unused: unused.filter((file) => !taken.has(file)) };
}

async function namesBeside(folder: string, context: ReadContext): Promise<string[]> {
  const there = await listFiles(folder, ['.txt', '.names', '.labels']);
  for (const list of NAME_LISTS) {
    const name = there.find((file) => file.toLowerCase() === list);
    if (name !== undefined) return linesOf(await readTextFile(join(folder, name), context));
  }
  const expected = 'a data.yaml, or a classes.txt with the names of the classes';
  throw malformed(folder, expected, 'neither', 'YOLO’s files know labels by number only.');
}

function stemOf(name: string): string {
  return name
    .split('/')
    .at(-1)!
    .replace(/(?<=.)\.[^.]*$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign of its own
  }
}
