export { type AnnotateEvent, annotate } from './batch/annotate.js';
export type { AnnotateOptions } from './batch/annotate-options.js';
export type { ImageOutcome } from './batch/detect-and-render.js';
export type { Failure, RunSummary } from './batch/summary.js';
export {
  createDetector,
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
export {
  readThresholds,
  readThresholdsFile,
  type TaughtOptions,
  type ThresholdsFile,
  writeThresholdsFile,
} from './thresholds/thresholds-file.js';
export { type CalibrateOptions, type CalibrationFound, calibrate } from './tune/calibrate.js';
export { type Tuning, tune } from './tune/tune.js';
export type { TuneOptions } from './tune/tune-options.js';
export type { AnnotatedImage, AnnotatedLabel, AnnotatedRegion, Dataset } from './types/annotations.js';
export type { Box, Detection, DetectionResult, LabelScore } from './types/detections.js';
export type { ExtraInput, InputSpec, LabelMap, Provider } from './types/model.js';
export type {
  Calibration,
  DetectCallOptions,
  DetectOptions,
  DetectorOptions,
  FusedScore,
  OverlapMeasure,
  PostprocessOptions,
  ScoreCalibration,
  Suppression,
} from './types/options.js';
export type { FitMode, RawPixels } from './types/pictures.js';
