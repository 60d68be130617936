import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.js';

/** The built library: worker processes can only run what has been compiled. */
export const built = (await import(
  pathToFileURL(join(root, 'dist', 'index.js')).href
)) as typeof import('../../src/index.js');
