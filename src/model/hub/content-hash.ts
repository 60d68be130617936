import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** A hash that adds up content piece by piece. */
export interface ContentHash {
  update(piece: Uint8Array): void;
  digest(): string;
}

/**
 * The hash that an etag of the hub is: SHA-256 for 64 digits, Git's SHA-1 of a blob for 40.
 *
 * @param bytes  length of the content, which Git puts before it
 */
export function contentHash(etag: string, bytes: number): ContentHash {
  const hash = createHash(etag.length === 64 ? 'sha256' : 'sha1');
  if (etag.length === 40) hash.update(`blob ${bytes}\0`);
  return { update: (piece) => void hash.update(piece), digest: () => hash.digest('hex') };
}

/** Whether a file's content is that of the etag. @throws the file system's own error */
export async function hasContent(file: string, etag: string): Promise<boolean> {
  const hash = contentHash(etag, (await stat(file)).size);
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest() === etag;
}
