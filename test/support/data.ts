import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe } from 'vitest';
import { root } from './run.js';

const folder = resolve(root, process.env.SIGBOX_DATA ?? '../shared/data');
const missing = !existsSync(folder);
if (missing) console.warn(`Skipped: no test data at ${folder}. SIGBOX_DATA names the folder.`);

/** Path of a file of the test data, which is not part of the project. */
export const data = (...path: string[]) => join(folder, ...path);

/** `describe`, skipped where the test data is missing. */
export const describeWithData = describe.skipIf(missing);
