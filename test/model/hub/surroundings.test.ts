import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveHub } from '../../support/hub-server.js';
import { mounts } from '../../support/machine.js';
import { onnxModel } from '../../support/onnx.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// Downloads through a proxy, onto a full disk and into a cache that can't be written.

const script = fileURLToPath(new URL('pull.mjs', import.meta.url));
const model = onnxModel({ outputs: [{ name: 'out', dims: [1, 84, 8400] }] }); // 2.8 MB
const run = promisify(execFile);

async function hubAndCache() {
  const hub = await serveHub({ 'org/name': { files: { 'model.onnx': model, 'config.json': Buffer.from('{}') } } });
  const cache = await temporaryFolder();
  const env = { ...process.env, HF_HUB_CACHE: cache, HF_HOME: cache, HF_ENDPOINT: hub.endpoint, XDG_CACHE_HOME: cache };
  return { hub, cache, env };
}

/** A proxy that passes on what it is asked for, and tunnels; `asked` lists the hosts. */
async function proxy() {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(new URL(incoming.url!).host);
    const passed = request(incoming.url!, { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(passed);
  });
  server.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    const [host, port] = url.split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('HTTP_PROXY', () => {
  test('every request goes through it, those to the store of large files as well', async () => {
    const { hub, env } = await hubAndCache();
    const { asked, address } = await proxy();
    const { stdout } = await run(process.execPath, [script, 'hf:org/name'], {
      env: { ...env, HTTP_PROXY: address, http_proxy: address, NO_PROXY: '', no_proxy: '' },
    });
    expect((await readFile(stdout.trim().split('\n').at(-1)!)).equals(model)).toBe(true);
    expect(new Set(asked)).toEqual(new Set([new URL(hub.endpoint).host, hub.storeHost]));
  });

  test('NO_PROXY leaves it out', async () => {
    const { env } = await hubAndCache();
    const { asked, address } = await proxy();
    await run(process.execPath, [script, 'hf:org/name'], {
      env: { ...env, HTTP_PROXY: address, http_proxy: address, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' },
    });
    expect(asked).toEqual([]);
  });
});

describe.skipIf(!mounts)('a cache on a file system of its own (where this machine lets a test mount one)', () => {
  const pullOn = async (mount: string) => {
    const { cache, env } = await hubAndCache();
    const command = `${mount.replaceAll('CACHE', `"${cache}"`)} && "${process.execPath}" "${script}" hf:org/name; s=$?; find "${cache}" -type f -size +1k -name '[0-9a-f]*' ! -name '*.*'; exit $s`;
    return run('unshare', ['--mount', 'sh', '-c', command], { env }).then(
      ({ stdout }) => ({ status: 0, stdout, stderr: '' }),
      ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
    );
  };

  test('without room for the model: told, and no part of it has its name', async () => {
    const { status, stdout, stderr } = await pullOn('mount -t tmpfs -o size=1m tmpfs CACHE');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/model hf:org\/name.*(no space left|is full|room)/i);
    expect(stdout).not.toMatch(/blobs/);
  });

  test('that can only be read: told', async () => {
    const { status, stderr } = await pullOn('mount -t tmpfs -o ro tmpfs CACHE');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/read-only/i);
  });
});
