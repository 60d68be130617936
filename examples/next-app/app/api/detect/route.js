import { SigboxError } from 'sigbox';
import { getDetector } from '../../detector.mjs';

export const runtime = 'nodejs'; // not edge: there are no native libraries

const STATUS = { E_IMAGE: 422, E_BUSY: 503 };

export async function POST(request) {
  const image = (await request.formData()).get('image');
  if (!(image instanceof Blob)) return Response.json({ error: 'Send a file in the field "image".' }, { status: 400 });
  try {
    const detector = await getDetector();
    const { width, height, detections } = await detector.detect(image);
    return Response.json({ width, height, detections });
  } catch (error) {
    if (!(error instanceof SigboxError) || !(error.code in STATUS)) throw error;
    return Response.json({ error: error.message }, { status: STATUS[error.code] });
  }
}
