import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.js';
import { installPacked } from '../support/packed.js';
import { root, run, sample } from '../support/run.js';

// The applications in examples/, with sigbox installed from the tarball, as a user runs them.

const APPLICATIONS = ['fastify-upload', 'express-upload', 'lambda', 'label-studio-backend', 'next-app'];
const street = await readFile(sample('street.jpg'));

let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigbox-examples-'));
  for (const name of APPLICATIONS) await cp(join(root, 'examples', name), join(folder, name), { recursive: true });
  await installPacked(folder, { workspaces: APPLICATIONS });
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(async () => {
  for (const child of running.splice(0)) await ended(child);
});

/** Starts an application on a free port; its address, and its process. */
async function start(name: string, env: Record<string, string> = {}) {
  const next = ['../node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', String(await freePort())];
  const child = spawn(process.execPath, name === 'next-app' ? next : ['server.mjs'], {
    cwd: join(folder, name),
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`${name} ended with status ${status}`)));
    child.stdout.on('data', (text) => {
      const listening = /(?:listening at|Local:) +(\S+)/.exec(String(text));
      if (listening !== null) resolve(listening[1]!);
    });
  });
  return { address, child };
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (status) => resolve(status));
    child.kill('SIGTERM');
  });
}

function form(bytes: Uint8Array<ArrayBuffer>): FormData {
  const body = new FormData();
  body.set('image', new Blob([bytes]), 'street.jpg');
  return body;
}

describe('fastify-upload', () => {
  test('answers with boxes, says what is wrong, and ends when it is told to', async () => {
    const { address, child } = await start('fastify-upload');
    const found = await fetch(`${address}/detect`, { method: 'POST', body: form(street) });
    expect(await found.json()).toMatchObject({ width: 1280, height: 720, detections: { 1: { label: 'car' } } });

    const broken = await fetch(`${address}/detect`, { method: 'POST', body: form(street.subarray(0, 300)) });
    expect(broken.status).toBe(422);
    expect(await broken.json()).toMatchObject({ error: expect.stringMatching(/^decode: /) });

    const none = await fetch(`${address}/detect`, { method: 'POST', body: new FormData() });
    expect([none.status, (await fetch(`${address}/health`)).status]).toEqual([400, 200]);

    const large = await fetch(`${address}/detect`, { method: 'POST', body: form(new Uint8Array(21 * 2 ** 20)) });
    expect(large.status).toBe(413);
    expect(await ended(child)).toBe(0);
  });

  test('refuses what is too much, and serves on', async () => {
    const { address } = await start('fastify-upload');
    const post = () => fetch(`${address}/detect`, { method: 'POST', body: form(street) });
    const answers = await Promise.all(Array.from({ length: 80 }, post));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.headers.get('retry-after')).toBe('1');
    expect(answers.filter(({ status }) => status === 200).length).toBe(80 - refused.length);
    expect((await post()).status).toBe(200);
  });
});

test('express-upload answers with boxes and says what is wrong', async () => {
  const { address, child } = await start('express-upload');
  const post = (body: Uint8Array<ArrayBuffer>, type: string) =>
    fetch(`${address}/detect`, { method: 'POST', body, headers: { 'content-type': type, connection: 'close' } });
  const found = await post(street, 'image/jpeg');
  expect(await found.json()).toMatchObject({ width: 1280, height: 720, detections: { 1: { label: 'car' } } });
  expect((await post(street.subarray(0, 300), 'image/jpeg')).status).toBe(422);
  expect((await post(street, 'text/plain')).status).toBe(415);
  expect((await post(new Uint8Array(21 * 2 ** 20), 'image/jpeg')).status).toBe(413);
  expect(await ended(child)).toBe(0);
});

test('lambda answers an event', async () => {
  const { handler } = await import(join(folder, 'lambda', 'index.mjs'));
  const found = await handler({ body: street.toString('base64'), isBase64Encoded: true });
  expect(found.statusCode).toBe(200);
  expect(JSON.parse(found.body)).toMatchObject({ width: 1280, detections: { 1: { label: 'car' } } });
  expect((await handler({ body: 'no picture' })).statusCode).toBe(422);
  expect((await handler({})).statusCode).toBe(400);
});

interface Prediction {
  value: { x: number; rectanglelabels: string[] };
}

describe('label-studio-backend', () => {
  const CONFIGURATION = `<View><Image name="picture" value="$photo"/>
    <RectangleLabels name="tag" toName="picture" choice="multiple"><Label value="car"/><Label value="bus"/></RectangleLabels></View>`;
  const asked: (string | undefined)[] = [];
  let studio: Server;
  let url: string;

  beforeAll(async () => {
    studio = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(request.url === '/data/upload/1/street.jpg' ? 200 : 404).end(street);
    });
    await new Promise<void>((listening) => studio.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(studio.address() as AddressInfo).port}`;
  });
  afterAll(() => studio.close());

  test('gives the boxes of the project’s labels, and its key to Label Studio alone', async () => {
    const { address } = await start('label-studio-backend', { LABEL_STUDIO_URL: url, LABEL_STUDIO_API_KEY: 'key' });
    const post = async (path: string, body: unknown) => {
      const answer = await fetch(address + path, { method: 'POST', body: JSON.stringify(body) });
      return { status: answer.status, body: (await answer.json()) as { results: { result: Prediction[] }[] } };
    };
    expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: 'UP', model_class: 'sigbox' });
    expect((await post('/setup', { project: '1' })).body).toEqual({ model_version: 'sigbox' });

    const task = (photo: string) => ({ tasks: [{ data: { photo } }], label_config: CONFIGURATION });
    const { results } = (await post('/predict', task('/data/upload/1/street.jpg'))).body;
    const { result } = results[0]!;
    const labels = result.map(({ value }) => value.rectanglelabels);
    expect(labels).toEqual([['car'], ['bus'], ['car']]);
    expect(result[0]).toMatchObject({ from_name: 'tag', to_name: 'picture', original_width: 1280 });
    expect(result[0]!.value.x).toBeCloseTo((100 * 272) / 1280, 0);
    expect(asked).toEqual(['Token key']);

    const elsewhere = await post('/predict', task(`${address}/data/upload/1/street.jpg`));
    expect(elsewhere).toMatchObject({ status: 500, body: { error: expect.stringMatching(/are not fetched/) } });
    const noBoxes = { ...task('/data/upload/1/street.jpg'), label_config: '<View/>' };
    expect((await post('/predict', noBoxes)).status).toBe(400);
    expect(asked).toEqual(['Token key']);
  });
});

test('next-app is built, and answers a form', async () => {
  const cwd = join(folder, 'next-app');
  const env = { NEXT_TELEMETRY_DISABLED: '1' };
  const build = await run(process.execPath, ['../node_modules/next/dist/bin/next', 'build'], { cwd, env });
  expect(build, build.stderr).toMatchObject({ status: 0 });
  const { address } = await start('next-app', env);
  expect(await (await fetch(address)).text()).toContain('What is in this picture?');
  const post = (bytes: Uint8Array<ArrayBuffer>) =>
    fetch(`${address}/api/detect`, { method: 'POST', body: form(bytes) });
  expect(await (await post(street)).json()).toMatchObject({ width: 1280, detections: { 1: { label: 'car' } } });
  expect((await post(street.subarray(0, 300))).status).toBe(422);
}, 300_000);

test('every application names this version of sigbox', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const name of [...APPLICATIONS, 'queue-worker']) {
    const { dependencies } = JSON.parse(await readFile(join(root, 'examples', name, 'package.json'), 'utf8'));
    expect([name, dependencies.sigbox]).toEqual([name, `^${version}`]);
  }
});
