import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// A queue, object storage and Parquet need packages that nobody else has to install.

const PACKAGES = ['bullmq', 'ioredis', '@aws-sdk/client-s3', 'hyparquet'];

/** Has Node find none of the packages, as where they are not installed. */
const hooks = `
  export async function resolve(name, context, next) {
    if (!${JSON.stringify(PACKAGES)}.includes(name)) return next(name, context);
    throw Object.assign(new Error('Cannot find package ' + name), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`;
const env = { NODE_OPTIONS: `--import=${dataUrl(register)}` };

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
  await mkdir(join(cwd, 'photos'));
});

test.each([
  [['plan', 's3://bucket/photos', '--out', 'store'], '@aws-sdk/client-s3'],
  [['annotate', 's3://bucket/photos', '--out', 'out'], '@aws-sdk/client-s3'],
  [['status', 's3://bucket/run'], '@aws-sdk/client-s3'],
  [['plan', 'photos', '--out', 'store', '--inventory', 'list.parquet'], 'hyparquet'],
])('%j names the package that it lacks', async (args, name) => {
  const { status, stderr } = await sigbox(args, { cwd, env });
  expect(stderr).toContain(`Install it: npm install ${name}`);
  expect(stderr.trimEnd()).not.toContain('\n');
  expect(status).toBe(64);
});

test('a queue names both of its packages; without one none is loaded', async () => {
  const done = await sigbox(['plan', sample('table.jpg'), '--out', 'store'], { cwd, env });
  expect(done).toMatchObject({ status: 0, stderr: '' });
  const queued = await sigbox(['work', 'store', '--queue', 'redis://localhost', '--workers', '1'], { cwd, env });
  expect(queued.status).toBe(64);
  expect(queued.stderr).toMatch(/expected the packages bullmq and ioredis .*npm install bullmq ioredis/);
  expect(await sigbox(['work', 'store', '--workers', '1'], { cwd, env })).toMatchObject({
    status: 0,
    stdout: '1 image in 1 chunk\n',
  });
});

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
