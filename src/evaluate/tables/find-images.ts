import { complain } from '../../errors.js';
import { type GroundTruthImage, remark } from './ground-truth-set.js';

/** For each image of the results its number in the ground truth; −1: not there. */
export interface FoundImages {
  numbers: number[];
  warnings: string[];
}

/**
 * Finds the images of results in the ground truth by name: the whole name, else as many of its last parts as both sides
 * share, else the same without the extension (label files have nothing else), else without the eight digits that Label Studio
 * puts before the name of an upload. Shorter names count only where they are unique on both sides. Letters with accents are
 * the same however they are stored.
 *
 * @throws SigboxError E_ARGUMENT  no image is found, or results without names
 */
export function findImages(names: readonly (string | null)[], images: readonly GroundTruthImage[]): FoundImages {
  const known = names.map((name, i) => {
    if (name !== null) return name;
    throw complain('E_ARGUMENT', { where: `results: ${i}`, expected: 'the name of its image', received: 'none' });
  });
  const numbers = numbersByName(known, images);
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

type Shorten = (name: string) => string;

/** Names are shortened step by step, until every image is found or nothing is left to leave out. */
function numbersByName(names: readonly string[], images: readonly GroundTruthImage[]): number[] {
  const exact = exactly(names, images);
  if (!exact.includes(-1)) return exact;
  const numbers = exact;
  for (const shorten of shortenings(names)) {
    const find = finder(names, images, shorten);
    for (const [i, name] of names.entries()) if (numbers[i]! < 0) numbers[i] = find(name);
    if (!numbers.includes(-1)) break;
  }
  return numbers;
}

function exactly(names: readonly string[], images: readonly GroundTruthImage[]): number[] {
  const numbers = new Map(images.map(({ name }, number) => [name, number]));
  const counts = countEach(images.map(({ name }) => name ?? ''));
  return names.map((name) => (counts.get(name) === 1 ? numbers.get(name)! : -1));
}

function* shortenings(names: readonly string[]): Generator<Shorten> {
  yield whole;
  const depth = names.reduce((most, name) => Math.max(most, whole(name).split('/').length), 1);
  for (const change of [
    (name: string) => name,
    withoutExtension,
    (name: string) => withoutExtension(withoutUpload(name)),
  ]) {
    for (let parts = depth; parts >= 1; parts--) yield (name) => change(whole(name)).split('/').slice(-parts).join('/');
  }
}

function finder(names: readonly string[], images: readonly GroundTruthImage[], shorten: Shorten) {
  const counts = countEach(names.map(shorten));
  const shortened = images.map(({ name }) => (name === null ? null : shorten(name)));
  const known = countEach(shortened.filter((name) => name !== null));
  const numbers = new Map(shortened.map((name, number) => [name, number]));
  return (name: string): number => {
    const short = shorten(name);
    const isUnique = known.get(short) === 1 && (shorten === whole || counts.get(short) === 1);
    return isUnique ? numbers.get(short)! : -1;
  };
}

function countEach(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function whole(name: string): string {
  return name
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .normalize('NFC');
}

function withoutExtension(name: string): string {
  return name.replace(/(?<=[^/])\.[^./]*$/, '');
}

function withoutUpload(name: string): string {
  return name.replace(/(^|\/)[0-9a-f]{8}-(?=[^/]+$)/, '$1');
}

function noneFound(names: readonly string[], images: readonly GroundTruthImage[]) {
  const some = (list: readonly (string | number | null)[]) =>
    `${list.slice(0, 2).join(', ')}${list.length > 2 ? ` and ${list.length - 2} more` : ''}`;
  return complain('E_ARGUMENT', {
    where: 'results',
    expected: `images of the ground truth: ${some(images.map(({ name, id }) => name ?? id))}`,
    received: some(names),
    mend: 'No name is on both sides: are these results of other images?',
  });
}
