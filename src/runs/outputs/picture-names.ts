import { isWritable } from '../../render/encode.js';

/**
 * The file names of drawn pictures: the image's own where the format can be written, `.png` behind it for graphics and
 * `.jpg` behind it for the rest. Names that some file systems take for the same (a.jpg and A.JPG) get a number.
 *
 * @param images  names with forward slashes, all different
 * @returns name of the picture by name of the image
 */
export function pictureNames(images: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const image of images) {
    const wanted = withWritableExtension(image);
    names.set(
      image,
      free(taken, wanted, (n) => wanted.replace(/(\.[^./]+)$/, `-${n}$1`)),
    );
  }
  return names;
}

/** What file systems may take the name of an image's picture for: two with the same key need numbers. */
export function pictureKey(image: string): string {
  return folded(withWritableExtension(image));
}

/**
 * Folders named after labels: characters that a file system may refuse stand as %XX of their UTF-8 bytes. Labels that
 * some file systems take for the same get a number.
 *
 * @returns name of the folder by label
 */
export function labelFolders(labels: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    [...new Set(labels)].map((label) => {
      const wanted = label.replace(/[^\p{L}\p{M}\p{N} ._-]|^[ .]|[ .]$/gu, percent) || '%';
      return [label, free(taken, wanted, (n) => `${wanted}-${n}`)];
    }),
  );
}

function percent(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function free(taken: Set<string>, wanted: string, numbered: (n: number) => string): string {
  let name = wanted;
  for (let n = 2; taken.has(folded(name)); n++) name = numbered(n);
  taken.add(folded(name));
  return name;
}

function withWritableExtension(image: string): string {
  if (isWritable(image)) return image;
  return image + (/\.(svgz?|apng)$/i.test(image) ? '.png' : '.jpg');
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
