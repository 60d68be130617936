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
    let name = wanted;
    for (let n = 2; taken.has(folded(name)); n++) name = wanted.replace(/(\.[^./]+)$/, `-${n}$1`);
    taken.add(folded(name));
    names.set(image, name);
  }
  return names;
}

function withWritableExtension(image: string): string {
  if (/\.(jpe?g|png|webp)$/i.test(image)) return image;
  return image + (/\.(gif|svgz?|apng)$/i.test(image) ? '.png' : '.jpg');
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
