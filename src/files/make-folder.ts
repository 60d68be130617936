import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing; one that is there is as good as made.
 *
 * One at a time: Node's own `recursive` never ends where a folder that is there takes no others, as /proc, and takes a
 * link to nothing for a folder.
 *
 * @throws the file system's own error, of the folder that can't be made
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeOne(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw cause;
    await makeFolder(dirname(folder));
    await makeOne(folder);
  }
}

/** File systems disagree on what is wrong with making one that is there. */
async function makeOne(folder: string): Promise<void> {
  await mkdir(folder).catch(async (cause) => {
    const found = await stat(folder).catch(() => null);
    if (!found?.isDirectory()) throw cause;
  });
}
