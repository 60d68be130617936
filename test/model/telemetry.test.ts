import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { linux, succeeds } from '../support/machine.js';
import { bin, run, sample } from '../support/run.js';

const APART = ['unshare', '--net', '--mount'] as const;
const namespaces = linux && succeeds('unshare', ['--net', '--mount', 'ip', 'link', 'set', 'lo', 'up']);
const resolver = fileURLToPath(new URL('logging-resolver.mjs', import.meta.url));

if (!namespaces)
  console.warn('skipped: what goes over the network can’t be seen here (no network namespaces, or no ip)');

async function watched(...command: string[]) {
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env;
  const args = [...APART.slice(1), process.execPath, resolver, ...command];
  const { stdout, stderr } = await run('env', ['-u', 'ORT_DISABLE_TELEMETRY', APART[0], ...args], { env });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { status: number; names: string[]; left: string[] };
}

test.skipIf(!namespaces)('the name server of this test notes who is asked for', async () => {
  const lookup = "require('node:dns').lookup('control.example', () => {})";
  expect((await watched(process.execPath, '-e', lookup)).names).toEqual(['control.example']);
});

test.skipIf(!namespaces).each([
  ['detect', ['detect', sample('street.jpg'), '--workers', '0']],
  ['annotate, with workers', ['annotate', sample('street.jpg'), '--out', '/tmp/out', '--workers', '2']],
  ['inspect', ['inspect']],
])('%s asks no name server for anybody, and leaves no file', async (_, args) => {
  expect(await watched(process.execPath, bin, ...args)).toEqual({ status: 0, names: [], left: [] });
});
