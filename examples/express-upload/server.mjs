// The bytes of a picture in, its labelled boxes out.
//
//     npm start
//     curl --data-binary @street.jpg -H 'content-type: image/jpeg' http://127.0.0.1:3000/detect

import express from 'express';
import { createDetector, SigboxError } from 'sigbox';

const STATUS = { E_ARGUMENT: 400, E_IMAGE: 422, E_BUSY: 503 };

const detector = await createDetector({ maxQueue: 32, timeout: 30 });
const app = express();

app.post('/detect', express.raw({ type: 'image/*', limit: '20mb' }), async (request, response) => {
  if (!Buffer.isBuffer(request.body))
    return response.status(415).json({ error: 'Send bytes with content-type: image/…' });
  const { width, height, detections } = await detector.detect(request.body);
  response.json({ width, height, detections });
});

app.use((error, _request, response, next) => {
  if (response.headersSent) return next(error);
  const status = error instanceof SigboxError ? (STATUS[error.code] ?? 500) : (error.status ?? 500);
  if (status === 503) response.set('retry-after', '1');
  response.status(status).json({ error: status === 500 ? 'The server has a fault.' : error.message });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening at http://127.0.0.1:${server.address().port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => detector.close()));
