import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordingDetector } from '../detector.js';
import { complain, SigboxError } from '../errors.js';
import { openStore } from '../files/store/open-store.js';
import { type Patience, PatientStore } from '../files/store/patient-store.js';
import { type Store, StoreError } from '../files/store/store.js';
import { type Detected, detectImage } from './detect-image.js';
import { isBucket } from './inputs/bucket-inputs.js';
import { isSameState } from './inputs/file-state.js';
import type { FileState } from './record/record.js';
import type { RunHeader } from './record/run-header.js';

/** An image that was looked at, and what it can be drawn from. */
export interface SeenImage extends Detected {
  picture: string | Uint8Array;
}

/** An image of a run. */
export interface PlacedImage {
  name: string;
  /** To open it by. Default: by its name below the root */
  path?: string;
  /** As it must be; null: as it is */
  file: FileState | null;
}

/** Where the images of a run are, as seen from this machine. */
export interface RunImages {
  /** Images that are worth reading ahead of a worker. */
  readonly ahead: number;
  /** @throws SigboxError  it may be there when it is tried again; whatever else goes wrong is the image's outcome */
  detect(image: PlacedImage): Promise<SeenImage>;
  /** What an image can be drawn from. @throws SigboxError E_IO  it can't be read */
  picture(image: Omit<PlacedImage, 'file'>): Promise<string | Uint8Array>;
}

/** The next one is decoded while a worker infers. */
const FILES_AHEAD = 2;
/** A bucket takes its time to answer. */
const OBJECTS_AHEAD = 4;

/** @param inputs.root  folder or bucket that the names of images are below */
export async function openRunImages(
  { root, hash }: Pick<RunHeader['inputs'], 'root' | 'hash'>,
  detector: RecordingDetector,
  patience: Patience = {},
): Promise<RunImages> {
  if (!isBucket(root)) return new FolderImages(root, detector, hash);
  return new BucketImages(new PatientStore(await openStore(root), patience), detector, hash);
}

/** @throws SigboxError E_IO  it is not on this machine: each image would fail, and the run be spoilt */
export function requireRoot(root: string): void {
  if (isBucket(root) || existsSync(root)) return;
  throw complain('E_IO', {
    where: 'work',
    expected: 'the folder of the run’s images on this machine',
    received: root,
    mend: 'That folder does not exist here: name it with --root.',
  });
}

class FolderImages implements RunImages {
  readonly ahead = FILES_AHEAD;
  readonly #root: string;
  readonly #detector: RecordingDetector;
  readonly #hash: boolean;

  constructor(root: string, detector: RecordingDetector, hash: boolean) {
    this.#root = root;
    this.#detector = detector;
    this.#hash = hash;
  }

  async picture({ name, path = join(this.#root, name) }: Omit<PlacedImage, 'file'>): Promise<string> {
    return path;
  }

  async detect({ name, path = join(this.#root, name), file: planned }: PlacedImage): Promise<SeenImage> {
    const detected = await detectImage(this.#detector, { name, path }, this.#hash);
    const { sha256: _, ...found } = detected.file ?? { bytes: -1, modified: '' };
    const same = planned === null || detected.file === null || isSameState(found, planned);
    return { ...detected, picture: path, ...(!same && { outcome: changed(planned, found) }) };
  }
}

/** Objects are read whole, and only as they were when the run was planned. */
export class BucketImages implements RunImages {
  readonly ahead = OBJECTS_AHEAD;
  readonly #store: Store;
  readonly #detector: RecordingDetector;
  readonly #hash: boolean;

  constructor(store: Store, detector: RecordingDetector, hash: boolean) {
    this.#store = store;
    this.#detector = detector;
    this.#hash = hash;
  }

  async picture({ name }: Omit<PlacedImage, 'file'>): Promise<Uint8Array> {
    return (await this.#store.read(name)).bytes;
  }

  async detect({ name, file: planned }: PlacedImage): Promise<SeenImage> {
    const image = { name, path: name };
    const bytes = await this.#read(name, planned).catch((error) => {
      if (error instanceof StoreError && error.trouble !== 'passing') return error;
      throw error;
    });
    const empty = new Uint8Array(0);
    if (bytes instanceof StoreError) return { image, file: planned, outcome: refusal(bytes), picture: empty };
    const file = {
      ...(planned ?? { bytes: bytes.length, modified: new Date(0).toISOString() }),
      ...this.#hashOf(bytes),
    };
    const outcome = await this.#detector.detectWritten(bytes).catch((error) => {
      if (error instanceof SigboxError) return error;
      throw error;
    });
    return { image, file, outcome, picture: bytes };
  }

  async #read(name: string, planned: FileState | null): Promise<Uint8Array> {
    const ifMatch = planned?.etag === undefined ? {} : { ifMatch: planned.etag };
    return (await this.#store.read(name, ifMatch)).bytes;
  }

  #hashOf(bytes: Uint8Array): { sha256?: string } {
    return this.#hash ? { sha256: createHash('sha256').update(bytes).digest('hex') } : {};
  }
}

/** The same words wherever the store lies. */
function refusal({ trouble }: StoreError): SigboxError {
  const reasons = {
    missing: 'it is no longer there',
    changed: 'it changed since the run was planned',
    refused: 'there is no right to read it',
    passing: 'it cannot be read',
  };
  return new SigboxError('E_IO', reasons[trouble]);
}

function changed(planned: FileState, found: FileState): SigboxError {
  return new SigboxError(
    'E_IO',
    `it changed since the run was planned: expected ${planned.bytes} bytes of ${planned.modified}, ` +
      `received ${found.bytes} bytes of ${found.modified}`,
  );
}
