import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import pMap from 'p-map';
import { parse } from 'yaml';
import { complain, reason, SigboxError } from '../../errors.js';
import { exists, isFolder, listFiles, readText } from '../../files/read-file.js';
import { malformed } from '../check.js';

/** Pictures by name, as YOLO's loaders take them. Source: ultralytics.data.utils.IMG_FORMATS */
const PICTURES = [
  'avif',
  'bmp',
  'dng',
  'heic',
  'heif',
  'jp2',
  'jpeg',
  'jpeg2000',
  'jpg',
  'mpo',
  'png',
  'tif',
  'tiff',
  'webp',
];
const PICTURE_EXTENSIONS = PICTURES.map((extension) => `.${extension}`);
/** Looking for files waits for the disk, not for the processor. */
const FILES_AT_ONCE = 16;
const SPLITS = ['train', 'val', 'valid', 'test'];

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

/**
 * Finds the images and labels of a dataset: from its data.yaml, or in a folder with `classes.txt` or `obj.names` whose
 * pictures are in `images/` or beside the labels.
 *
 * @param options.split   only this list of data.yaml. Default: all
 * @param options.images  folder of the images, by the names that the dataset gives them; those that are not there are taken
 *                        where the dataset says
 */
export async function yoloLayout(
  path: string,
  options: { split?: string | undefined; images?: string | undefined },
): Promise<YoloLayout> {
  const folder = (await isFolder(path)) ? path : dirname(path);
  const yaml = folder === path ? await yamlIn(folder) : path;
  if (yaml !== null) return fromYaml(yaml, options);
  const labels = await namesBeside(folder);
  const pictures = options.images ?? ((await exists(join(folder, 'images'))) ? join(folder, 'images') : folder);
  const names = await listFiles(pictures, PICTURE_EXTENSIONS);
  const inLabels = await exists(join(folder, 'labels'));
  return {
    labels,
    images: names.map((name) => {
      const file = join(pictures, name);
      const place = inLabels ? posixJoin(folder, 'images', name) : posixJoin(folder, name);
      return { file, name, labelFile: labelFileOf(place) };
    }),
  };
}

/** The file that Ultralytics' programs are given: data.yaml, else the only one in the folder. */
export async function yamlIn(folder: string): Promise<string | null> {
  const files = await listFiles(folder, ['.yaml', '.yml'], false);
  const name = files.find((file) => /^(data|dataset)\.ya?ml$/i.test(file)) ?? (files.length === 1 ? files[0]! : null);
  return name === null ? null : join(folder, name);
}

async function fromYaml(
  yaml: string,
  { split, images }: { split?: string | undefined; images?: string | undefined },
): Promise<YoloLayout> {
  const data = parseYaml(await readText(yaml), yaml);
  const labels = namesOf(data, yaml);
  const base = await baseOf(data, dirname(yaml));
  const splits = SPLITS.filter((name) => data[name] !== undefined && data[name] !== null && data[name] !== '');
  const wanted = split === undefined ? splits : splits.filter((name) => name === split);
  if (wanted.length === 0) {
    throw malformed(
      yaml,
      split === undefined ? 'one of train, val and test' : `a list ${split}`,
      splits.join(', ') || 'none',
    );
  }
  const found = new Map<string, string>(); // file → the folder that its name is below
  for (const place of wanted.flatMap((name) => data[name] as string | string[])) {
    for (const [file, root] of await imagesAt(String(place), base, yaml)) if (!found.has(file)) found.set(file, root);
  }
  const root = sharedFolder([...new Set(found.values())]);
  const imageOf = async (listed: string): Promise<YoloImage> => {
    const name = slashed(relative(root, listed));
    const elsewhere = images === undefined ? listed : join(images, name);
    const file = elsewhere !== listed && !(await exists(elsewhere)) && (await exists(listed)) ? listed : elsewhere;
    return { file, name, labelFile: labelFileOf(slashed(listed)) };
  };
  return { labels, images: await pMap(found.keys(), imageOf, { concurrency: FILES_AT_ONCE }) };
}

function parseYaml(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    throw new SigboxError('E_IO', `${file}: is not YAML: ${reason(cause)}.`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformed(file, 'names and lists of images', value);
}

function namesOf({ names }: Record<string, unknown>, file: string): string[] {
  const entries = typeof names === 'object' && names !== null ? Object.entries(names) : [];
  const labels: string[] = [];
  for (const [id, name] of entries) {
    if (!/^\d+$/.test(id)) throw malformed(`${file}: names`, 'class numbers', id);
    labels[Number(id)] = String(name);
  }
  if (labels.length === 0) throw malformed(`${file}: names`, 'names of classes', names);
  return Array.from(labels, (label, id) => label ?? String(id)); // numbers that are left out keep their place
}

/** `path` of a data.yaml, as long as it is there; else the folder of the file. */
async function baseOf({ path }: Record<string, unknown>, folder: string): Promise<string> {
  const base = typeof path === 'string' ? resolve(folder, path) : resolve(folder);
  return (await exists(base)) ? base : resolve(folder);
}

/** The images of one entry of a data.yaml, each with the folder that its name is below. */
async function imagesAt(entry: string, base: string, yaml: string): Promise<[file: string, root: string][]> {
  const place = await placeOf(entry, base);
  if (place === null) {
    const mend = `It is looked for below ${base}.`;
    throw complain('E_IO', { where: yaml, expected: 'folders or lists of images', received: entry, mend });
  }
  if (await isFolder(place)) {
    return (await listFiles(place, PICTURE_EXTENSIONS)).map((name) => [join(place, name), place]);
  }
  const lines = (await readText(place)).split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const file = line.startsWith('./') || !isAbsolute(line) ? resolve(dirname(place), line) : line;
    return [file, rootOf(file, base)];
  });
}

/** Exports are at home with `../train/images` where they mean `train/images`: that is understood, as Ultralytics does. */
async function placeOf(entry: string, base: string): Promise<string | null> {
  const places = [resolve(base, entry), ...(entry.startsWith('../') ? [resolve(base, entry.slice(3))] : [])];
  for (const place of places) if (await exists(place)) return place;
  return null;
}

/** Of an image on a list: the first `images` folder below the dataset's, else the dataset's, else its own. */
function rootOf(file: string, base: string): string {
  const below = relative(base, file);
  if (below.startsWith('..') || isAbsolute(below)) return dirname(file);
  const parts = below.split(sep).slice(0, -1);
  return join(base, ...parts.slice(0, parts.indexOf('images') + 1));
}

function sharedFolder(folders: readonly string[]): string {
  const [first = [], ...others] = folders.map((folder) => folder.split(sep));
  let depth = 0;
  while (depth < first.length && others.every((parts) => parts[depth] === first[depth])) depth++;
  return first.slice(0, depth).join(sep) || sep;
}

/** A name per line, as labelImg and Darknet keep them. */
async function namesBeside(folder: string): Promise<string[]> {
  for (const name of ['classes.txt', 'obj.names', 'labels/classes.txt']) {
    const file = join(folder, name);
    if (await exists(file)) return (await readText(file)).trimEnd().split(/\r?\n/);
  }
  const expected = 'a data.yaml, or a classes.txt with the names of the classes';
  throw malformed(folder, expected, 'neither', 'YOLO’s files know labels by number only.');
}

function posixJoin(...parts: string[]): string {
  return slashed(join(...parts));
}

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
