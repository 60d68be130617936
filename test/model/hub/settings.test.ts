import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hubSettings } from '../../../src/model/hub/settings.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test.each([
  ['nothing', {}, join(homedir(), '.cache/huggingface/hub')],
  ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
  ['HF_HOME wins over it', { XDG_CACHE_HOME: '/x', HF_HOME: '/h' }, '/h/hub'],
  ['HF_HUB_CACHE wins over all', { XDG_CACHE_HOME: '/x', HF_HOME: '/h', HF_HUB_CACHE: '/c' }, '/c'],
  ['a home folder', { HF_HOME: '~/h' }, join(homedir(), 'h/hub')],
  ['empty values', { HF_HOME: ' ', HF_HUB_CACHE: '' }, join(homedir(), '.cache/huggingface/hub')],
])('the cache: %s', (_, env, cache) => {
  expect(hubSettings(env).cache).toBe(cache);
});

test('a token from a variable, a named file, the home folder; or none', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'token'), 'hf_home\n');
  await writeFile(join(folder, 'other'), 'hf_other\n');
  const HF_HOME = folder;
  expect(hubSettings({ HF_HOME }).token).toBe('hf_home');
  expect(hubSettings({ HF_HOME, HF_TOKEN_PATH: join(folder, 'other') }).token).toBe('hf_other');
  expect(hubSettings({ HF_HOME, HF_TOKEN: 'mine' }).token).toBe('mine');
  expect(hubSettings({ HF_HOME: join(folder, 'none') }).token).toBeNull();
});

test('switches and the endpoint', () => {
  expect(hubSettings({})).toMatchObject({ offline: false, symlinks: true, endpoint: 'https://huggingface.co' });
  const env = { HF_HUB_OFFLINE: 'yes', HF_HUB_DISABLE_SYMLINKS: '1', HF_ENDPOINT: 'http://mirror:8000/' };
  expect(hubSettings(env)).toMatchObject({ offline: true, symlinks: false, endpoint: 'http://mirror:8000' });
  expect(() => hubSettings({ HF_ENDPOINT: 'mirror' })).toThrow(complaint('E_ARGUMENT', /^HF_ENDPOINT: expected a web/));
});
