import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing; one that is there is as good as made.
 *
 * @throws the file system's own error, of the folder that can't be made
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    // So Node puts it also where the disk is full; one folder by itself is told of as it is.
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw cause;
    await makeFolder(dirname(folder));
    await mkdir(folder).catch((alone) => {
      if (alone.code !== 'EEXIST') throw alone; // another has made it meanwhile
    });
  }
}
