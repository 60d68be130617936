export {
  createDetector,
  type DetectCallOptions,
  type Detector,
  type FailedImage,
  type ImageInputs,
} from './detector.js';
export { SigboxError, type SigboxErrorCode } from './errors.js';
export type { HeadSpec } from './heads/index.js';
export type { ModelSpec } from './identify/model-spec.js';
export type { ImageInput } from './image/source.js';
export type {
  Box,
  Detection,
  DetectionResult,
  DetectOptions,
  DetectorOptions,
  ExtraInput,
  FitMode,
  InputSpec,
  LabelScore,
  Provider,
  RawPixels,
} from './types.js';
