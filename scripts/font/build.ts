/**
 * Makes fonts/unifont.ttf, which pictures fall back to for scripts that the machine has no font for: GNU Unifont covers
 * the whole Basic Multilingual Plane. Its npm package holds a WOFF, and Pango takes no compressed fonts.
 *
 *     npm run font
 */
import { existsSync } from 'node:fs';
import { copyFile, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../src/files/write-whole.js';

const folder = fileURLToPath(new URL('../../fonts/', import.meta.url));
const font = join(folder, 'unifont.ttf');
const shown = relative(process.cwd(), font);
const origin = dirname(createRequire(import.meta.url).resolve('@fontsource/unifont/package.json'));
const woff = join(origin, 'files', 'unifont-latin-400-normal.woff'); // every glyph, in spite of its name

if (existsSync(font) && (await stat(font)).mtimeMs >= (await stat(woff)).mtimeMs) {
  console.log(`${shown} is up to date`);
} else {
  const { convert } = await import('fontverter');
  const sfnt = await convert(await readFile(woff), 'sfnt');
  await writeWhole(font, sfnt);
  await copyFile(join(origin, 'LICENSE'), join(folder, 'OFL.txt'));
  console.log(`${shown} built, ${sfnt.length} bytes`);
}
