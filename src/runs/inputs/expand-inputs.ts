import { stat } from 'node:fs/promises';
import { isDynamicPattern } from 'tinyglobby';
import { complain } from '../../errors.js';
import { discover } from './discover.js';

/**
 * The images that words stand for, in the words' order: a folder is all its pictures, a glob pattern all pictures that match;
 * anything else is itself, whether or not there is such a file.
 *
 * @returns at least one
 * @throws SigboxError E_IO  a folder without pictures, or a pattern that matches none
 */
export async function expandInputs(inputs: readonly string[]): Promise<string[]> {
  const expanded = await Promise.all(inputs.map(expand));
  return expanded.flat();
}

async function expand(input: string): Promise<string[]> {
  const found = await stat(input).catch(() => null);
  const isFolder = found?.isDirectory() === true;
  if (!isFolder && (found !== null || !isDynamicPattern(input))) return [input];
  const { images } = await discover([input]);
  if (images.length > 0) return images.map(({ path }) => path);
  throw complain('E_IO', { where: input, expected: 'a folder with pictures', received: 'a folder without any' });
}
