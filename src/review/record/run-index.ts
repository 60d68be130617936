import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { reason, SigboxError } from '../../errors.js';
import { readByteLines } from '../../files/lines.js';
import { openToRead } from '../../files/open-file.js';
import { readExactly } from '../../files/read-file.js';
import { resultLabels } from '../../labels/label-map.js';
import { FAILURES_FILE, parseFailure, parseResult } from '../../runs/record/record.js';
import { HEADER_FILE, type RunHeader, readHeader } from '../../runs/record/run-header.js';
import { RECORD_FILE } from '../../types/record-file.js';
import { type BlockImage, DAMAGED, FAILED } from '../protocol/blocks.js';

/** An image of a run, with what there is to say about it. */
export interface ReviewedImage extends BlockImage {
  name: string;
  remarks: string[];
}

/** Where each image of a run lies in its files; the images themselves are read a block at a time. */
export class RunIndex implements AsyncDisposable {
  readonly folder: string;
  readonly header: RunHeader;
  /** By class number; parents behind the classes. */
  readonly labels: (string | null)[];
  readonly failures: { name: string; message: string }[] = [];
  /** Images with a result. */
  count = 0;
  #starts = new Float64Array(1024);
  #file: FileHandle | undefined;

  private constructor(folder: string, header: RunHeader) {
    this.folder = folder;
    this.header = header;
    this.labels = resultLabels(header.spec.labels, header.spec.parents);
  }

  /**
   * Finds the images of a run, which may still be going on; what is added later is not seen.
   *
   * @param visit  gets the name of each image with its row
   * @throws SigboxError E_IO  there is none, or it can't be read
   */
  static async open(folder: string, visit: (name: string, row: number) => void = () => {}): Promise<RunIndex> {
    const header = await readHeader(folder);
    if (header === null) {
      const message = `review: expected the folder of a run, received ${folder}. There is no ${HEADER_FILE} in it.`;
      throw new SigboxError('E_IO', message);
    }
    const index = new RunIndex(folder, header);
    await index.#scan(visit);
    index.#file = await openToRead(join(folder, RECORD_FILE)).catch(() => undefined);
    return index;
  }

  /** Images with a result, followed by those that failed. */
  get images(): number {
    return this.count + this.failures.length;
  }

  /** The images of some rows. */
  async read(from: number, to: number): Promise<ReviewedImage[]> {
    const last = Math.min(to, this.count);
    const results = from < last ? await this.#results(from, last) : [];
    const failed = this.failures.slice(Math.max(0, from - this.count), Math.max(0, to - this.count));
    return [
      ...results,
      ...failed.map(({ name, message }) => ({
        ...{ name, width: 0, height: 0, flags: FAILED, detections: [], remarks: [message] },
      })),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #results(from: number, to: number): Promise<ReviewedImage[]> {
    const start = this.#starts[from]!;
    const bytes = Buffer.allocUnsafe(this.#starts[to]! - start);
    await readExactly(this.#file!, bytes, start);
    return Array.from({ length: to - from }, (_, i) => {
      const [first, end] = [this.#starts[from + i]! - start, this.#starts[from + i + 1]! - start];
      const line = bytes.subarray(first, end);
      const result = parseResult(line.toString('utf8'));
      if (result === null) return unreadable(nameIn(line) ?? '');
      const { image: name, width, height, detections, damage, notes = [] } = result;
      const flags = damage === undefined ? 0 : DAMAGED;
      return { name, width, height, flags, detections, remarks: damage === undefined ? notes : [damage, ...notes] };
    });
  }

  async #scan(visit: (name: string, row: number) => void): Promise<void> {
    const file = join(this.folder, RECORD_FILE);
    let end = 0;
    await eachLine(file, (bytes, start, after) => {
      if (start !== end) throw new SigboxError('E_IO', `${file}: lines that do not follow each other.`);
      this.#add(start);
      end = after;
      visit(nameIn(bytes) ?? '', this.count++);
    });
    this.#add(end);
    await eachLine(join(this.folder, FAILURES_FILE), (bytes) => {
      const failure = parseFailure(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
      if (failure === null) return;
      visit(failure.image, this.count + this.failures.length);
      this.failures.push({ name: failure.image, message: failure.error.message });
    });
  }

  #add(start: number): void {
    if (this.count + 1 >= this.#starts.length) {
      const more = new Float64Array(2 * this.#starts.length);
      more.set(this.#starts);
      this.#starts = more;
    }
    this.#starts[this.count] = start;
  }
}

/** Longest beginning of a line that a name is looked for in: paths have up to 4,096 bytes, escapes take six of them. */
const LONGEST_NAME = 6 * 4096;
const NAME = /^\{"image":("(?:[^"\\]|\\.)*")/;

/** The image that a line of unfiltered.jsonl is about, without reading the rest; null: the line is none. */
function nameIn(line: Uint8Array): string | null {
  const bytes = line.subarray(0, LONGEST_NAME);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const name = NAME.exec(text)?.[1];
  return name === undefined ? null : (JSON.parse(name) as string);
}

/** One line that a hand or a disk spoilt does not hide the others. */
function unreadable(name: string): ReviewedImage {
  const remarks = [`Its line in ${RECORD_FILE} is not a result: annotate the folder again, which mends the record.`];
  return { name, width: 0, height: 0, flags: FAILED, detections: [], remarks };
}

async function eachLine(file: string, take: (bytes: Uint8Array, start: number, end: number) => void): Promise<void> {
  try {
    for await (const { bytes, start, end, ended } of readByteLines(file)) if (ended) take(bytes, start, end);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
}
