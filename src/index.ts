export type { CocoDataset, CocoResult } from './columns/parsed-coco.js';
export { compare, type NamedResults } from './compare/compare.js';
export type { ModelComparison } from './compare/comparison.js';
export type { CompareOptions } from './compare/options.js';
export {
  createDetector,
  type Detector,
  type FailedImage,
  type ImageInputs,
} from './detector.js';
export {
  type AnnotationCheck,
  type CheckedSplit,
  checkAnnotations,
} from './doctor/check-annotations.js';
export type { CheckOptions } from './doctor/check-options.js';
export type { Finding, FindingPlace } from './doctor/finding.js';
export { SigboxError, type SigboxErrorCode } from './errors.js';
export { evaluate } from './evaluate/evaluate.js';
export type { Evaluation } from './evaluate/evaluation.js';
export type { GroundTruthInput, ResultsInput } from './evaluate/inputs.js';
export type { EvaluateOptions } from './evaluate/options.js';
export type { ExportReport, RefusedImage } from './formats/export-annotations.js';
export type { FormatName } from './formats/format.js';
export { type ReadDatasetOptions, readDataset } from './formats/read-dataset.js';
export type { HeadSpec } from './heads/index.js';
export type { ModelSpec } from './identify/spec/model-spec.js';
export type { PartialSpec } from './identify/spec/partial-spec.js';
export type { ImageInput } from './image/source.js';
export { type CalibrationFound, calibrate } from './learn/calibration/calibrate.js';
export type { CalibrateOptions } from './learn/calibration/calibrate-options.js';
export {
  readThresholds,
  readThresholdsFile,
  type TaughtOptions,
  type ThresholdsFile,
  writeThresholdsFile,
} from './learn/thresholds/thresholds-file.js';
export { type Tuning, tune } from './learn/thresholds/tune.js';
export type { TuneOptions } from './learn/thresholds/tune-options.js';
export { type PulledModel, type PullOptions, pullModel } from './model/hub/pull-model.js';
export type {
  DetectAllOptions,
  DetectCallOptions,
  DetectOptions,
  ExplainCallOptions,
} from './options/detect-options.js';
export type { DetectorOptions } from './options/detector-options.js';
export { type CandidateCall, postprocessCandidates } from './postprocess/api/postprocess-candidates.js';
export type { ImageDetections } from './postprocess/detections.js';
export type { PostprocessOptions } from './postprocess/options/postprocess-options.js';
export { type ContactSheetOptions, drawContactSheet, type SheetPicture } from './render/draw-contact-sheet.js';
export { type DrawingOptions, drawDetections } from './render/draw-detections.js';
export type { DrawableRegion } from './render/draw-style.js';
export { type AnnotateEvent, annotate } from './runs/annotate.js';
export type { ImageOutcome } from './runs/detect-and-render.js';
export { type ExportSource, exportAnnotations } from './runs/export-annotations.js';
export type { ExportOptions } from './runs/export-options.js';
export { type Merged, type MergeOptions, mergeRuns } from './runs/merge.js';
export type { Failure, RunSummary } from './runs/outputs/summary.js';
export { type PostprocessRunOptions, postprocessRun } from './runs/postprocess-run.js';
export { type Collected, collect } from './runs/queue/collect.js';
export { type ChunkWorker, openChunkWorker } from './runs/queue/open-worker.js';
export type { CollectOptions } from './runs/queue/options/collect-options.js';
export type { PlanOptions } from './runs/queue/options/plan-options.js';
export type { StatusOptions } from './runs/queue/options/status-options.js';
export type { WorkerOptions, WorkOptions } from './runs/queue/options/work-options.js';
export { type Planned, planRun } from './runs/queue/plan-run.js';
export { type Requeued, requeueRun } from './runs/queue/requeue-run.js';
export { type RunStatus, runStatus } from './runs/queue/run-status.js';
export { type WorkEvent, work } from './runs/queue/work.js';
export { type RecordedImage, type Run, readRun } from './runs/record/read-run.js';
export type { RecordedFailure, RecordedResult } from './runs/record/record.js';
export type { RunHeader } from './runs/record/run-header.js';
export type { AnnotateOptions } from './runs/run-options.js';
export type { AnnotatedImage, AnnotatedLabel, AnnotatedRegion, Dataset } from './types/annotations.js';
export type { Box, Detection, DetectionResult, LabelScore } from './types/detections.js';
export type {
  ExplainedMiss,
  ExplainedRegion,
  ExplainedScore,
  Explanation,
  ScoreOutcome,
  Suppressor,
} from './types/explanations.js';
export type { ExtraInput, InputSpec, LabelMap, Provider } from './types/model.js';
export type {
  Calibration,
  FusedScore,
  OverlapMeasure,
  ScoreCalibration,
  Suppression,
} from './types/options.js';
export type { FitMode, RawPixels } from './types/pictures.js';
