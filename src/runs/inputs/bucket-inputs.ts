import { complain } from '../../errors.js';
import { isBelow } from '../../files/owned-files.js';
import { openStore } from '../../files/store/open-store.js';
import { PatientStore } from '../../files/store/patient-store.js';
import type { Store, StoredFile } from '../../files/store/store.js';
import type { FileState } from '../record/record.js';
import { type DiscoverOptions, type Discovery, fileChoice, type InputImage } from './discover.js';
import { objectState } from './file-state.js';

/** An image in a bucket. */
export interface BucketImage {
  /** Key below the root. */
  name: string;
  file: FileState;
}

/** Images in buckets that are found one by one, however many there are. */
export interface OpenBucketInputs {
  /** `s3://bucket/prefix` that the names are below. */
  root: string;
  /** @param take  waited for before the next image */
  walk(take: (image: BucketImage) => void | Promise<void>): Promise<Pick<Discovery, 'otherFiles' | 'unreadable'>>;
}

/** Whether an input or a root is in object storage. */
export function isBucket(place: string): boolean {
  return /^s3:\/\//i.test(place);
}

/** Objects whose names can't be those of files; so many are named. */
const NAMED = 100;

/** Notes an object that is left out. @param unreadable  changed */
export function noteStrange(key: string, unreadable: Discovery['unreadable']): void {
  if (unreadable.length < NAMED) unreadable.push({ path: key, reason: 'its key can’t be the name of a file' });
}

/**
 * Inputs that are prefixes or objects of one bucket.
 *
 * @throws SigboxError E_ARGUMENT  inputs of several buckets, or files among them
 */
export async function openBucketInputs(
  inputs: readonly string[],
  options: DiscoverOptions = {},
  open: (where: string) => Promise<Store> = openStore,
): Promise<OpenBucketInputs> {
  const strange = inputs.find((input) => !isBucket(input)) ?? options.listed?.[0];
  if (strange !== undefined) throw mixed(strange);
  const root = options.root ?? sharedPrefix(inputs);
  const store = new PatientStore(await open(root));
  const { isPicture, isWanted } = fileChoice(options);
  return {
    root,
    async walk(take) {
      const unreadable: Discovery['unreadable'] = [];
      let otherFiles = 0;
      for (const input of inputs) {
        for await (const object of objectsOf(store, keyBelow(root, input))) {
          const { key } = object;
          if (key.endsWith('/') || isHidden(key)) continue; // a folder, as some tools make them
          const isOne = key === keyBelow(root, input);
          if (!isBelow(key)) noteStrange(key, unreadable);
          else if ((isOne || isPicture(key)) && isWanted(key)) await take({ name: key, file: objectState(object) });
          else otherFiles++;
        }
      }
      return { otherFiles, unreadable };
    },
  };
}

/** The images of a bucket, as `discover` finds those of folders. */
export async function discoverBucket(inputs: readonly string[], options: DiscoverOptions): Promise<Discovery> {
  const { root, walk } = await openBucketInputs(inputs, options);
  const images = new Map<string, InputImage>();
  const left = await walk(({ name, file }) => void images.set(name, { name, path: `${root}/${name}`, file }));
  return { root, images: [...images.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), ...left };
}

/** One object, or all below a prefix. */
async function* objectsOf(store: Store, key: string): AsyncGenerator<StoredFile> {
  const one = key === '' ? null : await store.find(key);
  if (one !== null) yield one;
  else yield* store.list(key === '' ? '' : `${key}/`);
}

function isHidden(key: string): boolean {
  return /(^|\/)\.[^/]/.test(key) && !/(^|\/)\.\.(\/|$)/.test(key);
}

/** `s3://bucket/a` and `s3://bucket/b/c` share `s3://bucket`; a single input is itself, without the slash at its end. */
function sharedPrefix(inputs: readonly string[]): string {
  const [first = [], ...others] = inputs.map(partsOf);
  let depth = first.length;
  for (const other of others)
    while (depth > 0 && first.slice(0, depth).join('/') !== other.slice(0, depth).join('/')) depth--;
  if (depth === 0) throw mixed(inputs.at(-1)!);
  return `s3://${first.slice(0, depth).join('/')}`;
}

/** What of an input lies below the root; '' where it is the root. */
function keyBelow(root: string, input: string): string {
  const [above, parts] = [partsOf(root), partsOf(input)];
  if (above.some((part, i) => part !== parts[i])) throw mixed(input);
  return parts.slice(above.length).join('/');
}

function partsOf(place: string): string[] {
  return place
    .replace(/^s3:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
}

function mixed(received: string): Error {
  return complain('E_ARGUMENT', { where: 'inputs', expected: 'all of them in one bucket', received });
}
