// A function behind an HTTP endpoint. The event is that of an AWS Lambda function URL or an API Gateway (payload 2.0).

import { createDetector, SigboxError } from 'sigbox';

// Outside the handler: the model is loaded once for each instance. One event at a time needs no worker processes.
const loading = createDetector({ workers: 0 });

export async function handler(event) {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length === 0) return answer(400, { error: 'Send the bytes of a picture as the body.' });
  try {
    const detector = await loading;
    const { width, height, detections } = await detector.detect(bytes);
    return answer(200, { width, height, detections });
  } catch (error) {
    if (!(error instanceof SigboxError) || error.code !== 'E_IMAGE') throw error; // a fault, which the log should show
    return answer(422, { error: error.message });
  }
}

function answer(statusCode, body) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
