import { existsSync } from 'node:fs';

/** Where Debian, Ubuntu and others put it; SIGBOX_CHROMIUM names it elsewhere. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium; undefined where there is none. */
export const chromiumPath = [process.env.SIGBOX_CHROMIUM, ...PLACES].find(
  (path) => path !== undefined && existsSync(path),
);

/** Nothing of the browser's own may reach for a network. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

if (chromiumPath === undefined)
  console.warn('Skipped: no Chromium for the tests in a browser. SIGBOX_CHROMIUM names one.');
