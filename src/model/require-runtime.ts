import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { reason, SigboxError } from '../errors.js';

// Imported before onnxruntime-node, so that an installation that can't be loaded is one line instead of that package's stack.

/** What onnxruntime-node's package contains. Source: its bin/napi-v6 folder, 1.30. */
const BUILDS = ['darwin/arm64', 'linux/arm64', 'linux/x64', 'win32/arm64', 'win32/x64'];

const { resolve } = createRequire(import.meta.url);

try {
  createRequire(import.meta.url)('onnxruntime-node');
} catch (cause) {
  throw new SigboxError('E_IO', `onnxruntime-node cannot be loaded: ${advice(reason(cause))}`, { cause });
}

/** Why, and how to mend it. */
function advice(why: string): string {
  const build = `${process.platform}/${process.arch}`;
  if (!BUILDS.includes(build)) return `it has no build for ${build}, only for ${BUILDS.join(', ')}.`;
  if (usesMusl())
    return 'it needs glibc, and this system (Alpine?) has musl. Use a Debian image, such as node:22-slim.';
  const folder = join(dirname(resolve('onnxruntime-node')), '..');
  const binding = join(folder, 'bin', 'napi-v6', build, 'onnxruntime_binding.node');
  const what = existsSync(binding) ? why.replace(/\.$/, '') : `its files for ${build} are missing`;
  return `${what} (${folder}). Delete the project’s node_modules and install again: npm install --ignore-scripts.`;
}

/** Linux without glibc: its libraries have other names, and onnxruntime-node has no build for it. */
function usesMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
