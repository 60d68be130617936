/**
 * Compiles src/kernels/assembly to WebAssembly and embeds it in src/kernels/module.ts, so that bundlers and browsers
 * need no second file. The same sources and compiler give the same bytes.
 *
 *     npm run kernels
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';
import { writeWhole } from '../src/files/write-whole.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = 'src/kernels/assembly/index.ts';
const file = join(root, 'src/kernels/module.ts');

const flags = '-O3 --converge --noAssert --runtime stub --importMemory --use abort= --enable simd';
const wasm = await compile(flags.split(' '));
const source =
  '// Made by `npm run kernels` from src/kernels/assembly.\n\n/** The kernels, as WebAssembly in base64. */\n' +
  `export const module =\n  '${Buffer.from(wasm).toString('base64')}';\n`;
if (existsSync(file) && (await readFile(file, 'utf8')) === source) {
  console.log(`${relative(process.cwd(), file)} is up to date`);
} else {
  await writeWhole(file, Buffer.from(source));
  console.log(`${relative(process.cwd(), file)} built, ${wasm.length} bytes of WebAssembly`);
}

async function compile(options: string[]): Promise<Uint8Array> {
  const written = new Map<string, Uint8Array>();
  const { error, stderr } = await main([entry, '--baseDir', root, '--outFile', 'kernels.wasm', ...options], {
    writeFile: (name, contents) => void written.set(name, Buffer.from(contents)),
  });
  if (error !== null) throw new Error(`${entry} does not compile.\n${stderr}`, { cause: error });
  return written.get('kernels.wasm')!;
}
