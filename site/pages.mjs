// Lays out what the site is built of: docs/ without decisions.
import { cp, rm } from 'node:fs/promises';

const at = (path) => new URL(path, import.meta.url);
await rm(at('pages'), { recursive: true, force: true });
await cp(at('../docs'), at('pages'), { recursive: true, filter: (path) => !path.endsWith('decisions') });
