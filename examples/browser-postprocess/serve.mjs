// Serves this folder, and of the sigbox package what the page needs, on this machine alone.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const sigbox = fileURLToPath(new URL('.', import.meta.resolve('sigbox/package.json')));
const SERVED = ['dist/postprocess.js', 'samples/street.jpg'];
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.json': 'application/json', '.jpg': 'image/jpeg' };

/** null: not to be served */
function fileOf(path) {
  const name = path.endsWith('/') ? `${path}index.html` : path;
  if (name.startsWith('/sigbox/')) {
    const own = name.slice('/sigbox/'.length);
    return SERVED.includes(own) ? join(sigbox, own) : null;
  }
  const file = normalize(join(here, name));
  return file.startsWith(here) && !file.slice(here.length).startsWith(`node_modules${sep}`) ? file : null;
}

const server = createServer(async (request, response) => {
  const file = fileOf(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  const found = file !== null && (await stat(file).catch(() => null))?.isFile();
  if (!found) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/javascript' });
  createReadStream(file).pipe(response);
});

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
