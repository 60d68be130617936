import type { FileFacts } from '../image/image-facts.js';
import { type Finding, type FindingPlace, finding } from './finding.js';

/** An image of one of the splits. */
export interface SplitImage extends FileFacts {
  split: string;
  name: string;
}

/** Hashes with up to this many different bits are of the same picture. */
const MAX_BITS = 4;
/** Equal pieces of two hashes that differ in up to MAX_BITS bits: one more than that. */
const PIECES = 5;

/** Pictures that are there twice: in two splits, where they leak from training into evaluation, or in one. */
export function checkCopies(images: readonly SplitImage[]): Finding[] {
  const [leaks, copies]: [FindingPlace[], FindingPlace[]] = [[], []];
  for (const [a, b, exact] of pairsOf(images)) {
    const place = {
      image: b.name,
      note: `${exact ? 'the same bytes as' : 'looks like'} ${a.split === b.split ? a.name : `${a.name} in ${a.split}`}`,
    };
    if (a.split === b.split) copies.push(place);
    else leaks.push({ ...place, note: `${b.split}: ${place.note}` });
  }
  return [
    ...finding(
      'leaked-image',
      'error',
      {
        what: 'images are in two splits',
        mend: 'Keep each picture in one split: a model is not tested by what it was trained on.',
      },
      leaks,
    ),
    ...finding('duplicate-image', 'warning', { what: 'images are there twice', mend: 'Keep one of each.' }, copies),
  ];
}

/** Each image with the first that it is a copy of. */
function pairsOf(images: readonly SplitImage[]): [SplitImage, SplitImage, exact: boolean][] {
  const byBytes = new Map<string, SplitImage>();
  const byPiece = new Map<string, SplitImage[]>();
  const pairs: [SplitImage, SplitImage, boolean][] = [];
  for (const image of images) {
    const same = byBytes.get(image.sha256);
    const pieces = image.hash === null ? [] : piecesOf(image.hash);
    const alike =
      same === undefined
        ? pieces.flatMap((piece) => byPiece.get(piece) ?? []).find((other) => isAlike(image, other))
        : undefined;
    if (same !== undefined) pairs.push([same, image, true]);
    else if (alike !== undefined) pairs.push([alike, image, false]);
    if (same === undefined) byBytes.set(image.sha256, image);
    for (const piece of pieces) byPiece.set(piece, [...(byPiece.get(piece) ?? []), image]);
  }
  return pairs;
}

function isAlike(a: SplitImage, b: SplitImage): boolean {
  let bits = 0;
  for (let rest = a.hash! ^ b.hash!; rest > 0n; rest &= rest - 1n) bits++;
  return bits <= MAX_BITS;
}

/** Two hashes with up to MAX_BITS different bits have a piece in common. */
function piecesOf(hash: bigint): string[] {
  const width = Math.ceil(64 / PIECES);
  const mask = (1n << BigInt(width)) - 1n;
  return Array.from({ length: PIECES }, (_, i) => `${i} ${(hash >> BigInt(i * width)) & mask}`);
}
