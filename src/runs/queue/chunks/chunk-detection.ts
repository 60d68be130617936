import { join } from 'node:path';
import type { RecordingDetector } from '../../../detector.js';
import { reason, SigboxError } from '../../../errors.js';
import type { Store } from '../../../files/store/store.js';
import { resultLabels } from '../../../labels/label-map.js';
import { CANDIDATES_MAGIC, nameBlock } from '../../../postprocess/candidates/codec.js';
import { counted } from '../../../text/printable.js';
import { asTheyFinish } from '../../as-they-finish.js';
import { type Detected, detectImage, resultReader } from '../../detect-image.js';
import { isSameState } from '../../inputs/file-state.js';
import { type RenderedFiles, Rendering } from '../../outputs/rendering.js';
import { failureLine, writtenLine } from '../../record/record.js';
import { candidatesKey, partKey, type SetAside, setAsideKey, setAsideText } from './chunk-files.js';
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

/**
 * Detects on chunks and writes their parts. Several chunks may be begun at a time: their images are begun one chunk after
 * the other, so that the last images of one leave no core idle.
 */
export class ChunkDetection {
  readonly run: PlannedRun;
  readonly detector: RecordingDetector;
  readonly #root: string;
  readonly #manifest: Manifest;
  /** Images that are worked on. */
  readonly #working = new Set<Promise<void>>();
  readonly #atOnce: number;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param root  folder that the names of images are below, on this machine */
  constructor(run: PlannedRun, detector: RecordingDetector, root: string) {
    this.run = run;
    this.detector = detector;
    this.#root = root;
    this.#manifest = new Manifest(run);
    this.#atOnce = 2 * Math.max(1, detector.workers) + 1;
  }

  /**
   * @throws SigboxError E_IO  the store can't be read or written, or none of the images can be. The signal's reason: images
   *   that were begun are finished, but nothing is written.
   */
  async detect(chunk: number, signal?: AbortSignal): Promise<ChunkOutcome> {
    const { store } = this.run;
    const how = signal === undefined ? {} : { signal };
    if ((await store.find(partKey(chunk), how)) !== null) return { chunk, images: 0, failures: 0, isNew: false };
    const images = await this.#manifest.images(chunk, signal);
    const detected = await this.#detectAll(images, signal);
    signal?.throwIfAborted();
    const undrawn = await this.#draw(detected, signal);
    const failed = detected.flatMap(({ image, outcome }) =>
      outcome instanceof SigboxError ? [{ image, outcome }] : [],
    );
    if (images.length > 1 && failed.length === images.length) requireFault(failed);
    if (this.run.header.candidates !== undefined) await store.write(candidatesKey(chunk), blocksOf(detected), how);
    const written = await store.write(partKey(chunk), Buffer.from(linesOf(detected)), { ...how, ifAbsent: true });
    return { chunk, images: images.length, failures: failed.length + undrawn, isNew: written === 'written' };
  }

  /** @returns images whose picture or crops could not be drawn */
  async #draw(detected: readonly Detected[], signal: AbortSignal | undefined): Promise<number> {
    const { store, header } = this.run;
    const { rendering, options, spec } = header;
    if (!rendering.pictures && !rendering.crops) return 0;
    const names = detected.map(({ image: { name } }) => name);
    const labels = resultLabels(spec.labels, spec.parents);
    const rendered = new Rendering(filesOf(store, signal), names, labels, { ...rendering, ...options });
    const resultOf = resultReader(header);
    const draw = async ({ image: { name, path }, outcome }: Detected) => {
      signal?.throwIfAborted();
      return outcome instanceof SigboxError ? null : rendered.write(path, resultOf(name, outcome));
    };
    let failed = 0;
    for await (const error of asTheyFinish(detected, draw, RENDERED_AT_ONCE)) if (error !== null) failed++;
    return failed;
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

  async #detectAll(images: readonly PlannedImage[], signal: AbortSignal | undefined): Promise<Detected[]> {
    const begun = await this.#inTurn(async () => {
      const all: Promise<Detected>[] = [];
      for (const image of images) {
        while (this.#working.size >= this.#atOnce) await Promise.race(this.#working);
        signal?.throwIfAborted();
        all.push(this.#begin(image));
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

  #begin(image: PlannedImage): Promise<Detected> {
    const detected = this.#detectOne(image);
    const settled = detected.then(
      () => {},
      () => {}, // whoever waits for the chunk hears of it
    );
    this.#working.add(settled);
    settled.then(() => this.#working.delete(settled));
    return detected;
  }

  async #detectOne({ name, file: planned }: PlannedImage): Promise<Detected> {
    const path = join(this.#root, name);
    const detected = await detectImage(this.detector, { name, path }, this.run.header.inputs.hash);
    const { sha256: _, ...found } = detected.file ?? { bytes: -1, modified: '' };
    if (planned === null || detected.file === null || isSameState(found, planned)) return detected;
    const outcome = new SigboxError(
      'E_IO',
      `it changed since the run was planned: expected ${planned.bytes} bytes of ${planned.modified}, ` +
        `received ${found.bytes} bytes of ${found.modified}`,
    );
    return { ...detected, outcome };
  }
}

/** Drawing runs on the threads of libvips, beside the images of the next chunk. */
const RENDERED_AT_ONCE = 2;

/** A store as the folder of pictures: what is there was drawn by this run. */
function filesOf(store: Store, signal: AbortSignal | undefined): RenderedFiles {
  return {
    folder: store.name,
    async write(path, bytes) {
      if (!(bytes instanceof Uint8Array)) throw new TypeError('a picture comes whole');
      await store.write(path, bytes, signal === undefined ? {} : { signal });
    },
    async remove(path) {
      await store.remove(path);
      return true;
    },
    unlistedAmong: async () => [],
  };
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
    if (!(outcome instanceof SigboxError)) {
      const { candidates: _, ...written } = outcome;
      return writtenLine({ ...written, image, file: file! });
    }
    return failureLine({ image, error: { code: outcome.code, message: outcome.message }, file });
  });
  return lines.join('');
}

function blocksOf(detected: readonly Detected[]): Uint8Array {
  const blocks = detected.flatMap(({ image, outcome }) =>
    outcome instanceof SigboxError ? [] : [nameBlock(image.name, outcome.candidates!)],
  );
  return Buffer.concat([CANDIDATES_MAGIC, ...blocks]);
}
