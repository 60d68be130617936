// A server that takes a picture and answers with its labelled boxes.
//
//     npm start
//     curl -F image=@street.jpg http://127.0.0.1:3000/detect

import multipart from '@fastify/multipart';
import Fastify from 'fastify';
import { createDetector, SigboxError } from 'sigbox';

const STATUS = { E_ARGUMENT: 400, E_IMAGE: 422, E_BUSY: 503 };
const MB = 1024 * 1024;

// At most 32 pictures wait or are worked on; the next one is refused at once instead of filling the memory.
const detector = await createDetector({ scoreThreshold: 0.4, maxQueue: 32, timeout: 30 });
const server = Fastify({ logger: process.env.LOG === '1', forceCloseConnections: 'idle' });
await server.register(multipart, { limits: { files: 1, fileSize: 20 * MB } });

function refusal(statusCode, message) {
  return Object.assign(new Error(message), { statusCode });
}

server.get('/health', () => ({ status: 'ok' }));

server.post('/detect', async (request) => {
  const file = await request.file();
  if (file === undefined) throw refusal(400, 'Send a file in the field "image".');
  const bytes = await file.toBuffer();
  if (file.file.truncated) throw refusal(413, 'A picture may have 20 MB.'); // toBuffer alone misses some
  const { width, height, detections } = await detector.detect(bytes);
  return { width, height, detections };
});

server.setErrorHandler((error, request, reply) => {
  const status = error instanceof SigboxError ? (STATUS[error.code] ?? 500) : (error.statusCode ?? 500);
  if (status === 503) reply.header('retry-after', '1');
  if (status >= 500) request.log.error(error);
  reply.code(status).send({ error: status === 500 ? 'The server has a fault.' : error.message });
});

// Requests that have begun are answered; then the worker processes end.
server.addHook('onClose', () => detector.close());
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());

const address = await server.listen({ port: Number(process.env.PORT ?? 3000), host: process.env.HOST ?? '127.0.0.1' });
console.log(`listening at ${address}`);
