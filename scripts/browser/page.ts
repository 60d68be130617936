/**
 * Bundles the review page and its worker, with the parts of sigbox that they share with Node, into dist/review/page.
 *
 *     npx tsx scripts/browser/page.ts
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { withoutWords } from './without-words.js';

const page = new URL('../../src/review/page/', import.meta.url);
const out = new URL('../../dist/review/page/', import.meta.url);
const path = (name: string, base: URL) => fileURLToPath(new URL(name, base));

await mkdir(out, { recursive: true });
await build({
  entryPoints: {
    page: path('main.tsx', page),
    worker: path('engine/worker.ts', page),
  },
  outdir: fileURLToPath(out),
  bundle: true,
  format: 'iife', // modules can't be loaded from file://
  target: 'es2022',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'inline',
  plugins: [withoutWords],
});
await build({
  entryPoints: { page: path('styles/page.css', page) },
  outdir: fileURLToPath(out),
  bundle: true,
  minify: true,
});
for (const name of ['index.html', 'icon.svg']) await copyFile(path(name, page), path(name, out));
