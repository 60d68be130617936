import { appendFile, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { resultLine } from '../../src/runs/record/record.js';
import { recordOf } from '../runs/runs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type MadeRun, madeRun, openReview } from './made-run.js';

let made: MadeRun;

beforeEach(async () => {
  made = await madeRun(await temporaryFolder(), { images: 4 });
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** A request as it is written: neither its path nor its headers are mended on the way. */
function ask(url: string, path: string, { headers = {}, method = 'GET', body = '' }: Asking = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((answered, failed) => {
    const sent = request({ host: hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => answered({ status: response.statusCode!, headers: response.headers, body: text }));
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

interface Asking {
  headers?: Record<string, string>;
  method?: string;
  body?: string;
}

const json = { 'content-type': 'application/json' };

test('the page and what it asks for are served under the token', async () => {
  await using server = await openReview('0.1.0', { runs: [made.folder] });
  const { pathname } = new URL(server.url);
  expect(pathname).toMatch(/^\/[\w-]{22}\/$/);
  expect((await ask(server.url, pathname)).body).toContain('<title>sigbox review</title>');
  const info = JSON.parse((await ask(server.url, `${pathname}data/page.json`)).body);
  expect(info.runs[0]).toMatchObject({ name: 'run', images: 4, failed: 1, candidates: false });
  const { status, headers, body } = await ask(server.url, `${pathname}thumbnails/0/0.jpg`);
  expect([status, headers['content-type'], body.slice(0, 2)]).toEqual([200, 'image/jpeg', '\xff\xd8']);
});

test('two servers have two tokens', async () => {
  await using one = await openReview('0.1.0', { runs: [made.folder] });
  await using other = await openReview('0.1.0', { runs: [made.folder] });
  expect(new URL(one.url).pathname).not.toBe(new URL(other.url).pathname);
});

test('every answer says what a browser may do with it', async () => {
  await using server = await openReview('0.1.0', { runs: [made.folder] });
  const { pathname } = new URL(server.url);
  for (const path of [pathname, `${pathname}page.js`, '/', `${pathname}none`]) {
    const { headers } = await ask(server.url, path);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe-inline');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  }
});

describe('it refuses', () => {
  test.each([
    ['no token', () => '/', {}, 403],
    ['another token', (path: string) => path.replace(/.\/$/, (end) => (end === 'A/' ? 'B/' : 'A/')), {}, 403],
    ['the beginning of a token', (path: string) => `${path.slice(0, 8)}/`, {}, 403],
    ['a foreign host', (path: string) => path, { headers: { host: 'evil.example' } }, 403],
    ['a host with a foreign port', (path: string) => path, { headers: { host: '127.0.0.1:1' } }, 403],
    ['another method', (path: string) => path, { method: 'DELETE' }, 405],
    ['a file of the run', (path: string) => `${path}run.json`, {}, 404],
    ['a path that climbs', (path: string) => `${path}../../../../etc/passwd`, {}, 404],
    ['a path that climbs in disguise', (path: string) => `${path}pictures/0/..%2f..%2fetc%2fpasswd`, {}, 404],
    ['a part of a page file', (path: string) => `${path}constructor`, {}, 404],
    ['an image that is not there', (path: string) => `${path}pictures/0/99.jpg`, {}, 400],
    ['a run that is not there', (path: string) => `${path}data/7/names/0.json`, {}, 400],
    ['a block that is not there', (path: string) => `${path}data/0/regions/9.bin`, {}, 400],
    [
      'a change by another page',
      (path: string) => `${path}data/0/corrections/0`,
      { method: 'POST', headers: { ...json, origin: 'https://evil.example' }, body: '{}' },
      403,
    ],
    [
      'a change that a form can send',
      (path: string) => `${path}data/0/corrections/0`,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' },
      415,
    ],
    [
      'a correction that is none',
      (path: string) => `${path}data/0/corrections/0`,
      { method: 'POST', headers: json, body: '{"reviewed":"yes","regions":[]}' },
      400,
    ],
    [
      'thresholds out of range',
      (path: string) => `${path}data/0/thresholds`,
      { method: 'POST', headers: json, body: '{"scoreThreshold":45}' },
      400,
    ],
  ])('%s', async (_, path, asking: Asking, status) => {
    await using server = await openReview('0.1.0', { runs: [made.folder] });
    const answer = await ask(server.url, path(new URL(server.url).pathname), asking);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('root:');
  });

  test('to follow a name that leads out of the folder of images', async () => {
    const outside = { ...recordOf('../run/run.json'), width: 10, height: 10 };
    await appendFile(join(made.folder, 'unfiltered.jsonl'), resultLine(outside));
    await using server = await openReview('0.1.0', { runs: [made.folder] });
    const answer = await ask(server.url, `${new URL(server.url).pathname}pictures/0/3.jpg`);
    expect([answer.status, answer.body]).toEqual([404, expect.stringContaining('below the folder of images')]);
  });

  test('to write with readOnly', async () => {
    await using server = await openReview('0.1.0', { runs: [made.folder], readOnly: true });
    const body = JSON.stringify({ reviewed: true, edited: false, regions: [] });
    const path = `${new URL(server.url).pathname}data/0/corrections/0`;
    expect((await ask(server.url, path, { method: 'POST', headers: json, body })).status).toBe(400);
    await expect(readFile(join(made.folder, 'review.jsonl'))).rejects.toThrow('ENOENT');
  });
});

test('a correction is a line of review.jsonl, and is there the next time', async () => {
  const correction = { reviewed: true, edited: true, regions: [] };
  {
    await using server = await openReview('0.1.0', { runs: [made.folder] });
    const path = `${new URL(server.url).pathname}data/0/corrections/1`;
    const answer = await ask(server.url, path, { method: 'POST', headers: json, body: JSON.stringify(correction) });
    expect(answer.status).toBe(200);
  }
  const lines = await readFile(join(made.folder, 'review.jsonl'), 'utf8');
  expect(JSON.parse(lines)).toEqual({ image: made.names[1], width: 320, height: 240, ...correction });
  await using again = await openReview('0.1.0', { runs: [made.folder] });
  const { body } = await ask(again.url, `${new URL(again.url).pathname}data/0/corrections.json`);
  expect(JSON.parse(body)).toEqual({ 1: correction });
});

test('with anonymous, neither names nor paths leave the server', async () => {
  const path = join(made.folder, 'secret.json');
  const groundTruth = { input: made.groundTruth, path };
  await using server = await openReview('0.1.0', { runs: [made.folder], groundTruth, anonymous: true });
  const { pathname } = new URL(server.url);
  const files = ['page.json', '0/names/0.json', '0/regions/0.bin', '0/ground-truth.bin', '0/corrections.json'];
  for (const file of files) {
    const { status, body } = await ask(server.url, `${pathname}data/${file}`);
    expect(status).toBe(200);
    expect(body).not.toMatch(/picture-\d|secret|sigbox test|small\.onnx/);
  }
});

test('a folder without a run is told', async () => {
  const folder = await temporaryFolder();
  await expect(openReview('0.1.0', { runs: [folder] })).rejects.toThrow(/expected the folder of a run/);
});
