/**
 * Ids for a folder's images: the number in the name where all names are different plain numbers, as COCO's are
 * (000000000139.jpg is 139), else 1, 2, 3 in the order of the names given.
 *
 * @returns [images]
 */
export function cocoImageIds(images: readonly string[]): number[] {
  const stems = images.map((image) => /(?:^|\/)(\d{1,15})\.[^./]+$/.exec(image)?.[1]);
  const numbers = stems.map((stem) => (stem === undefined ? Number.NaN : Number(stem)));
  const numbered = !numbers.some(Number.isNaN) && new Set(numbers).size === images.length;
  return numbered ? numbers : images.map((_, i) => i + 1);
}
