import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { reason, SigboxError } from '../../errors.js';
import { AppendFile } from '../../files/append-file.js';
import { openToRead } from '../../files/open-file.js';
import { readExactly } from '../../files/read-file.js';
import { writeWhole } from '../../files/write-whole.js';
import { BLOCK_HEAD, blockBody, blockName, CANDIDATES_MAGIC, nameBlock } from '../../postprocess/candidates/codec.js';
import type { LinePlace } from './entries.js';

/** What the model saw in each image of a run: docs/candidates.md describes the format. */
export const CANDIDATES_FILE = 'candidates.bin';

/**
 * The blocks of candidates.bin while a run is written. An image's block is written before its line in unfiltered.jsonl, so that
 * an image with a line has one; what was cut off is taken away when the file is opened again.
 *
 * Every method throws SigboxError E_IO where the file can't be read or written.
 */
export class CandidatesFile {
  readonly #path: string;
  /** By image, in the order of the file. */
  #places = new Map<string, LinePlace>();
  #file: AppendFile | undefined;

  constructor(folder: string) {
    this.#path = join(folder, CANDIDATES_FILE);
  }

  /** Reads which images a folder's file has. Changes nothing. */
  static async read(folder: string): Promise<CandidatesFile> {
    const file = new CandidatesFile(folder);
    for await (const { image, place } of readBlocks(folder)) file.#places.set(image, place);
    return file;
  }

  has(image: string): boolean {
    return this.#places.has(image);
  }

  /** Makes the file hold the blocks of these images, in their order, and opens it for more. */
  async begin(images: readonly string[], requireOwn: () => void): Promise<void> {
    const size = await this.#arrange(images);
    this.#file = await AppendFile.open(this.#path, { size, requireOwn });
  }

  /** @param body  as `encodeCandidates` writes it */
  async append(image: string, body: Uint8Array): Promise<void> {
    this.#places.set(image, await this.#file!.append(nameBlock(image, body)));
  }

  /** Gives the disk what was written. May be called again. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  /** Brings the blocks of these images into their order, and drops all others. */
  async sort(images: readonly string[]): Promise<void> {
    await this.close();
    await this.#arrange(images);
  }

  /** @returns bytes of the file */
  async #arrange(images: readonly string[]): Promise<number> {
    let end = CANDIDATES_MAGIC.length;
    const isInPlace = (image: string): boolean => {
      const { start, end: next } = this.#places.get(image)!;
      const follows = start === end;
      end = next;
      return follows;
    };
    if (this.#places.size === images.length && images.length > 0 && images.every(isInPlace)) return end;
    await writeWhole(
      this.#path,
      blocksOf([...images].map((image) => ({ path: this.#path, place: this.#places.get(image)! }))),
    );
    const moved = new Map<string, LinePlace>();
    end = CANDIDATES_MAGIC.length;
    for (const image of images) {
      const place = this.#places.get(image)!;
      moved.set(image, { start: end, end: end + place.end - place.start });
      end += place.end - place.start;
    }
    this.#places = moved;
    return end;
  }

  /** The body of an image's block; null where it has none. */
  async body(image: string): Promise<Uint8Array | null> {
    const place = this.#places.get(image);
    if (place === undefined) return null;
    const bytes = new Uint8Array(place.end - place.start);
    await using handle = await openToRead(this.#path);
    await readExactly(handle, bytes, place.start);
    return blockBody(bytes);
  }

  /** Where an image's block lies. */
  placeOf(image: string): { path: string; place: LinePlace } {
    return { path: this.#path, place: this.#places.get(image)! };
  }
}

/** The bytes of a file of blocks that lie in other files. */
export async function* blocksOf(blocks: readonly { path: string; place: LinePlace }[]): AsyncGenerator<Uint8Array> {
  yield CANDIDATES_MAGIC;
  const handles = new Map<string, FileHandle>();
  try {
    for (const { path, place } of blocks) {
      const handle = handles.get(path) ?? (await openToRead(path));
      handles.set(path, handle);
      const bytes = new Uint8Array(place.end - place.start);
      await readExactly(handle, bytes, place.start);
      yield bytes;
    }
  } finally {
    for (const handle of handles.values()) await handle.close();
  }
}

/** A block as it lies in its file. */
export interface FoundBlock {
  image: string;
  place: LinePlace;
  body: Uint8Array;
}

/** Bytes that are read at one go. */
const PIECE = 4 * 1024 * 1024;

/** Whole blocks of a folder's file, up to the first one that is cut off or spoilt; none where there is no such file. */
export async function* readBlocks(folder: string): AsyncGenerator<FoundBlock> {
  const path = join(folder, CANDIDATES_FILE);
  try {
    await using handle = await openToRead(path);
    yield* blocksIn(handle);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${path}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

async function* blocksIn(handle: FileHandle): AsyncGenerator<FoundBlock> {
  const { size } = await handle.stat();
  let [piece, pieceStart] = [new Uint8Array(0), 0];
  const bytesAt = async (start: number, length: number): Promise<Uint8Array | null> => {
    if (start + length > size) return null;
    if (start < pieceStart || start + length > pieceStart + piece.length) {
      piece = new Uint8Array(Math.min(Math.max(PIECE, length), size - start));
      pieceStart = start;
      await readExactly(handle, piece, start);
    }
    return piece.subarray(start - pieceStart, start - pieceStart + length);
  };
  const magic = await bytesAt(0, CANDIDATES_MAGIC.length);
  if (magic === null || !CANDIDATES_MAGIC.every((byte, i) => magic[i] === byte)) return;
  for (let start = CANDIDATES_MAGIC.length; ; ) {
    const head = await bytesAt(start, BLOCK_HEAD);
    if (head === null) return;
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
    const block = await bytesAt(start, BLOCK_HEAD + length);
    const body = block === null ? null : blockBody(block);
    if (body === null) return;
    const end = start + BLOCK_HEAD + length;
    yield { image: blockName(body), place: { start, end }, body };
    start = end;
  }
}
