import { FolderStore } from './folder-store.js';
import type { Store } from './store.js';

/** @param where  a folder, which is made when something is written into it */
export async function openStore(where: string): Promise<Store> {
  return new FolderStore(where);
}
