import { join, resolve } from 'node:path';
import { complain } from '../../errors.js';
import { isBelow } from '../../files/owned-files.js';
import { openStore } from '../../files/store/open-store.js';
import { PatientStore } from '../../files/store/patient-store.js';
import type { FileState } from '../record/record.js';
import { isBucket, noteStrange } from './bucket-inputs.js';
import { type DiscoverOptions, type Discovery, fileChoice } from './discover.js';
import { fileState, objectState } from './file-state.js';
import { readInventory } from './inventory.js';

/** An image that an inventory names. */
export interface InventoryImage {
  name: string;
  /** null: there is none, or the inventory does not say */
  file: FileState | null;
}

/** Images of a folder, or of a prefix of a bucket, that inventories name. */
export interface OpenInventoryInputs {
  root: string;
  walk(take: (image: InventoryImage) => void | Promise<void>): Promise<Pick<Discovery, 'otherFiles' | 'unreadable'>>;
  /** Looks at an image of which the inventory says too little; of a file it does not know the time exactly. */
  stateOf(image: { name: string }): Promise<FileState | null>;
}

/**
 * @param inputs  the folder or the prefix, one
 * @throws SigboxError E_ARGUMENT  more of them
 */
export async function openInventoryInputs(
  inputs: readonly string[],
  inventories: readonly string[],
  options: DiscoverOptions,
): Promise<OpenInventoryInputs> {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    const expected = 'the one folder or prefix that the inventory is of';
    throw complain('E_ARGUMENT', { where: 'plan', expected, received: inputs.join(' ') || 'none' });
  }
  const root = isBucket(input) ? input.replace(/\/+$/, '') : resolve(input);
  const { isPicture, isWanted } = fileChoice(options);
  const nameOf = isBucket(root) ? nameInBucket(root) : nameInFolder(root);
  return {
    root,
    async walk(take) {
      const unreadable: Discovery['unreadable'] = [];
      let otherFiles = 0;
      for (const inventory of inventories) {
        for await (const { key, bucket, file } of readInventory(inventory)) {
          const name = nameOf(key, bucket);
          if (name === null || !isPicture(name) || !isWanted(name)) otherFiles++;
          else if (isBelow(name)) await take({ name, file: isBucket(root) ? file : null });
          else noteStrange(key, unreadable);
        }
      }
      return { otherFiles, unreadable };
    },
    stateOf: isBucket(root) ? await objectStates(root) : ({ name }) => fileState(join(root, name), false),
  };
}

/** @returns null for what is not below the prefix */
function nameInBucket(root: string): (key: string, bucket: string | null) => string | null {
  const [own = '', ...parts] = root.replace(/^s3:\/\//i, '').split('/');
  const prefix = parts.length === 0 ? '' : `${parts.join('/')}/`;
  return (key, bucket) => ((bucket ?? own) === own && key.startsWith(prefix) ? key.slice(prefix.length) : null);
}

/** Paths may be below the folder, or absolute. */
function nameInFolder(root: string): (key: string) => string | null {
  return (key) => (!key.startsWith('/') ? key : key.startsWith(`${root}/`) ? key.slice(root.length + 1) : null);
}

async function objectStates(root: string): Promise<OpenInventoryInputs['stateOf']> {
  const store = new PatientStore(await openStore(root));
  return async ({ name }) => {
    const found = await store.find(name);
    return found === null ? null : objectState(found);
  };
}
