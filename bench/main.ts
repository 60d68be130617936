/**
 * Measures sigbox as built in dist/. Each bench runs in a process of its own.
 *
 *     npm run bench                    builds, then runs all
 *     npm run bench -- stages startup  those only
 *     npm run bench -- stages --write  and writes the tables into bench/results/stages.md
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { commit, machine } from './results.js';

const BENCHES = [
  'stages',
  'resize',
  'scan',
  'postprocess',
  'rules',
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
  'review',
  'scale',
];

const given = process.argv.slice(2);
const named = given.filter((name) => name !== '--write');
const unknown = named.filter((name) => !BENCHES.includes(name));
if (unknown.length > 0) {
  console.error(`bench: expected ${BENCHES.join(', ')}, received ${unknown.join(', ')}.`);
  process.exit(64);
}
console.log(`${machine()}; commit ${commit()}; one thread for inference and libvips unless a table says otherwise`);
for (const name of named.length > 0 ? named : BENCHES) {
  console.log(`\n# ${name}\n`);
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const env = { ...process.env, ...(given.includes('--write') && { WRITE: '1' }) };
  const { status } = spawnSync(process.execPath, [...process.execArgv, file], { stdio: 'inherit', env });
  if (status !== 0) process.exitCode = 1;
}
