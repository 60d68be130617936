export {
  createDetector,
  type DetectCallOptions,
  type Detector,
  type FailedImage,
  type ImageInputs,
} from './detector.js';
export { SigboxError, type SigboxErrorCode } from './errors.js';
export type { ImageInput } from './image/source.js';
export type {
  Box,
  Detection,
  DetectionResult,
  DetectOptions,
  DetectorOptions,
  FitMode,
  HeadSpec,
  InputSpec,
  LabelScore,
  ModelSpec,
  RawPixels,
  SsdHeadSpec,
} from './types.js';
