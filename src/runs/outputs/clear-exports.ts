import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reason, SigboxError } from '../../errors.js';
import { LIST_FILE, type OwnedFiles } from '../../files/owned-files.js';
import { exists } from '../../files/read-file.js';
import { removeExports } from '../../formats/export-annotations.js';
import { FORMAT_NAMES, type FormatName } from '../../formats/format.js';
import { FORMATS } from '../../formats/formats.js';
import { OwnedFolder } from '../../formats/owned-folder.js';

/** Of formats that a run has made in a folder, those that are still there. @param made  names that are none are passed over */
export async function exportsIn(out: string, made: readonly string[]): Promise<FormatName[]> {
  const found: FormatName[] = [];
  for (const format of FORMAT_NAMES.filter((name) => made.includes(name))) {
    const there = await Promise.all(placesOf(format).map((name) => exists(join(out, name))));
    if (there.includes(true)) found.push(format);
  }
  return found;
}

/** Formats that sigbox has written in a folder, by a run or by an export of it, and that are still there. */
export async function ownExportsIn(files: OwnedFiles): Promise<FormatName[]> {
  const own: FormatName[] = [];
  for (const format of await exportsIn(files.folder, FORMAT_NAMES)) {
    const { folder } = FORMATS[format];
    const isOwn =
      folder === undefined
        ? placesOf(format).some((name) => files.has(name))
        : await exists(join(files.folder, folder, LIST_FILE));
    if (isOwn) own.push(format);
  }
  return own;
}

/**
 * Removes what a run has exported that is not made again. Files that are not as they were written stay.
 *
 * @param files  of the run's folder
 * @param made   formats that the run has made there
 * @param again  formats that will be made
 * @throws SigboxError E_IO  something can't be removed
 */
export async function clearExports(
  files: OwnedFiles,
  made: readonly string[],
  again: readonly FormatName[],
): Promise<void> {
  const { folder: out } = files;
  for (const format of await exportsIn(out, made)) {
    if (again.includes(format)) continue;
    const isFolder = FORMATS[format].folder !== undefined;
    for (const name of placesOf(format)) await (isFolder ? removeOwned(join(out, name)) : files.remove(name));
  }
  await removeExports(files, again);
}

/** Files, or the folder, of a format. */
function placesOf(format: FormatName): readonly string[] {
  const { files, folder } = FORMATS[format];
  return folder === undefined ? files : [folder];
}

async function removeOwned(folder: string): Promise<void> {
  const owned = await OwnedFolder.open(folder, []);
  await owned.finish(); // nothing was written: all goes but for the list
  try {
    const left = await readdir(folder, { recursive: true, withFileTypes: true });
    if (left.filter((entry) => !entry.isDirectory()).length <= 1) await rm(folder, { recursive: true });
  } catch (cause) {
    throw new SigboxError('E_IO', `${folder}: cannot be removed: ${reason(cause)}.`, { cause });
  }
}
