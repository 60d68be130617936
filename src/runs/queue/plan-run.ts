import { createHash, randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { pMapIterable } from 'p-map';
import { createRecordingDetector } from '../../detector.js';
import { complain, type SigboxError } from '../../errors.js';
import { ExternalSort } from '../../files/external-sort.js';
import { openStore } from '../../files/store/open-store.js';
import { PatientStore } from '../../files/store/patient-store.js';
import type { Store } from '../../files/store/store.js';
import { orFirstError } from '../../flow/first-error.js';
import { counted } from '../../text/printable.js';
import { RECORD_FILE } from '../../types/record-file.js';
import { describeRun } from '../describe-run.js';
import { isBucket, openBucketInputs } from '../inputs/bucket-inputs.js';
import { type Discovery, openInputs } from '../inputs/discover.js';
import { fileState } from '../inputs/file-state.js';
import { openInventoryInputs } from '../inputs/inventory-inputs.js';
import { type RunSettings, settleAnnotate } from '../options.js';
import { pictureKey } from '../outputs/picture-names.js';
import type { FileState } from '../record/record.js';
import { HEADER_FILE, headerText } from '../record/run-header.js';
import {
  chunkCount,
  IMAGES_PER_FILE,
  manifestKey,
  PLAN_FILE,
  type Plan,
  type PlannedImage,
  planText,
} from './chunks/manifest.js';
import { checkPlanOptions, DEFAULT_CHUNK, type PlanOptions } from './options/plan-options.js';

/** What was planned. */
export interface Planned {
  /** Names of queues and jobs begin with it. */
  id: string;
  images: number;
  chunks: number;
  /** Files that are no images. */
  otherFiles: number;
  /** Folders that could not be read. */
  unreadable: { path: string; reason: string }[];
}

/**
 * Plans a run for many machines: lists the images of folders, files and glob patterns in chunks, and writes the list and
 * what the run is (`run.json`: model, spec, options) into a store, from which `work` takes chunks. The list is sorted, also
 * where it does not fit into memory, and never changes: it names the size and time of every image.
 *
 * @throws SigboxError E_ARGUMENT  an option that can't be right. E_MODEL  a model that can't be used. E_IO  no images, the
 *   store contains a run, or a file that can't be read or written
 */
export function planRun(inputs: string | readonly string[], given: PlanOptions): Promise<Planned> {
  return orFirstError(planImages(inputs, given));
}

async function planImages(inputs: string | readonly string[], given: PlanOptions): Promise<Planned> {
  const { chunk = DEFAULT_CHUNK, inventory, signal, onProgress, ...options } = checkPlanOptions(given, 'planRun');
  const settings = settleAnnotate({ pictures: false, ...options });
  const all = typeof inputs === 'string' ? [inputs] : inputs;
  const store = new PatientStore(await openStore(settings.out));
  await requireFree(store, signal);
  const { root, walk, stateOf } = await openSources(all, inventory, settings);
  await using detector = await createRecordingDetector(settings.detector, 1, settings.candidates);
  const header = await describeRun(all, { settings, root, detector });
  await using sort = new ExternalSort<FoundImage>(({ name }) => name);
  const draws = settings.rendering.pictures || settings.rendering.crops;
  await using pictures = new ExternalSort<string>((name) => name);
  let found = 0;
  const left = await walk(async (image) => {
    signal?.throwIfAborted();
    if (++found % 1000 === 0) onProgress?.(found);
    await sort.add(image);
  });
  const planned = async (image: FoundImage): Promise<PlannedImage> => {
    if (draws) await pictures.add(pictureKey(image.name));
    return { name: image.name, file: image.file ?? (await stateOf(image)) };
  };
  const images = pMapIterable(once(sort.sorted()), planned, { concurrency: STATS_AT_ONCE });
  const manifest = await writeManifest(store, images, chunk, signal);
  await requireDifferent(pictures.sorted());
  if (manifest.images === 0 && left.unreadable.length === 0) {
    const received = left.otherFiles === 0 ? 'no file at all' : counted(left.otherFiles, 'other file');
    throw complain('E_IO', { where: all.join(' ') || 'plan', expected: 'pictures', received });
  }
  const plan = { id: randomBytes(8).toString('hex'), ...manifest, ...left };
  await writeNew(store, HEADER_FILE, headerText(header), signal);
  await writeNew(store, PLAN_FILE, planText(plan), signal);
  onProgress?.(plan.images);
  return { id: plan.id, images: plan.images, chunks: chunkCount(plan), ...left };
}

/** A file, or an object in a bucket. */
interface FoundImage {
  name: string;
  path?: string;
  /** As far as it is known. */
  file?: FileState | null;
}

/** Inputs whose images are found one by one. */
interface Sources {
  root: string;
  walk(take: (image: FoundImage) => Promise<void>): Promise<Pick<Discovery, 'otherFiles' | 'unreadable'>>;
  /** Looks at an image whose state is not known yet. */
  stateOf(image: FoundImage): Promise<FileState | null>;
}

async function openSources(
  inputs: readonly string[],
  inventory: readonly string[] | undefined,
  { out, discover }: RunSettings,
): Promise<Sources> {
  if (inventory !== undefined) return openInventoryInputs(inputs, inventory, discover);
  const stateOf = ({ path }: FoundImage) => fileState(path!, false);
  if (inputs.some(isBucket)) return { ...(await openBucketInputs(inputs, discover)), stateOf };
  return { ...(await openInputs(inputs, { ...discover, ...(!isBucket(out) && { skip: [resolve(out)] }) })), stateOf };
}

/**
 * A worker knows the images of its own chunk only, and can't number pictures that some file systems take for the same.
 *
 * @throws SigboxError E_ARGUMENT  two images would have one picture
 */
async function requireDifferent(pictures: AsyncIterable<string>): Promise<void> {
  let last: string | undefined;
  for await (const picture of pictures) {
    if (picture === last) {
      const expected = 'images whose pictures have different names, also without capitals';
      const mend = 'Plan without pictures and crops; annotate on the collected run draws them.';
      throw complain('E_ARGUMENT', { where: 'plan', expected, received: `two named ${picture}`, mend });
    }
    last = picture;
  }
}

/** Files that are looked at side by side. */
const STATS_AT_ONCE = 16;

/** Without the images that several inputs stand for, but for the first of each name. */
async function* once(images: AsyncIterable<FoundImage>): AsyncGenerator<FoundImage> {
  let last: string | undefined;
  for await (const image of images) {
    if (image.name !== last) yield image;
    last = image.name;
  }
}

/** Writes sorted images in files of whole chunks. */
export async function writeManifest(
  store: Store,
  images: AsyncIterable<PlannedImage>,
  chunkSize: number,
  signal?: AbortSignal,
): Promise<Pick<Plan, 'images' | 'chunkSize' | 'chunksPerFile' | 'files'>> {
  const chunksPerFile = Math.ceil(IMAGES_PER_FILE / chunkSize);
  const files: Plan['files'] = [];
  let [written, lines] = [0, [] as string[]];
  const flush = async () => {
    const bytes = Buffer.from(lines.join(''));
    await store.write(manifestKey(files.length), bytes, { signal });
    files.push({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    [written, lines] = [written + lines.length, []];
  };
  for await (const image of images) {
    signal?.throwIfAborted();
    lines.push(`${JSON.stringify(image)}\n`);
    if (lines.length === chunksPerFile * chunkSize) await flush();
  }
  if (lines.length > 0) await flush();
  return { images: written, chunkSize, chunksPerFile, files };
}

/** A plan is never changed, and the store may be the folder of another run. */
async function requireFree(store: Store, signal?: AbortSignal): Promise<void> {
  for (const key of [PLAN_FILE, RECORD_FILE]) {
    if ((await store.find(key, { signal })) !== null) throw taken(store, key);
  }
}

async function writeNew(store: Store, key: string, text: string, signal?: AbortSignal): Promise<void> {
  if ((await store.write(key, Buffer.from(text), { ifAbsent: true, signal })) === 'written') return;
  const { bytes } = await store.read(key);
  if (Buffer.from(bytes).toString() !== text) throw taken(store, key); // else a plan that was stopped has left it
}

function taken(store: Store, key: string): SigboxError {
  const mend = 'sigbox work resumes the run that is there; for another run use another --out.';
  return complain('E_IO', { where: store.name, expected: 'a store without a run', received: key, mend });
}
