// Runs in Node and in a browser: it may use nothing but what it is given.

/**
 * One of everything that sigbox/postprocess does.
 *
 * @param {string} url  of its module
 * @param {{ values: number[], logits: number[] }} given  raw outputs [1, 7, 400], and logits
 * @returns {Promise<string>} JSON
 */
export async function calculate(url, { values, logits }) {
  const { postprocess, nms, fuseBoxes, sigmoid, logit, softmax, ciou, diou, SigboxError } = await import(url);
  const outputs = { out: { dims: [1, 7, 400], data: Float32Array.from(values) } };
  const format = { boxFormat: 'cxcywh', boxUnit: 'input-pixels', suppress: true };
  const head = {
    family: 'yolo',
    output: 'out',
    layout: 'columns',
    objectness: false,
    activation: 'sigmoid',
    ...format,
  };
  const spec = { head, labels: ['a', 'b', 'c'], input: { width: 64, height: 64, fit: 'letterbox' } };
  const methods = ['nms', 'soft-linear', 'soft-gaussian', 'matrix-linear', 'matrix-gaussian', 'wbf', 'nmw', 'none'];
  const image = { width: 200, height: 100 };
  const boxes = Float32Array.from(values.slice(0, 400), (side, i) => (i % 4 < 2 ? side : side + 64));
  const scores = Float32Array.from(values.slice(1600, 1700), sigmoid);
  const classIds = Uint16Array.from(scores, (_, i) => i % 3);
  const model = { boxes, scores, classIds };
  let refused = '';
  try {
    nms(boxes, scores, classIds, { iouThreshold: 45 });
  } catch (error) {
    refused = error instanceof SigboxError ? `${error.code} ${error.message}` : String(error);
  }
  return JSON.stringify({
    detections: methods.map(
      (suppression) => postprocess(outputs, spec, { image, suppression, measure: 'diou' }).detections,
    ),
    nms: [...nms(boxes, scores, classIds, { iouThreshold: 0.3 }), ...nms(boxes, scores, classIds, { measure: 'ciou' })],
    fused: [...fuseBoxes([model, model], { weights: [2, 1] }).boxes],
    sigmoid: logits.map(sigmoid),
    softmax: [...softmax(Float32Array.from(logits))],
    logit: [...scores].map(logit),
    overlaps: [...scores.keys()].map((i) => [ciou(boxes, boxes, 0, i), diou(boxes, boxes, 0, i, 0.6)]),
    refused,
  });
}
