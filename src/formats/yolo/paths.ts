import { join, resolve, sep } from 'node:path';
import pMap from 'p-map';
import { exists } from '../../files/read-file.js';

/** Looking for files waits for the disk, not for the processor. */
export const FILES_AT_ONCE = 16;

/** An image of a YOLO dataset. */
export interface YoloImage {
  /** Where it is, or would be. */
  file: string;
  /** Path below the folder of images. */
  name: string;
  labelFile: string;
}

export interface YoloLayout {
  /** By class number. */
  labels: string[];
  images: YoloImage[];
  /** How many numbers of key points stand behind each box; undefined: not said */
  keyPoints?: number;
  /** Label files of a folder that belong to no image. */
  unused: string[];
}

/**
 * The file of labels that belongs to an image: the last `images` folder of the path becomes `labels`, the extension
 * `.txt`.
 *
 * Source: ultralytics.data.utils.img2label_paths
 */
export function labelFileOf(image: string): string {
  const cut = image.lastIndexOf('/images/');
  const path = cut < 0 ? image : `${image.slice(0, cut)}/labels/${image.slice(cut + '/images/'.length)}`;
  const dot = path.lastIndexOf('.');
  return `${dot < 0 ? path : path.slice(0, dot)}.txt`;
}

/** Lines without their ends; those that are empty at the end are none. */
export function linesOf(text: string): string[] {
  return text.trimEnd().split(/\r?\n/);
}

/** An image as a dataset lists it. */
export interface ListedImage {
  /** Where the dataset has it. */
  file: string;
  name: string;
}

/**
 * Where images are: below a folder under their names, or under the last parts of these, else where the dataset says. One
 * file is never taken for two images.
 */
export async function findYoloImages(listed: readonly ListedImage[], images: string | undefined): Promise<string[]> {
  if (images === undefined) return listed.map(({ file }) => file);
  const find = async ({ file, name }: ListedImage) => {
    const parts = name.split('/');
    const places = [...parts.map((_, from) => join(images, ...parts.slice(from))), file];
    for (const place of places) if (await exists(place)) return place;
    return places[0]!;
  };
  const found = await pMap(listed, find, { concurrency: FILES_AT_ONCE });
  const counts = new Map<string, number>();
  for (const file of found) counts.set(file, (counts.get(file) ?? 0) + 1);
  return found.map((file, i) => (counts.get(file) === 1 ? file : join(images, listed[i]!.name)));
}

/** Lists of exports begin with `data/`, which is the folder of the export itself. */
export async function placeInExport(folder: string, line: string): Promise<string> {
  const [place, inside] = [resolve(folder, line), resolve(folder, line.replace(/^(\.\/)?data\//, ''))];
  if (place === inside) return place;
  const known = [labelFileOf(slashed(place)), place];
  for (const file of known) if (await exists(file)) return place;
  return inside;
}

/** The folder that all are below. */
export function sharedFolder(folders: readonly string[]): string {
  const [first = [], ...others] = folders.map((folder) => folder.split(sep));
  let depth = 0;
  while (depth < first.length && others.every((parts) => parts[depth] === first[depth])) depth++;
  return first.slice(0, depth).join(sep) || sep;
}

export function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
