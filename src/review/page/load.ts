// How the page comes by its data: from the server, or from files beside it, which a page on file:// may only load as scripts.

/** Set by a file that only exported pages have. */
declare global {
  var sigboxStatic: { files: Map<string, string> } | undefined;
}

export const isStatic = (): boolean => globalThis.sigboxStatic !== undefined;

/** @param path  as the server has it, as data/page.json */
export async function loadJson<T>(path: string): Promise<T> {
  if (isStatic()) return JSON.parse(await loadScript(path)) as T;
  return (await fetched(path)).json() as Promise<T>;
}

export async function loadBytes(path: string): Promise<ArrayBuffer> {
  if (!isStatic()) return (await fetched(path)).arrayBuffer();
  const text = atob(await loadScript(path));
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}

/** The worker's program: a page on file:// may only start one that it has the text of. */
export async function openWorker(): Promise<Worker> {
  if (!isStatic()) return new Worker('worker.js');
  const program = await loadScript('worker.js');
  return new Worker(URL.createObjectURL(new Blob([program], { type: 'text/javascript' })));
}

/** Has something written. @throws Error  with the server's own words */
export async function post<T>(path: string, content: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(content) });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json() as Promise<T>;
}

async function fetched(path: string): Promise<Response> {
  const response = await fetch(path);
  if (!response.ok) throw new Error((await response.text()).trim());
  return response;
}

/** Each script hands over the text of one file. */
async function loadScript(path: string): Promise<string> {
  const { files } = globalThis.sigboxStatic!;
  const known = files.get(path);
  if (known !== undefined) return known;
  await new Promise<void>((loaded, failed) => {
    const script = document.createElement('script');
    script.src = `${path}.js`;
    script.onload = () => loaded();
    script.onerror = () => failed(new Error(`${path}.js cannot be read.`));
    document.head.append(script);
  });
  const text = files.get(path);
  if (text === undefined) throw new Error(`${path}.js is not what it is to be.`);
  files.delete(path); // whoever asked keeps it
  return text;
}
