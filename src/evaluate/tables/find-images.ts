import { complain } from '../../errors.js';
import { type GroundTruthImage, remark } from './ground-truth-set.js';

/** For each image of the results its number in the ground truth; −1: not there. */
export interface FoundImages {
  numbers: number[];
  warnings: string[];
}

/**
 * Finds the images of results in the ground truth by name: the whole name, else the file name if it is unique on both sides,
 * else the file name without extension (label files have nothing else).
 *
 * @throws SigboxError E_ARGUMENT  no image is found, or results without names
 */
export function findImages(names: readonly (string | null)[], images: readonly GroundTruthImage[]): FoundImages {
  const known = names.map((name, i) => {
    if (name !== null) return name;
    throw complain('E_ARGUMENT', { where: `results: ${i}`, expected: 'the name of its image', received: 'none' });
  });
  const found = [whole, fileName, stem].map((shorten) => finder(known, images, shorten));
  const numbers = known.map((name) => found.map((find) => find(name)).find((number) => number >= 0) ?? -1);
  const strangers = known.filter((_, i) => numbers[i]! < 0);
  if (known.length > 0 && strangers.length === known.length) throw noneFound(known, images);
  const bare = known.length === 0 ? 0 : images.length - new Set(numbers.filter((number) => number >= 0)).size;
  const sample = strangers.length > 3 ? `${strangers.slice(0, 3).join(', ')}, …` : strangers.join(', ');
  const warnings = [
    ...remark(
      strangers.length,
      'image of the results is',
      'images of the results are',
      `not in the ground truth: skipped (${sample})`,
    ),
    ...remark(
      bare,
      'image of the ground truth has',
      'images of the ground truth have',
      'no results: its objects count as false negatives',
    ),
  ];
  return { numbers, warnings };
}

function finder(names: readonly string[], images: readonly GroundTruthImage[], shorten: (name: string) => string) {
  const given = countEach(names.map(shorten));
  const shortened = images.map(({ name }) => (name === null ? null : shorten(name)));
  const counts = countEach(shortened.filter((name) => name !== null));
  const numbers = new Map(shortened.map((name, number) => [name, number]));
  return (name: string): number => {
    const short = shorten(name);
    const alone = counts.get(short) === 1 && (shorten === whole || given.get(short) === 1);
    return alone ? numbers.get(short)! : -1;
  };
}

function countEach(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function whole(name: string): string {
  return name.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
}

function fileName(name: string): string {
  return whole(name).split('/').at(-1)!;
}

function stem(name: string): string {
  return fileName(name).replace(/(?<=.)\.[^.]*$/, '');
}

function noneFound(names: readonly string[], images: readonly GroundTruthImage[]) {
  const { name, id } = images[0]!;
  const expected = `images of the ground truth, like ${name ?? id}`;
  return complain('E_ARGUMENT', {
    where: 'results',
    expected,
    received: `none: ${names[0]} and ${names.length - 1} more`,
  });
}
