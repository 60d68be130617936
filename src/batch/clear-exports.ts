import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reason, SigboxError } from '../errors.js';
import { exists } from '../files/read-file.js';
import { removeFile } from '../files/remove-file.js';
import { removeExports } from '../formats/export-annotations.js';
import { FORMAT_NAMES, type FormatName } from '../formats/format.js';
import { FORMATS } from '../formats/formats.js';
import { OwnedFolder } from '../formats/owned-folder.js';

/**
 * Removes what a run has exported: beside other results or scores it would tell of what is no more. Formats with a file per
 * image replace their own when they are made anew; otherwise their files go, but for those that are not as they were
 * written.
 *
 * @param before  formats that the run has made in `out`
 * @param now     formats that will be made
 * @returns names of what was removed, in `out`, and will not be made anew, sorted
 * @throws SigboxError E_IO  something can't be removed
 */
export async function clearExports(
  out: string,
  before: readonly string[],
  now: readonly FormatName[],
): Promise<string[]> {
  const removed: string[] = [];
  for (const format of FORMAT_NAMES) {
    if (!before.includes(format) || now.includes(format)) continue;
    const { files, folder } = FORMATS[format];
    const names = folder === undefined ? files : [folder];
    for (const name of names) {
      if (!(await exists(join(out, name)))) continue;
      if (folder === undefined) await removeFile(join(out, name));
      removed.push(folder === undefined ? name : await removeOwned(out, folder));
    }
  }
  await removeExports(out, now);
  return removed.sort();
}

/** @returns what was removed, for people */
async function removeOwned(out: string, folder: string): Promise<string> {
  const path = join(out, folder);
  const owned = await OwnedFolder.open(path, []);
  await owned.finish(); // nothing was written: all goes but for the list
  try {
    const left = await readdir(path, { recursive: true, withFileTypes: true });
    if (left.filter((entry) => !entry.isDirectory()).length > 1) return `${folder}/ but for your own files`;
    await rm(path, { recursive: true });
    return `${folder}/`;
  } catch (cause) {
    throw new SigboxError('E_IO', `${path}: cannot be removed: ${reason(cause)}.`, { cause });
  }
}
