/**
 * Measures sigbox as built in dist/. Each bench runs in a process of its own.
 *
 *     npm run bench                    builds, then runs all
 *     npm run bench -- stages startup  those only
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { fileURLToPath } from 'node:url';

const BENCHES = [
  'stages',
  'resize',
  'scan',
  'postprocess',
  'growth',
  'million',
  'zero-copy',
  'event-loop',
  'throughput',
  'startup',
  'pool',
  'folder',
  'memory',
  'folder-rivals',
  'evaluate',
];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`bench: expected ${BENCHES.join(', ')}, received ${unknown.join(', ')}.`);
  process.exit(64);
}
console.log(machine());
for (const name of named.length > 0 ? named : BENCHES) {
  console.log(`\n# ${name}\n`);
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, [...process.execArgv, file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

function machine(): string {
  const cpus = os.cpus();
  return [
    `${cpus[0]?.model.trim()}, ${cpus.length} cores`,
    `${os.type()} ${os.release()} ${os.arch()}`,
    `Node ${process.versions.node}`,
    `onnxruntime-node ${versionOf('onnxruntime-node')}`,
    `sharp ${versionOf('sharp')}`,
    'threads 1 (inference and libvips, as in a worker) unless a table says otherwise',
    `commit ${commit()}`,
    `load ${os.loadavg()[0]!.toFixed(1)}`,
  ].join('; ');
}

function versionOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
  return JSON.parse(readFileSync(`${folder}package.json`, 'utf8')).version;
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
    return (
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src') === '' ? '' : ' and changes')
    );
  } catch {
    return 'unknown';
  }
}
