import { complain } from '../../errors.js';
import { FolderStore } from './folder-store.js';
import type { Store } from './store.js';

/**
 * @param where  a folder, which is made when something is written into it, or `s3://bucket/prefix`
 * @throws SigboxError E_ARGUMENT  another URL, or the package for S3 is missing
 */
export async function openStore(where: string): Promise<Store> {
  if (/^s3:\/\//i.test(where)) return (await import('./s3-store.js')).S3Store.open(where);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(where)?.[1];
  if (scheme === undefined) return new FolderStore(where);
  throw complain('E_ARGUMENT', {
    where: 'store',
    expected: 'a folder or s3://BUCKET/PREFIX',
    received: `${scheme}://…`,
  });
}
