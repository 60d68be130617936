import { SigboxError } from '../../../errors.js';

/** Only TensorRT has these: its own domain, and plugins that are named after it. */
const TENSORRT = /^trt(\.plugins)?::|_TRT$/i;

/** @throws SigboxError E_MODEL  an operator that was made for another runtime */
export function refuseForeignOperators(file: string, operators: ReadonlySet<string>): void {
  const foreign = [...operators].filter((operator) => TENSORRT.test(operator));
  if (foreign.length === 0) return;
  throw new SigboxError(
    'E_MODEL',
    `model ${file}: only TensorRT can run its operator ${foreign.join(', ')}. Export it for onnxruntime, or without ` +
      'non-maximum suppression in the graph.',
  );
}
