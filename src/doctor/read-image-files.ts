import { basename, join } from 'node:path';
import type { GroundTruthSet } from '../evaluate/tables/ground-truth-set.js';
import { exists } from '../files/read-file.js';
import { type FileFacts, imageFacts } from '../image/image-facts.js';

/**
 * Size and hashes of the files of annotated images, by name; those without a file are left out.
 *
 * @param folder  where the images lie, under their names or under the last parts of them
 */
export async function readImageFiles({ images }: GroundTruthSet, folder: string): Promise<Map<string, FileFacts>> {
  const files = new Map<string, FileFacts>();
  for (const { name } of images) {
    if (name === null) continue;
    for (const path of new Set([join(folder, name), join(folder, basename(name))])) {
      if (!(await exists(path))) continue;
      files.set(name, await imageFacts(path));
      break;
    }
  }
  return files;
}
