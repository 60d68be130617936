import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import pMap from 'p-map';
import { parse } from 'yaml';
import { complain, reason, SigboxError } from '../../errors.js';
import { exists, isFolder, listFiles } from '../../files/read-file.js';
import { isPictureName, PICTURE_EXTENSIONS } from '../../image/picture-endings.js';
import { requireLabelBounds } from '../../labels/label-bounds.js';
import type { ReadContext } from '../format.js';
import { malformed } from '../reading/malformed.js';
import { readTextFile } from '../reading/read-text.js';
import {
  FILES_AT_ONCE,
  findYoloImages,
  labelFileOf,
  placeInExport,
  sharedFolder,
  slashed,
  type YoloLayout,
} from './paths.js';

const SPLITS = ['train', 'val', 'valid', 'test'];

/** The file that Ultralytics' programs are given: data.yaml, else the only one in the folder. */
export async function yamlIn(folder: string): Promise<string | null> {
  const files = await listFiles(folder, ['.yaml', '.yml'], false);
  const name = files.find((file) => /^(data|dataset)\.ya?ml$/i.test(file)) ?? (files.length === 1 ? files[0]! : null);
  return name === null ? null : join(folder, name);
}

/**
 * The dataset of a data.yaml.
 *
 * @throws SigboxError E_IO  no names, no lists, or one that is not there
 */
export async function yamlLayout(yaml: string, context: ReadContext): Promise<YoloLayout> {
  const { split, images } = context;
  const data = parseYaml(await readTextFile(yaml, context), yaml);
  const labels = namesOf(data, yaml);
  const base = await baseFolder(data, dirname(yaml));
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
    for (const [file, root] of await imagesAt(String(place), base, { yaml, context }))
      if (!found.has(file)) found.set(file, root);
  }
  const root = sharedFolder([...new Set(found.values())]);
  const listed = [...found.keys()].map((file) => ({ file, name: slashed(relative(root, file)) }));
  const files = await findYoloImages(listed, images);
  return {
    labels,
    images: listed.map(({ file, name }, i) => ({ file: files[i]!, name, labelFile: labelFileOf(slashed(file)) })),
    ...keyPointsOf(data, yaml),
    unused: [],
  };
}

/** Of `kpt_shape`, so many key points of two numbers each, or three with their visibility. */
function keyPointsOf({ kpt_shape: shape }: Record<string, unknown>, file: string): { keyPoints?: number } {
  if (shape === undefined || shape === null) return {};
  const [points, each] = Array.isArray(shape) ? (shape as unknown[]) : [];
  if (Number.isInteger(points) && (each === 2 || each === 3)) return { keyPoints: (points as number) * each };
  throw malformed(`${file}: kpt_shape`, 'a number of key points, and 2 or 3', JSON.stringify(shape));
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
    requireLabelBounds([[Number(id), String(name)]], `${file}: names`, { code: 'E_IO' });
    labels[Number(id)] = String(name);
  }
  if (labels.length === 0) throw malformed(`${file}: names`, 'names of classes', names);
  return Array.from(labels, (label, id) => label ?? String(id)); // numbers that are left out keep their place
}

/** `path` of a data.yaml, as long as it is there; else the folder of the file. */
async function baseFolder({ path }: Record<string, unknown>, folder: string): Promise<string> {
  const base = typeof path === 'string' ? resolve(folder, path) : resolve(folder);
  return (await exists(base)) ? base : resolve(folder);
}

/** The images of one entry of a data.yaml, each with the folder that its name is below. */
async function imagesAt(
  entry: string,
  base: string,
  { yaml, context }: { yaml: string; context: ReadContext },
): Promise<[file: string, root: string][]> {
  const place = await entryPath(entry, base);
  if (place === null) {
    const mend = `It is looked for below ${base}.`;
    throw complain('E_IO', { where: yaml, expected: 'folders or lists of images', received: entry, mend });
  }
  if (isPictureName(place)) return [[place, rootOf(place, base)]];
  if (await isFolder(place)) {
    return (await listFiles(place, PICTURE_EXTENSIONS)).map((name) => [join(place, name), place]);
  }
  const lines = (await readTextFile(place, context)).split(/\r?\n/).filter((line) => line.trim() !== '');
  const files = await pMap(lines, (line) => placeInExport(dirname(place), line), { concurrency: FILES_AT_ONCE });
  return files.map((file) => [file, rootOf(file, base)]);
}

/** Exports are at home with `../train/images` where they mean `train/images`: that is understood, as Ultralytics does. */
async function entryPath(entry: string, base: string): Promise<string | null> {
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
