import { createHash } from 'node:crypto';
import { complain } from '../../errors.js';

/** One of so many parts of a run's images. */
export interface Shard {
  /** From 1 to `of`. */
  part: number;
  of: number;
}

/** @throws SigboxError E_ARGUMENT  anything but `3/8`, third of eight parts */
export function parseShard(text: string): Shard {
  const [, part, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (part !== undefined && of !== undefined && part >= 1 && part <= of) return { part, of };
  throw complain('E_ARGUMENT', { where: 'shard', expected: 'a part of parts, as 3/8', received: text });
}

/** Which parts of how many are not among those given, for people; null when none is missing, or none is a part. */
export function missingShards(shards: readonly (string | null)[]): string | null {
  const parts = shards.filter((shard) => shard !== null).map(parseShard);
  if (parts.length === 0 || parts.length < shards.length) return null;
  const counts = [...new Set(parts.map(({ of }) => of))];
  if (counts.length > 1) return `the parts are of different divisions: into ${counts.join(' and ')}`;
  const there = new Set(parts.map(({ part }) => part));
  const missing = Array.from({ length: counts[0]! }, (_, i) => i + 1).filter((part) => !there.has(part));
  return missing.length === 0 ? null : `of ${counts[0]} parts these are missing: ${missing.join(', ')}`;
}

/**
 * Whether an image belongs to a shard: told by its name alone, so that it stays there whatever else is in the folder.
 * Parts are equal but for chance: of 10,000 images in 8 parts each has 1,250 ± 33 (one standard deviation).
 */
export function isInShard(name: string, { part, of }: Shard): boolean {
  const hash = createHash('sha256').update(name.normalize('NFC')).digest();
  return hash.readUIntBE(0, 6) % of === part - 1;
}
