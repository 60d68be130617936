import type { RecordingDetector } from '../../../detector.js';
import { reason, SigboxError } from '../../../errors.js';
import { CANDIDATES_MAGIC, nameBlock } from '../../../postprocess/candidates/codec.js';
import { counted } from '../../../text/printable.js';
import type { Detected } from '../../detect-image.js';
import { failureLine, writtenLine } from '../../record/record.js';
import type { RunImages } from '../../run-images.js';
import { candidatesKey, partKey, type SetAside, setAsideKey, setAsideText } from './chunk-files.js';
import { chunkPictures } from './chunk-pictures.js';
import { Manifest, type PlannedImage, type PlannedRun } from './manifest.js';

/** What became of a chunk. */
export interface ChunkOutcome {
  chunk: number;
  images: number;
  /** Images of it that failed, which are recorded, and those whose picture could not be drawn. */
  failures: number;
  /** false: its part was there already */
  isNew: boolean;
}

/** An image without what it was drawn from, which may be large. */
interface Done extends Detected {
  isDrawn: boolean;
}

/**
 * Detects on chunks and writes their parts. Several chunks may be begun at a time: their images are begun one chunk after
 * the other, so that the last images of one leave no core idle.
 */
export class ChunkDetection {
  readonly run: PlannedRun;
  readonly detector: RecordingDetector;
  readonly #place: RunImages;
  readonly #manifest: Manifest;
  /** Images that are worked on. */
  readonly #working = new Set<Promise<void>>();
  readonly #atOnce: number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(run: PlannedRun, detector: RecordingDetector, place: RunImages) {
    this.run = run;
    this.detector = detector;
    this.#place = place;
    this.#manifest = new Manifest(run);
    this.#atOnce = place.ahead * Math.max(1, detector.workers) + 1;
  }

  /**
   * @throws SigboxError E_IO  the store can't be read or written, or none of the images can be. The signal's reason: images
   *   that were begun are finished, but nothing is written.
   */
  async detect(chunk: number, signal?: AbortSignal): Promise<ChunkOutcome> {
    const { store } = this.run;
    if ((await store.find(partKey(chunk), { signal })) !== null) return { chunk, images: 0, failures: 0, isNew: false };
    const images = await this.#manifest.images(chunk, signal);
    const detected = await this.#detectAll(images, signal);
    signal?.throwIfAborted();
    const failed = detected.flatMap(({ image, outcome }) =>
      outcome instanceof SigboxError ? [{ image, outcome }] : [],
    );
    if (images.length > 1 && failed.length === images.length) requireFault(failed);
    if (this.run.header.candidates !== undefined)
      await store.write(candidatesKey(chunk), blocksOf(detected), { signal });
    const written = await store.write(partKey(chunk), Buffer.from(linesOf(detected)), { signal, ifAbsent: true });
    const failures = failed.length + detected.filter(({ isDrawn }) => !isDrawn).length;
    return { chunk, images: images.length, failures, isNew: written === 'written' };
  }

  /** Writes down that a chunk is not tried again. @throws SigboxError E_IO  the store can't be written */
  async setAside(chunk: number, attempts: number, error: unknown): Promise<SetAside> {
    const { code, message } = error instanceof SigboxError ? error : { code: 'E_WORKER', message: reason(error) };
    const images = await this.#manifest.images(chunk).catch(() => []); // a manifest that can't be read may be the reason
    const [first = '', last = ''] = [images[0]?.name, images.at(-1)?.name];
    const aside = { chunk, attempts, first, last, code, message };
    await this.run.store.write(setAsideKey(chunk), setAsideText(aside));
    return aside;
  }

  async #detectAll(images: readonly PlannedImage[], signal: AbortSignal | undefined): Promise<Done[]> {
    const draw = chunkPictures(this.run, images, signal);
    const detect = async (image: PlannedImage): Promise<Done> => {
      const { picture, ...seen } = await this.#place.detect(image);
      return { ...seen, isDrawn: draw === null || (await draw({ ...seen, picture })) };
    };
    const begun = await this.#inTurn(async () => {
      const all: Promise<Done>[] = [];
      for (const image of images) {
        while (this.#working.size >= this.#atOnce) await Promise.race(this.#working);
        signal?.throwIfAborted();
        all.push(this.#begin(detect(image)));
      }
      return all;
    });
    return Promise.all(begun);
  }

  /** Runs when what came before it has ended. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #begin<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => {},
      () => {}, // whoever waits for the chunk hears of it
    );
    this.#working.add(settled);
    settled.then(() => this.#working.delete(settled));
    return work;
  }
}

/**
 * Where not a single image can be read, the reason is likely to be this machine: a folder that is not mounted, a full disk.
 *
 * @throws SigboxError  for whoever tries the chunk again, unless the images themselves are at fault
 */
function requireFault(failed: readonly { image: { name: string }; outcome: SigboxError }[]): void {
  if (failed.some(({ outcome }) => outcome.code === 'E_IMAGE')) return;
  const [{ image, outcome }] = failed as [(typeof failed)[number]];
  const message = `none of ${counted(failed.length, 'image')} gave a result; ${image.name}: ${outcome.message}`;
  throw new SigboxError(outcome.code, message, { cause: outcome });
}

function linesOf(detected: readonly Detected[]): string {
  const lines = detected.map(({ image: { name: image }, outcome, file }) => {
    if (outcome instanceof SigboxError) {
      return failureLine({ image, error: { code: outcome.code, message: outcome.message }, file });
    }
    const { candidates: _, ...written } = outcome;
    return writtenLine({ ...written, image, file: file! });
  });
  return lines.join('');
}

function blocksOf(detected: readonly Detected[]): Uint8Array {
  const blocks = detected.flatMap(({ image, outcome }) =>
    outcome instanceof SigboxError ? [] : [nameBlock(image.name, outcome.candidates!)],
  );
  return Buffer.concat([CANDIDATES_MAGIC, ...blocks]);
}
