/**
 * Makes the ONNX files that the manifests in models/ describe.
 *
 *     npm run model                 those that are missing or stale
 *     npm run model -- --update     all of them, and writes their hashes and sizes into the manifests
 *     npm run model -- FOLDER       of another folder of manifests
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SigboxError } from '../../src/errors.js';
import { buildModel } from './build.js';
import { findManifests } from './manifest.js';

const models = relative(process.cwd(), fileURLToPath(new URL('../../models', import.meta.url)));

try {
  const options = { update: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  for (const manifest of await findManifests(positionals[0] ?? models)) {
    console.log(await buildModel(manifest, values));
  }
} catch (error) {
  const told =
    error instanceof SigboxError || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  if (!told) throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
