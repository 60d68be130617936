import { lstat, readlink, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reason, SigboxError } from '../../errors.js';

/**
 * Makes `images` in a folder of YOLO labels a link to the folder of the pictures, so that trainers, which look for labels in
 * `labels/` beside `images/`, take the folder as it is. The pictures are not copied.
 *
 * @param folder  with data.yaml and labels/
 * @param images  folder that names of images are below
 * @throws SigboxError E_IO  something else is there already, or links can't be made
 */
export async function linkImages(folder: string, images: string): Promise<void> {
  const [link, target] = [join(folder, 'images'), resolve(images)];
  const there = await lstat(link).catch(() => null);
  if (there?.isSymbolicLink() && resolve(folder, await readlink(link)) === target) return;
  if (there !== null) {
    const mend = 'Move it away, or leave out --link-images.';
    throw new SigboxError('E_IO', `${link}: something else is there than a link to ${target}. ${mend}`);
  }
  try {
    await symlink(target, link, 'junction'); // which Windows allows everybody; elsewhere the kind is ignored
  } catch (cause) {
    throw new SigboxError('E_IO', `${link}: cannot be made a link to ${target}: ${reason(cause)}.`, { cause });
  }
}
