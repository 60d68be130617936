// An ML backend for Label Studio: it draws the boxes before a person does.
//
//     LABEL_STUDIO_URL=http://127.0.0.1:8080 LABEL_STUDIO_API_KEY=… npm start

import { createServer } from 'node:http';
import { createDetector } from 'sigbox';
import { readConfiguration, toPrediction } from './labelling.mjs';

const { LABEL_STUDIO_URL: studio = 'http://127.0.0.1:8080', LABEL_STUDIO_API_KEY: key = '' } = process.env;
const { MODEL: model, SCORE = '0.35', PORT = '9090', HOST = '127.0.0.1' } = process.env;
const VERSION = model ?? 'sigbox';
const MAX_BODY = 50 * 1024 * 1024;

const detector = await createDetector({ ...(model && { model }), scoreThreshold: Number(SCORE) });

const ROUTES = {
  'GET /': () => ({ status: 'UP', model_class: 'sigbox' }),
  'GET /health': () => ({ status: 'UP', model_class: 'sigbox' }),
  'GET /versions': () => ({ versions: [VERSION] }),
  'POST /setup': () => ({ model_version: VERSION }),
  'POST /webhook': () => ({}), // nothing is trained
  'POST /predict': predict,
};

async function predict({ tasks, label_config: configuration }) {
  const wanted = readConfiguration(configuration);
  if (wanted === null) throw Object.assign(new Error('The project has no RectangleLabels.'), { status: 400 });
  const images = await Promise.all(tasks.map(({ data }) => fetchImage(data[wanted.key])));
  const results = [];
  // An image that can't be read has no boxes; the other tasks still get theirs.
  for await (const found of detector.detectAll(images, { errors: 'yield' })) {
    if ('error' in found) console.warn(found.error.message);
    results.push(toPrediction('error' in found ? { detections: [] } : found, wanted, VERSION));
  }
  return { results };
}

/** The bytes of a task's image. Only Label Studio is asked for it, so that the key reaches nobody else. */
async function fetchImage(address) {
  const url = new URL(address, studio);
  if (url.origin !== new URL(studio).origin)
    throw new Error(`${url.origin} is not ${studio}: its images are not fetched.`);
  const answer = await fetch(url, { headers: { authorization: `Token ${key}` }, redirect: 'error' });
  if (!answer.ok)
    throw new Error(`${url.pathname}: Label Studio answers ${answer.status}. Is LABEL_STUDIO_API_KEY right?`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function readBody(request) {
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > MAX_BODY) throw Object.assign(new Error('The request is too large.'), { status: 413 });
    pieces.push(piece);
  }
  return length === 0 ? {} : JSON.parse(Buffer.concat(pieces).toString('utf8'));
}

async function answer(request) {
  const { pathname } = new URL(request.url, 'http://backend');
  const route = ROUTES[`${request.method} ${pathname}`];
  if (route === undefined) return [404, { error: 'There is no such address.' }];
  try {
    return [200, await route(await readBody(request))];
  } catch (error) {
    console.warn(error.message);
    return [error.status ?? 500, { error: error.message }];
  }
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(Number(PORT), HOST, () => console.log(`listening at http://${HOST}:${server.address().port}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => detector.close()));
