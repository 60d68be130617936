import { createHash } from 'node:crypto';
import { check, matches } from '../../../check/check.js';
import { type Infer, list, literal, object, optional, orNull, strictObject, word } from '../../../check/shapes.js';
import { count, text, wholeFromZero } from '../../../check/words.js';
import { complain, reason, SigboxError } from '../../../errors.js';
import { isBelow } from '../../../files/owned-files.js';
import { openStore } from '../../../files/store/open-store.js';
import { type Patience, PatientStore } from '../../../files/store/patient-store.js';
import { type Store, StoreError } from '../../../files/store/store.js';
import { HEADER_FILE, parseHeader, type RunHeader } from '../../record/run-header.js';

/** What a run on many machines is: written last, so that whoever finds it finds all the rest. */
export const PLAN_FILE = 'plan.json';
const FORMAT = 'sigbox-plan';
const VERSION = 1;

/** Images that one file of the manifest names, at least: a worker reads it once for many chunks. */
export const IMAGES_PER_FILE = 10_000;
/** Digits of numbers in keys, so that keys are in the order of their numbers. */
const DIGITS = 8;

const hex = (digits: number) =>
  word<string>(
    `${digits} hexadecimal digits`,
    (value) => typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value),
  );

/** What the chunks of a run are. Never changed once it is written. */
export type Plan = Infer<typeof planSchema>;
const planSchema = object({
  format: literal(FORMAT),
  version: literal(VERSION),
  /** Of this plan alone: names of queues and jobs begin with it. */
  id: hex(16),
  images: count,
  /** Images in each chunk; the last one may have fewer. */
  chunkSize: count,
  /** Chunks that each file of the manifest names; the last one may name fewer. */
  chunksPerFile: count,
  /** Files of the manifest, in the order of their numbers. */
  files: list('files of the manifest', object({ bytes: wholeFromZero, sha256: hex(64) })),
  /** What the inputs held besides images. */
  otherFiles: wholeFromZero,
  unreadable: list('folders that could not be read', object({ path: text, reason: text })),
});

/** A name that stays below the root: a plan may come from somebody else. */
const imageName = word<string>('a path below the root', (value) => typeof value === 'string' && isBelow(value));
const time = word<string>('a time', (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)));

/** An image of a plan, as it was when the plan was made; `file` is null where there was none to look at. */
export type PlannedImage = Infer<typeof imageSchema>;
const imageSchema = strictObject({
  name: imageName,
  file: orNull(strictObject({ bytes: wholeFromZero, modified: time, etag: optional(text) })),
});

export function planText(plan: Omit<Plan, 'format' | 'version'>): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...plan }, null, 1)}\n`;
}

export function manifestKey(file: number): string {
  return `manifest/${keyNumber(file)}.jsonl`;
}

export function keyNumber(number: number): string {
  return String(number).padStart(DIGITS, '0');
}

export function chunkCount({ images, chunkSize }: Pick<Plan, 'images' | 'chunkSize'>): number {
  return Math.ceil(images / chunkSize);
}

/** How many images a chunk has. */
export function imagesIn(chunk: number, { images, chunkSize }: Plan): number {
  return Math.min(chunkSize, images - chunk * chunkSize);
}

/** A plan with what its run is. */
export interface PlannedRun {
  store: Store;
  plan: Plan;
  header: RunHeader;
}

/**
 * Reads the plan in a store, which is asked again for what it refuses for the moment.
 *
 * @param where  a folder, or `s3://bucket/prefix`
 * @throws SigboxError E_ARGUMENT  no such place. E_IO  there is no plan, or it can't be read
 */
export async function openPlan(where: string, signal?: AbortSignal, patience?: Patience): Promise<PlannedRun> {
  return readPlan(new PatientStore(await openStore(where), patience), signal);
}

async function readPlan(store: Store, signal: AbortSignal | undefined): Promise<PlannedRun> {
  const where = `${store.name}: ${PLAN_FILE}`;
  const content = await readIfThere(store, PLAN_FILE, signal);
  if (content === null) {
    const mend = 'sigbox plan INPUT… --out STORE makes one.';
    throw complain('E_IO', { where: store.name, expected: 'a store with a plan', received: `no ${PLAN_FILE}`, mend });
  }
  const plan = check(planSchema, parseJson(content, where), { where, code: 'E_IO' });
  const files = Math.ceil(chunkCount(plan) / plan.chunksPerFile);
  if (plan.files.length !== files) {
    throw complain('E_IO', { where, expected: `${files} files of the manifest`, received: plan.files.length });
  }
  const header = await readIfThere(store, HEADER_FILE, signal);
  if (header === null) {
    throw complain('E_IO', { where: store.name, expected: `${HEADER_FILE} beside ${PLAN_FILE}`, received: 'none' });
  }
  return { store, plan, header: parseHeader(header.toString(), `${store.name}: ${HEADER_FILE}`) };
}

async function readIfThere(store: Store, key: string, signal?: AbortSignal): Promise<Buffer | null> {
  try {
    const { bytes } = await store.read(key, { signal });
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    if (error instanceof StoreError && error.trouble === 'missing') return null;
    throw error;
  }
}

/** The images of a plan, chunk by chunk. Files of the manifest are checked against the plan, which names their digests. */
export class Manifest {
  readonly #run: PlannedRun;
  /** The files that were read last, as lines. */
  readonly #files = new Map<number, Promise<string[]>>();

  constructor(run: PlannedRun) {
    this.#run = run;
  }

  /** @throws SigboxError E_IO  the manifest can't be read, or is not the one that was planned */
  async images(chunk: number, signal?: AbortSignal): Promise<PlannedImage[]> {
    const { plan, store } = this.#run;
    const file = Math.floor(chunk / plan.chunksPerFile);
    const first = (chunk - file * plan.chunksPerFile) * plan.chunkSize;
    const lines = (await this.#lines(file, signal)).slice(first, first + plan.chunkSize);
    const where = `${store.name}: ${manifestKey(file)}`;
    if (lines.length !== imagesIn(chunk, plan)) {
      throw complain('E_IO', { where, expected: `${imagesIn(chunk, plan)} images in a chunk`, received: lines.length });
    }
    return lines.map((line) => parseImage(line, where));
  }

  /** A worker takes chunks nearly in their order: two files at a time are enough. */
  #lines(file: number, signal?: AbortSignal): Promise<string[]> {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const lines = this.#read(file, signal);
    this.#files.set(file, lines);
    lines.catch(() => this.#files.delete(file));
    if (this.#files.size > 2) this.#files.delete(this.#files.keys().next().value!);
    return lines;
  }

  async #read(file: number, signal?: AbortSignal): Promise<string[]> {
    const { plan, store } = this.#run;
    const { bytes } = await store.read(manifestKey(file), { signal });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== plan.files[file]?.sha256) {
      const expected = `the file that ${PLAN_FILE} names`;
      const received = `another one (sha256 ${sha256.slice(0, 12)}…)`;
      throw complain('E_IO', { where: `${store.name}: ${manifestKey(file)}`, expected, received });
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').split('\n').slice(0, -1);
  }
}

function parseImage(line: string, where: string): PlannedImage {
  const image = parseJson(line, where);
  if (matches(imageSchema, image)) return image;
  return check(imageSchema, image, { where, code: 'E_IO' });
}

export function parseJson(text: string | Uint8Array, where: string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'));
  } catch (cause) {
    throw new SigboxError('E_IO', `${where}: is not JSON: ${reason(cause)}.`, { cause });
  }
}
