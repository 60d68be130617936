import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { reason, SigboxError } from '../../errors.js';
import { AppendFile } from '../../files/append-file.js';
import { readLines } from '../../files/lines.js';
import { openToRead } from '../../files/open-file.js';
import { readExactly } from '../../files/read-file.js';
import { writeWhole } from '../../files/write-whole.js';
import { RECORD_FILE } from '../../types/record-file.js';
import type { CandidatesFile } from './candidates-file.js';
import { type LinePlace, RecordEntries } from './entries.js';
import {
  FAILURES_FILE,
  failureLine,
  parseFailure,
  parseResult,
  type RecordedFailure,
  type RecordedResult,
  type WrittenRecord,
  writtenLine,
} from './record.js';

/**
 * The record of a run while it is written: a line for each image, in unfiltered.jsonl or in failures.jsonl, at once when the
 * image is done. What a process wrote before it was killed stays; a line it was in the middle of is taken away when the
 * journal is opened again, and so is every line that a power cut spoilt: `spoilt` counts those.
 *
 * Every method throws SigboxError E_IO where a file can't be read or written.
 */
export class Journal {
  /** By image. */
  results = new RecordEntries();
  readonly failures = new Map<string, RecordedFailure>();
  spoilt = 0;
  /** Whether the last line was cut off, as a kill leaves it. */
  cutOff = false;
  readonly #resultsFile: string;
  readonly #failuresFile: string;
  /** Whether the file's lines are the entries, one after the other. */
  #compact = true;
  #requireOwn = () => {};
  #files: { results: AppendFile; failures: AppendFile } | undefined;
  /** null: the run records none */
  #candidates: CandidatesFile | null = null;

  /** A record without a line, whatever its files hold. */
  constructor(folder: string) {
    this.#resultsFile = join(folder, RECORD_FILE);
    this.#failuresFile = join(folder, FAILURES_FILE);
  }

  /** Reads what a folder's run has recorded. Changes nothing. */
  static async read(folder: string): Promise<Journal> {
    const journal = new Journal(folder);
    journal.cutOff = await eachLine(journal.#resultsFile, (text, start, end) =>
      journal.#take(parseResult(text), start, end),
    );
    await eachLine(journal.#failuresFile, (text) => {
      const record = parseFailure(text);
      if (record === null) journal.spoilt++;
      else if (!journal.results.has(record.image)) journal.failures.set(record.image, record);
    });
    return journal;
  }

  #take(record: RecordedResult | null, start: number, end: number): void {
    if (record === null) this.spoilt++;
    if (record === null || this.results.has(record.image)) {
      this.#compact = false;
      return;
    }
    const { image, file, damage } = record;
    this.results.set(image, { start, end, file, damaged: damage !== undefined });
  }

  /** Records candidates as well: results without theirs are forgotten. */
  recordCandidates(file: CandidatesFile): void {
    this.#candidates = file;
    for (const image of [...this.results.images()]) if (!file.has(image)) this.forget(image);
  }

  /** Takes an image out of the record; the files follow when writing begins. */
  forget(image: string): void {
    if (this.results.delete(image)) this.#compact = false;
    this.failures.delete(image);
  }

  /**
   * Makes the files hold what the record holds, and opens them for more.
   *
   * @param requireOwn  called before each write; throws once the folder is no longer this run's. Default: nothing
   */
  async begin(requireOwn: () => void = () => {}): Promise<void> {
    this.#requireOwn = requireOwn;
    if (!this.#compact) await this.#rewriteResults([...this.results.images()]);
    const last = [...this.results.images()].at(-1);
    const results = last === undefined ? 0 : this.results.get(last)!.end;
    const failures = await this.#rewriteFailures([...this.failures.keys()]);
    await this.#candidates?.begin([...this.results.images()], requireOwn);
    this.#files = {
      results: await AppendFile.open(this.#resultsFile, { size: results, requireOwn }),
      failures: await AppendFile.open(this.#failuresFile, { size: failures, requireOwn }),
    };
  }

  /** @param record.candidates  in runs that record them */
  async addResult({ candidates, ...record }: WrittenRecord & { candidates?: Uint8Array }): Promise<void> {
    const { image, file, damage } = record;
    await this.#candidates?.append(image, candidates!);
    const place = await this.#files!.results.append(writtenLine(record));
    this.results.set(image, { ...place, file, damaged: damage !== undefined });
  }

  async addFailure(record: RecordedFailure): Promise<void> {
    await this.#files!.failures.append(failureLine(record));
    this.failures.set(record.image, record);
  }

  /** Brings both files into the order of the images' names (by UTF-16 code unit). */
  async sort(): Promise<void> {
    await this.close();
    this.#requireOwn();
    const images = [...this.results.images()];
    if (images.some((image, i) => i > 0 && images[i - 1]! > image)) await this.#rewriteResults(images.sort());
    await this.#rewriteFailures([...this.failures.keys()].sort());
    await this.#candidates?.sort([...this.results.images()]);
  }

  /** Gives the disk what was written. May be called again. */
  async close(): Promise<void> {
    const { results, failures } = this.#files ?? {};
    this.#files = undefined;
    await results?.close();
    await failures?.close();
    await this.#candidates?.close();
  }

  async #rewriteResults(images: readonly string[]): Promise<void> {
    await writeWhole(this.#resultsFile, linesAt(this.#resultsFile, images, this.results));
    const moved = new RecordEntries();
    let start = 0;
    for (const image of images) {
      const entry = this.results.get(image)!;
      const end = start + entry.end - entry.start;
      moved.set(image, { ...entry, start, end });
      start = end;
    }
    this.results = moved;
    this.#compact = true;
  }

  /** @returns bytes written */
  async #rewriteFailures(images: readonly string[]): Promise<number> {
    const lines = Buffer.from(images.map((image) => failureLine(this.failures.get(image)!)).join(''));
    await writeWhole(this.#failuresFile, lines);
    return lines.length;
  }
}

/** Whole lines of a file; none where there is no such file. @returns whether the last line was cut off, which is none */
async function eachLine(file: string, take: (text: string, start: number, end: number) => void): Promise<boolean> {
  try {
    let cutOff = false;
    for await (const { text, start, end, ended } of readLines(file)) {
      if (ended) take(text, start, end);
      else cutOff = true;
    }
    return cutOff;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

/** Lines that are read at one go, where they lie near each other. */
const AT_ONCE = 64;

/** Lines of a file from where they lie, in the order given. */
async function* linesAt(file: string, images: readonly string[], entries: RecordEntries): AsyncGenerator<Uint8Array> {
  if (images.length === 0) return;
  await using handle = await openToRead(file);
  for (let i = 0; i < images.length; i += AT_ONCE) {
    const places = images.slice(i, i + AT_ONCE).map((image) => entries.get(image)!);
    const start = Math.min(...places.map((place) => place.start));
    const end = Math.max(...places.map((place) => place.end));
    const length = places.reduce((sum, place) => sum + place.end - place.start, 0);
    if (end - start > 2 * length) for (const place of places) yield await bytesAt(handle, place);
    else {
      // Images finish nearly in their order, so that neighbours by name are neighbours in the file.
      const bytes = await bytesAt(handle, { start, end });
      yield Buffer.concat(places.map((place) => bytes.subarray(place.start - start, place.end - start)));
    }
  }
}

/** The line that lies there, line feed included. */
export async function lineAt(file: FileHandle, place: LinePlace): Promise<string> {
  return (await bytesAt(file, place)).toString('utf8');
}

async function bytesAt(file: FileHandle, { start, end }: LinePlace): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start);
  await readExactly(file, bytes, start);
  return bytes;
}
