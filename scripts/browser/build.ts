/**
 * Puts sigbox/postprocess, with all that it imports, into one file for runtimes that load modules over a network:
 * dist/postprocess.js. Reads dist/, which tsc writes.
 *
 *     npx tsx scripts/browser/build.ts
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withoutWords } from './without-words.js';

const dist = new URL('../../dist/', import.meta.url);
await build({
  entryPoints: [fileURLToPath(new URL('postprocess/index.js', dist))],
  outfile: fileURLToPath(new URL('postprocess.js', dist)),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  plugins: [withoutWords],
  banner: { js: '/* sigbox/postprocess, Apache-2.0 */' },
});
