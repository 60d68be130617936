import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { openToRead } from '../../files/open-file.js';
import { readExactly } from '../../files/read-file.js';
import {
  BLOCK_HEAD,
  blockBody,
  blockName,
  CANDIDATES_MAGIC,
  decodeCandidates,
  encodeBlock,
} from '../../postprocess/candidates/codec.js';
import type { CandidatesBlock } from '../protocol/blocks.js';

const CANDIDATES_FILE = 'candidates.bin';
/** Bytes that are read at one go to find where blocks begin. */
const PIECE = 1 << 22;

/** Where the blocks of candidates.bin lie; what is in them is read when it is asked for. */
export class CandidatesIndex implements AsyncDisposable {
  readonly #file: FileHandle;
  /** Where each block begins, and the last one ends. */
  readonly #starts: number[];
  #byName: Map<string, number> | undefined;

  private constructor(file: FileHandle, starts: number[]) {
    this.#file = file;
    this.#starts = starts;
  }

  /** @throws the file system's own error */
  static async open(folder: string): Promise<CandidatesIndex> {
    const file = await openToRead(join(folder, CANDIDATES_FILE));
    return new CandidatesIndex(file, await blockStarts(file));
  }

  /**
   * The candidates of some images, without names. Blocks lie in the order of unfiltered.jsonl, but for a run that goes on.
   *
   * @param first  row of the first of the images
   */
  async read(first: number, images: readonly string[]): Promise<CandidatesBlock> {
    const blocks: Uint8Array[] = [];
    for (const [i, image] of images.entries()) {
      const body = (await this.#body(first + i, image)) ?? (await this.#body(await this.#find(image), image));
      blocks.push(body === null ? new Uint8Array(0) : encodeBlock('', decodeCandidates(body)));
    }
    const starts = new Uint32Array(blocks.length + 1);
    for (const [i, { length }] of blocks.entries()) starts[i + 1] = starts[i]! + length;
    return { starts, bytes: new Uint8Array(Buffer.concat(blocks)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  /** Of a block, if it is the image's. */
  async #body(block: number, image: string): Promise<Uint8Array | null> {
    const [start, end] = [this.#starts[block], this.#starts[block + 1]];
    if (start === undefined || end === undefined) return null;
    const bytes = new Uint8Array(end - start);
    await readExactly(this.#file, bytes, start);
    const body = blockBody(bytes);
    return body !== null && blockName(body) === image ? body : null;
  }

  /** @returns −1: the file has no block of the image */
  async #find(image: string): Promise<number> {
    if (this.#byName === undefined) {
      this.#byName = new Map();
      for (let block = 0; block + 1 < this.#starts.length; block++) {
        const [start, end] = [this.#starts[block]!, this.#starts[block + 1]!];
        const bytes = new Uint8Array(end - start);
        await readExactly(this.#file, bytes, start);
        const body = blockBody(bytes);
        if (body !== null) this.#byName.set(blockName(body), block);
      }
    }
    return this.#byName.get(image) ?? -1;
  }
}

async function blockStarts(file: FileHandle): Promise<number[]> {
  const { size } = await file.stat();
  const starts = [CANDIDATES_MAGIC.length];
  const piece = Buffer.allocUnsafe(Math.min(PIECE, size));
  let [pieceStart, pieceEnd] = [0, 0];
  for (let at = CANDIDATES_MAGIC.length; at + BLOCK_HEAD <= size; ) {
    if (at < pieceStart || at + BLOCK_HEAD > pieceEnd) {
      pieceStart = at;
      pieceEnd = at + (await file.read(piece, 0, piece.length, at)).bytesRead;
    }
    const end = at + BLOCK_HEAD + piece.readUInt32LE(at - pieceStart);
    if (end > size) break;
    starts.push(end);
    at = end;
  }
  return starts;
}
