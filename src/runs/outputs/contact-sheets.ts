import { join } from 'node:path';
import type { OwnedFiles } from '../../files/owned-files.js';
import { drawContactSheet } from '../../render/draw-contact-sheet.js';
import { pictureNames } from './picture-names.js';
import { PICTURES, SHEETS } from './rendering.js';

/** Pictures of a sheet, and sheets of a run. */
const SHEET_PICTURES = 48;
const MOST_SHEETS = 200;

/** Files that the sheets of so many images may need, below the run's folder. */
export function sheetFiles(images: number): string[] {
  const sheets = Math.min(MOST_SHEETS, Math.ceil(images / SHEET_PICTURES));
  return Array.from({ length: sheets }, (_, i) => `${SHEETS}/${i + 1}.jpg`);
}

/**
 * Writes a run's drawn pictures small onto sheets, 48 on each, in the order of their names; the first 9,600 of them. Sheets of
 * an earlier run that are not needed any more are removed.
 *
 * @param files   of the run's folder
 * @param images  names of all its images
 * @throws SigboxError E_IO  one can't be written
 */
export async function writeContactSheets(files: OwnedFiles, images: readonly string[]): Promise<void> {
  const names = pictureNames(images);
  const drawn = images.filter((image) => files.has(`${PICTURES}/${names.get(image)!}`));
  const needed = sheetFiles(drawn.length);
  for (const [i, file] of needed.entries()) {
    const own = drawn.slice(i * SHEET_PICTURES, (i + 1) * SHEET_PICTURES);
    const pictures = own.map((image) => {
      return { image: join(files.folder, PICTURES, names.get(image)!), caption: image };
    });
    await files.write(file, await drawContactSheet(pictures), { again: true });
  }
  for (const path of files.paths()) {
    if (path.startsWith(`${SHEETS}/`) && !needed.includes(path)) await files.remove(path);
  }
}
