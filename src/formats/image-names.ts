import type { AnnotatedImage } from '../types/annotations.js';
import type { Remarks } from './reading/remarks.js';

/** Why an image can't be held where boxes are fractions of it. */
export const sizeUnknown = 'its size isn’t known';

/**
 * Where the file that belongs to an image goes: its own path with another extension.
 *
 * @param extension  with its point
 */
export function besideImage(image: string, extension: string): string {
  return image.replace(/(?<=[^/])\.[^./]*$/, '') + extension;
}

/**
 * Makes paths below one folder of the names that files have: of URLs, of absolute paths, of paths that begin with `..`, of
 * Windows paths. What is such a path already is left as it is.
 *
 * @param images  their names are changed
 */
export function tidyNames(images: readonly AnnotatedImage[], remarks: Remarks): void {
  const isWindows = windowsNames(images.map(({ image }) => image));
  const names = images.map(({ image }) => image);
  const paths = names.map((name) => partsOf(isWindows(name) ? name.replaceAll('\\', '/') : name));
  const short = shortened(paths);
  for (const [i, image] of images.entries()) {
    if (short[i] === names[i]) continue;
    const kind = isWindows(names[i]!) ? 'windows-name' : 'outside-name';
    if (!paths[i]!.isUrl) remarks.add(kind, `${names[i]} is now ${short[i]}`);
    image.image = short[i]!;
  }
  const known = new Set<string>();
  for (const { image } of images) {
    if (known.has(image)) remarks.add('same-name', image);
    known.add(image);
  }
}

interface NamePath {
  parts: string[];
  /**
   * Where the parts begin, if not in the folder of images: a drive, a share, the root, a folder above, a host. Of such paths
   * as many parts are taken as are needed. Null: all parts are the name
   */
  root: string | null;
  isUrl: boolean;
}

/** Drives and shares are Windows' in any case; else backslashes are, where no name has a slash, and each looks like a path. */
function windowsNames(names: readonly string[]): (name: string) => boolean {
  const isAbsolute = (name: string) => /^([a-z]:\\|\\\\)/i.test(name);
  const others = names.filter((name) => name.includes('\\') && !isAbsolute(name));
  const looksLikePath = (name: string) => /^(\.{1,2}\\)*([^\\\s]([^\\]*[^\\\s])?\\)*[^\\\s][^\\]*\.\w{2,5}$/.test(name);
  const slashes = names.some((name) => name.includes('/') && !/^([a-z]:)?\/|^[a-z][a-z0-9+.-]*:\/\//i.test(name));
  const all = !slashes && others.every(looksLikePath);
  return (name) => isAbsolute(name) || (all && name.includes('\\'));
}

function partsOf(name: string): NamePath {
  const [, local] = /\/data\/local-files\/?\?(?:.*&)?d=([^&]*)/s.exec(name) ?? [];
  if (local !== undefined) return { root: null, parts: [decoded(local)], isUrl: true };
  const [, upload] = /^(?:https?:\/\/[^/]*)?\/data\/upload\/(?:\d+\/)?([^?#]*)/s.exec(name) ?? [];
  // Label Studio puts eight digits before the name of a file that is uploaded.
  if (upload !== undefined)
    return { ...split(decoded(upload).replace(/^[0-9a-f]{8}-(?=.)/, ''), 'upload'), isUrl: true };
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]+):\/\/(.*)$/is.exec(name) ?? [];
  if (scheme !== undefined) {
    const path = /^(https?|file)$/i.test(scheme) ? decoded(rest!.replace(/[?#].*$/s, '')) : rest!;
    return { ...split(path, 'url'), isUrl: true };
  }
  const [outside] = /^([a-z]:)?\/+|^(\.\.\/)+/i.exec(name) ?? [];
  if (outside !== undefined) return { ...split(name.slice(outside.length), outside.replace(/\/+$/, '')), isUrl: false };
  return { root: null, parts: [name.replace(/^(\.\/)+(?=.)/, '')], isUrl: false };
}

function split(path: string, root: string) {
  return { root, parts: path.split('/').filter((part) => !['', '.', '..'].includes(part)) };
}

/**
 * Names below the folder that all paths of one root share, and the last parts of URLs: more of them where they are needed to
 * tell them apart.
 */
function shortened(paths: readonly NamePath[]): string[] {
  const byRoot = new Map<string, string[][]>();
  for (const { root, parts, isUrl } of paths) {
    if (root === null || isUrl) continue;
    if (byRoot.has(root)) byRoot.get(root)!.push(parts);
    else byRoot.set(root, [parts]);
  }
  const shared = new Map([...byRoot].map(([root, all]) => [root, sharedDepth(all)]));
  const lengths = paths.map(({ root, parts, isUrl }) =>
    isUrl || root === null ? 1 : parts.length - shared.get(root)!,
  );
  const names = () => paths.map(({ parts }, i) => parts.slice(-lengths[i]!).join('/'));
  for (;;) {
    const counts = new Map<string, number>();
    const now = names();
    for (const name of now) counts.set(name, (counts.get(name) ?? 0) + 1);
    let longer = false;
    for (const [i, { root, parts }] of paths.entries()) {
      if (root === null || counts.get(now[i]!) === 1 || lengths[i]! >= parts.length) continue;
      lengths[i]!++;
      longer = true;
    }
    if (!longer) return now;
  }
}

/** How many folders, from the first on, all paths share. */
function sharedDepth(paths: readonly string[][]): number {
  const [first = [], ...others] = paths;
  let depth = 0;
  while (depth < first.length - 1 && others.every((parts) => parts.length > depth + 1 && parts[depth] === first[depth]))
    depth++;
  return depth;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign of its own
  }
}
