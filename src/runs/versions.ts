import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageFile } from '../files/package-files.js';

/** What a run's results depend on besides its model and options: sigbox, Node, onnxruntime and sharp, by name. */
export function versions(): Record<string, string> {
  const own = versionIn(packageFile(''));
  const others = ['onnxruntime-node', 'sharp'].map((name) => [name, versionIn(folderOf(name))]);
  return { sigbox: own, node: process.versions.node, ...Object.fromEntries(others) };
}

function versionIn(folder: string): string {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/** Not every package lets its package.json be imported. */
function folderOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const folder = join('node_modules', name);
  return entry.slice(0, entry.lastIndexOf(folder) + folder.length);
}
