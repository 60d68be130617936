import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a run left in its folder, but for what says when, and how fast, it went.
 *
 * @returns bytes as latin1, by path within the folder, sorted
 */
export async function filesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => !/^(summary\.txt|run\.json|\.sigbox-export)$/.test(name))
    .sort();
  const files: Record<string, string> = {};
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files[name] = await readFile(path, 'latin1');
  }
  return files;
}
