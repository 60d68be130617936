/**
 * Compiles src/kernels/assembly to WebAssembly and embeds it in src/kernels/module.ts, so that bundlers and browsers
 * need no second file. The same sources and compiler give the same bytes. Hexadecimal digits, because gzip makes 7.1 kB of
 * them and 8.6 kB of base64, whose letters cut across the bytes.
 *
 *     npm run kernels
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../src/files/write-whole.js';
import { compileAssembly } from './compile.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const entry = 'src/kernels/assembly/index.ts';
const file = join(root, 'src/kernels/module.ts');

const wasm = await compileAssembly(entry, root);
const source =
  '// Made by `npm run kernels` from src/kernels/assembly.\n\n/** The kernels: WebAssembly, two hexadecimal digits per byte. */\n' +
  `export const module =\n  '${Buffer.from(wasm).toString('hex')}';\n`;
if (existsSync(file) && (await readFile(file, 'utf8')) === source) {
  console.log(`${relative(process.cwd(), file)} is up to date`);
} else {
  await writeWhole(file, Buffer.from(source));
  console.log(`${relative(process.cwd(), file)} built, ${wasm.length} bytes of WebAssembly`);
}
