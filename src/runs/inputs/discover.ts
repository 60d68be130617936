import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { OptionsOf } from '../../check/option.js';
import { complain, reason } from '../../errors.js';
import { isPictureName } from '../../image/picture-endings.js';
import { RENDERED } from '../outputs/rendering.js';
import type { FileState } from '../record/record.js';
import { HEADER_FILE, holdsRun } from '../record/run-header.js';
import type { DISCOVER_OPTIONS } from '../run-options.js';

/** One image of a run. */
export interface InputImage {
  /** To open it by; begins with the input that it was found under. */
  path: string;
  /** Path below the folder that all inputs share, with forward slashes: what results call the image. */
  name: string;
  /** Of an object in a bucket: as it was listed. */
  file?: FileState;
}

/** Where to look for images, and for which. */
export interface DiscoverOptions extends OptionsOf<typeof DISCOVER_OPTIONS> {
  /**
   * Folders that are not entered unless they are inputs themselves; a pattern's pictures inside them, as inside what runs
   * have drawn, count only when it has no others. Default none
   */
  skip?: readonly string[];
}

/** What the inputs of a run hold. */
export interface Discovery {
  /** Absolute folder that the names are below. */
  root: string;
  /** In the order of their names (by UTF-16 code unit), each file once. */
  images: InputImage[];
  /** Files that are passed over: in the folders, no pictures by their name; anywhere, not of the files that were asked for. */
  otherFiles: number;
  /** Folders that can't be read. */
  unreadable: { path: string; reason: string }[];
}

/**
 * Finds the images that inputs stand for: a file is itself, whatever its name; a folder is every picture in it and below;
 * anything else is a glob pattern for pictures.
 *
 * Hidden files and folders are passed over, and what runs have drawn: it is no image of another run. An input itself is
 * not. Links are followed, each folder is visited once.
 *
 * @throws SigboxError E_ARGUMENT  a URL. E_IO  an input that does not exist, or a pattern that matches no picture
 */
export async function discover(inputs: readonly string[], options: DiscoverOptions = {}): Promise<Discovery> {
  const { root, walk } = await openInputs(inputs, options);
  const byName = new Map<string, InputImage>();
  const left = await walk((image) => {
    if (!byName.has(image.name)) byName.set(image.name, image);
  });
  const images = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { root, images, ...left };
}

/** Inputs whose images are found one by one, however many there are. */
export interface OpenInputs {
  /** Absolute folder that the names are below. */
  root: string;
  /**
   * Goes through all images. Those of one folder come in the order of their names; an image that several inputs stand for
   * comes several times.
   *
   * @param take  waited for before the next image
   * @returns what was passed over
   */
  walk(take: (image: InputImage) => void | Promise<void>): Promise<Pick<Discovery, 'otherFiles' | 'unreadable'>>;
}

/** As `discover`, for more images than fit into memory. */
export async function openInputs(inputs: readonly string[], options: DiscoverOptions = {}): Promise<OpenInputs> {
  const { listed = [], skip = [], recursive = true } = options;
  const { isPicture, isWanted } = fileChoice(options);
  const visited = new Set<string>();
  for (const folder of skip) visited.add(await real(folder));
  for (const input of inputs) visited.delete(await real(input));
  const skipped = [...visited];
  const roots: string[] = []; // absolute folders
  const places: ({ folder: string } | { files: readonly string[] })[] = [];
  for (const input of inputs) {
    const found = await stat(input).catch(() => null);
    if (found?.isDirectory()) {
      roots.push(resolve(input));
      places.push({ folder: input });
    } else {
      const files = found === null ? await matches(input, isPicture, skipped) : [input];
      roots.push(...files.map((file) => resolve(file, '..')));
      places.push({ files });
    }
  }
  for (const file of listed) {
    refuseUrl(file);
    roots.push(resolve(file, '..'));
  }
  places.push({ files: listed });
  const root = options.root === undefined ? sharedFolder(roots) : resolve(options.root);
  const nameBelow = namesBelow(root);
  return {
    root,
    async walk(take) {
      let unwanted = 0;
      const walk = new Walk({ isPicture, recursive, visited }, (path) => {
        const name = nameBelow(path);
        if (isWanted(name)) return take({ path, name });
        unwanted++;
      });
      for (const place of places) {
        if ('folder' in place) await walk.enter(place.folder);
        else for (const file of place.files) await walk.add(file);
      }
      return { otherFiles: walk.otherFiles + unwanted, unreadable: walk.unreadable };
    },
  };
}

/** The deepest folder that all folders are in, or are. */
function sharedFolder(folders: readonly string[]): string {
  const [first = ''] = folders;
  return (
    partsOf(first)
      .slice(0, sharedDepth(folders.map(partsOf)))
      .join(sep) || sep
  );
}

/** What images are called by their paths. @throws SigboxError E_ARGUMENT  one that is outside of the root */
function namesBelow(root: string): (path: string) => string {
  const inside = partsOf(root);
  return (path) => {
    const parts = resolve(path).split(sep);
    if (inside.some((part, i) => part !== parts[i])) {
      const expected = `images in the folder of the option root, ${root}`;
      throw complain('E_ARGUMENT', { where: 'annotate', expected, received: path });
    }
    return parts.slice(inside.length).join('/');
  };
}

/** Which files in folders are pictures by their names, and which of them are wanted. */
export function fileChoice(options: DiscoverOptions) {
  const { extensions } = options;
  return { isPicture: extensions === undefined ? isPictureName : endingIn(extensions), isWanted: wantedBy(options) };
}

function wantedBy({ includeFiles, excludeFiles = [] }: DiscoverOptions): (name: string) => boolean {
  const matchers = (patterns: readonly string[]) =>
    patterns.map((pattern) => picomatch(pattern, { basename: !pattern.includes('/'), dot: true }));
  const [included, excluded] = [includeFiles && matchers(includeFiles), matchers(excludeFiles)];
  return (name) =>
    (included === undefined || included.some((matches) => matches(name))) && !excluded.some((matches) => matches(name));
}

function endingIn(extensions: readonly string[]): (file: string) => boolean {
  const endings = extensions.map((ending) => ending.replace(/^\./, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`\\.(${endings.join('|')})$`, 'i');
  return (file) => pattern.test(file);
}

function refuseUrl(input: string): void {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(input)) return;
  const mend = 'Download it first: sigbox reads files only.';
  throw complain('E_ARGUMENT', { where: 'annotate', expected: 'a path', received: input, mend });
}

class Walk {
  readonly unreadable: Discovery['unreadable'] = [];
  otherFiles = 0;
  /** Gives a path as it was found. */
  readonly add: (path: string) => void | Promise<void>;
  readonly #isPicture: (file: string) => boolean;
  readonly #recursive: boolean;
  /** Real paths of folders. */
  readonly #visited: Set<string>;

  /** @param how.visited  folders that are not entered; changed */
  constructor(
    how: { isPicture: (file: string) => boolean; recursive: boolean; visited: Set<string> },
    add: (path: string) => void | Promise<void>,
  ) {
    this.#isPicture = how.isPicture;
    this.#recursive = how.recursive;
    this.#visited = how.visited;
    this.add = add;
  }

  async enter(folder: string): Promise<void> {
    const place = await real(folder);
    if (this.#visited.has(place)) return;
    this.#visited.add(place);
    let entries: Dirent[];
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch (cause) {
      this.unreadable.push({ path: folder, reason: reason(cause) });
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const isOfRun = entries.some(({ name }) => name === HEADER_FILE) && (await holdsRun(folder));
    for (const entry of entries) {
      if (entry.name.startsWith('.') || (isOfRun && RENDERED.includes(entry.name))) continue;
      const path = join(folder, entry.name);
      if (await isFolder(entry, path)) {
        if (this.#recursive) await this.enter(path);
      } else if (this.#isPicture(entry.name)) await this.add(path);
      else this.otherFiles++;
    }
  }
}

async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const target = await stat(path).catch(() => null); // a dangling link: its image fails when its turn comes
  return target?.isDirectory() ?? false;
}

async function matches(
  pattern: string,
  isPicture: (file: string) => boolean,
  skipped: readonly string[],
): Promise<string[]> {
  refuseUrl(pattern);
  const dynamic = isDynamicPattern(pattern);
  const posix = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  const files = dynamic ? await glob(posix, { onlyFiles: true, expandDirectories: false }) : [];
  const pictures = files.filter(isPicture);
  const outside = await outsideOf(skipped, pictures);
  const found = [await notRendered(outside), outside, pictures].find(({ length }) => length > 0);
  if (found !== undefined) return found;
  throw complain('E_IO', {
    where: 'annotate',
    expected: dynamic ? 'a pattern that matches pictures' : 'a file, a folder or a glob pattern',
    received: pattern,
    mend: dynamic ? `It matches ${files.length} other files.` : 'There is nothing of that name.',
  });
}

/** @param folders  real paths */
async function outsideOf(folders: readonly string[], files: string[]): Promise<string[]> {
  const places = await Promise.all(files.map((file) => real(resolve(file, '..'))));
  return files.filter((_, i) => !folders.some((folder) => (places[i]! + sep).startsWith(folder + sep)));
}

/** Those that are not below what a run has drawn. */
async function notRendered(files: string[]): Promise<string[]> {
  const runs = new Map<string, boolean>(); // by folder
  const kept: string[] = [];
  for (const file of files) {
    const parts = resolve(file).split(sep);
    let isRendered = false;
    for (const [i, part] of parts.entries()) {
      if (!RENDERED.includes(part)) continue;
      const folder = parts.slice(0, i).join(sep) || sep;
      const isOfRun = runs.get(folder) ?? (await holdsRun(folder));
      runs.set(folder, isOfRun);
      isRendered ||= isOfRun;
    }
    if (!isRendered) kept.push(file);
  }
  return kept;
}

async function real(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

/** Of an absolute folder; the root of a file system ends with the separator, no other does. */
function partsOf(folder: string): string[] {
  return (folder.endsWith(sep) ? folder.slice(0, -1) : folder).split(sep);
}

/** How many leading parts all paths share. */
function sharedDepth([first = [], ...others]: string[][]): number {
  let depth = 0;
  while (depth < first.length && others.every((parts) => parts[depth] === first[depth])) depth++;
  return depth;
}
