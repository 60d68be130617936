import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import type { PreviewOptions } from '../../image/preview.js';

/** Pictures of a gallery: twice the width of a card, for screens with two pixels per point. */
export const THUMBNAIL: PreviewOptions = { longest: 480, quality: 78 };
/** A picture by itself. */
export const PICTURE: PreviewOptions = { longest: 2560, quality: 88 };

/** Images that are decoded at the same time; each may take some hundred megabytes. */
const AT_ONCE = 2;

/** Makes previews of images, the latest wanted first, and keeps small ones in the user's cache folder. */
export class Previews {
  readonly #folder = join(cacheFolder(), 'thumbnails');
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param signal  on abort an image that has not been begun never is, and the promise rejects */
  async thumbnail(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const { size, mtimeMs } = await stat(path);
    const key = createHash('sha256')
      .update(JSON.stringify([path, size, mtimeMs, THUMBNAIL]))
      .digest('hex');
    const file = join(this.#folder, key.slice(0, 2), `${key.slice(2, 40)}.jpg`);
    const cached = await readFile(file).catch(() => null);
    if (cached !== null) return cached;
    const bytes = await this.#inTurn(() => preview(path, THUMBNAIL), signal);
    await keep(file, bytes).catch(() => {}); // a cache that can't be written costs time, nothing else
    return bytes;
  }

  async picture(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    return this.#inTurn(() => preview(path, PICTURE), signal);
  }

  async #inTurn<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (this.#running >= AT_ONCE) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running++;
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      this.#running--;
      this.#waiting.pop()?.(); // whoever scrolls on wants what is visible now
    }
  }
}

/** sharp is loaded with the first picture: until then the page is on its way. */
async function preview(path: string, options: PreviewOptions): Promise<Uint8Array> {
  const { previewImage } = await import('../../image/preview.js');
  return previewImage(path, options);
}

async function keep(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const temporary = `${file}.${process.pid}.part`;
  await writeFile(temporary, bytes);
  await rename(temporary, file);
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'sigbox');
  if (platform() === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'sigbox', 'cache');
  return platform() === 'darwin' ? join(homedir(), 'Library/Caches/sigbox') : join(homedir(), '.cache/sigbox');
}
