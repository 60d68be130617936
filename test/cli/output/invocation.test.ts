import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { invocation } from '../../../src/cli/output/invocation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const installed = '/home/me/project/node_modules/.bin/sigbox';

test.each([
  ['npx', { npm_command: 'exec', npm_config_user_agent: 'npm/11 node/v24' }, 'npx sigbox'],
  ['a script of package.json', { npm_command: 'run-script', npm_config_user_agent: 'npm/11' }, 'npx sigbox'],
  ['pnpm', { npm_config_user_agent: 'pnpm/10 npm/? node/v24' }, 'pnpm exec sigbox'],
  ['yarn', { npm_config_user_agent: 'yarn/4 npm/?' }, 'yarn sigbox'],
  ['bun', { npm_config_user_agent: 'bun/1.2 npm/?' }, 'bunx sigbox'],
  ['node_modules/.bin/sigbox', {}, 'npx sigbox'],
])('started by %s', (_, env, typed) => {
  expect(invocation({ env, script: installed, platform: 'linux' })).toBe(typed);
});

test('installed globally: where a shell finds it, but not in node_modules/.bin', async () => {
  const folder = await temporaryFolder();
  const start = (path: string, platform: NodeJS.Platform = 'linux') =>
    invocation({ env: { PATH: path }, script: installed, platform });
  await writeFile(join(folder, 'sigbox'), '');
  expect(start(`/nowhere:${folder}`)).toBe('sigbox');
  const local = join(folder, 'node_modules', '.bin');
  await mkdir(local, { recursive: true });
  await writeFile(join(local, 'sigbox'), '');
  expect(start(local)).toBe('npx sigbox');
  await writeFile(join(folder, 'sigbox.cmd'), '');
  expect(start(`C:\\nowhere;${folder}`, 'win32')).toBe('sigbox');
});

test('from a checkout: by its path', () => {
  expect(invocation({ env: {}, script: join(process.cwd(), 'dist/cli/main.js'), platform: 'linux' })).toBe(
    'node dist/cli/main.js',
  );
});
