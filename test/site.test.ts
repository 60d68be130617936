import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM_FLAGS, chromiumPath } from './support/chromium.js';
import { npm } from './support/packed.js';
import { root } from './support/run.js';

// The site that is made of docs/, as a reader's browser shows it. `npm ci --prefix site` installs what builds it.

const site = join(root, 'site');
const installed = existsSync(join(site, 'node_modules/vitepress'));
if (!installed) console.warn('Skipped: the site. `npm ci --prefix site` installs what builds it.');
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

describe.skipIf(!installed || chromiumPath === undefined)('the site', () => {
  let server: Server;
  let browser: Browser;
  let home: string;
  const elsewhere: string[] = [];

  beforeAll(async () => {
    await npm(['run', 'build'], site);
    server = createServer(async (request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url!, 'http://site').pathname));
      const file = join(site, 'dist', path.endsWith('/') ? `${path}index.html` : path);
      const content = await readFile(file).catch(() => null);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      if (content === null) response.writeHead(404, { 'content-type': 'text/html' }).end('not found');
      else response.writeHead(200, { 'content-type': type }).end(content);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: chromiumPath!, args: CHROMIUM_FLAGS });
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** A page that reaches nobody but the site: the addresses of others are noted. */
  async function open(options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const page = await browser.newPage(options);
    await page.route(
      (url) => url.origin !== home,
      (route) => {
        elsewhere.push(route.request().url());
        return route.abort();
      },
    );
    return page;
  }

  test('every link leads to a page, and to a heading of it', async () => {
    const page = await open({ javaScriptEnabled: false });
    const ids = new Map<string, Set<string>>();
    const links: { from: string; to: URL }[] = [];
    const waiting = ['/index.html'];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (ids.has(path)) continue;
      const answer = await page.goto(home + path, { waitUntil: 'domcontentloaded' });
      if (answer!.status() !== 200) continue; // found below, with the pages that link to it
      const found = (await page.evaluate(`({
        ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
        links: [...document.querySelectorAll('a[href]')].map(({ href }) => href),
      })`)) as { ids: string[]; links: string[] };
      ids.set(path, new Set(found.ids));
      for (const link of found.links) {
        const to = new URL(link);
        if (to.origin !== home) continue;
        if (to.pathname.endsWith('/')) to.pathname += 'index.html';
        links.push({ from: path, to });
        waiting.push(to.pathname);
      }
    }
    const dead = links.filter(({ to }) => {
      const anchors = ids.get(to.pathname);
      return anchors === undefined || (to.hash !== '' && !anchors.has(decodeURIComponent(to.hash.slice(1))));
    });
    expect(dead.map(({ from, to }) => `${from} -> ${to.pathname}${to.hash}`)).toEqual([]);
    expect(ids.size).toBeGreaterThan(100); // docs/ and the API reference
  }, 300_000);

  test.each([
    ['/index.html', 'light'],
    ['/getting-started.html', 'light'],
    ['/getting-started.html', 'dark'],
    ['/options.html', 'light'],
    ['/options.html', 'dark'],
    ['/ja/getting-started.html', 'light'],
    ['/api/index/functions/createDetector.html', 'light'],
  ] as const)(
    '%s, %s: accessible, without errors',
    async (path, colorScheme) => {
      const page = await open({ colorScheme });
      const errors: string[] = [];
      page.on('pageerror', ({ message }) => errors.push(message));
      await page.goto(home + path, { waitUntil: 'networkidle' });
      await page.addScriptTag({ path: join(site, 'node_modules/axe-core/axe.min.js') });
      // The search button shows its keys, which its name leaves out.
      const rules = "{ 'label-content-name-mismatch': { enabled: false } }";
      const { violations } = (await page.evaluate(`axe.run({ rules: ${rules} })`)) as { violations: Violation[] };
      const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3)}`);
      expect([...errors, ...faults]).toEqual([]);
      await page.close();
    },
    60_000,
  );

  test('search finds a page, without another server', async () => {
    const page = await open();
    await page.goto(`${home}/getting-started.html`, { waitUntil: 'networkidle' });
    await page.click('.DocSearch-Button');
    await page.fill('#localsearch-input', 'suppression');
    await page.waitForSelector('#localsearch-list [role="option"] a');
    expect(await page.textContent('#localsearch-list')).toMatch(/suppression/i);
    expect(elsewhere).toEqual([]);
  }, 60_000);
});

interface Violation {
  id: string;
  nodes: { html: string }[];
}
