export { type AnnotateEvent, annotate } from './batch/annotate.js';
export type { AnnotateOptions } from './batch/annotate-options.js';
export type { ImageOutcome } from './batch/detect-and-render.js';
export type { Failure, RunSummary } from './batch/summary.js';
export {
  createDetector,
  type DetectCallOptions,
  type Detector,
  type FailedImage,
  type ImageInputs,
} from './detector.js';
export { SigboxError, type SigboxErrorCode } from './errors.js';
export { evaluate } from './evaluate/evaluate.js';
export type { EvaluateOptions, Evaluation } from './evaluate/evaluation.js';
export type { CocoDataset, CocoResult, ResultsGiven, TruthGiven } from './evaluate/given.js';
export type { HeadSpec } from './heads/index.js';
export type { ModelSpec } from './identify/model-spec.js';
export type { ImageInput } from './image/source.js';
export type {
  AnnotatedImage,
  AnnotatedLabel,
  AnnotatedRegion,
  Box,
  Dataset,
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
