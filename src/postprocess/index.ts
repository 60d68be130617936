// sigbox/postprocess: from raw outputs to detections in any JavaScript runtime. Imports nothing of Node's, and of packages the one for checks alone.

export { SigboxError, type SigboxErrorCode } from '../errors.js';
export type { HeadSpec } from '../heads/index.js';
export { logit, sigmoid } from '../kernels/maths/activation.js';
export { allocateFloat32 } from '../kernels/memory.js';
export type { CandidateModel, CutCandidates, ImageCandidates } from '../types/candidates.js';
export type { Box, Detection, LabelScore } from '../types/detections.js';
export type { LabelList, ParentLabel } from '../types/model.js';
export type {
  Calibration,
  FusedScore,
  OverlapMeasure,
  ScoreCalibration,
  Suppression,
} from '../types/options.js';
export type { FitMode, Geometry } from '../types/pictures.js';
export { type CompiledPlan, compilePlan } from './api/compile-plan.js';
export type { RuntimeTensor } from './api/float-tensors.js';
export { type FuseOptions, fuseBoxes, type ModelBoxes } from './api/fuse-boxes.js';
export { type NmsOptions, nms } from './api/nms.js';
export { type ImagePlace, type PostprocessCall, postprocess } from './api/postprocess.js';
export { type CandidateCall, postprocessCandidates } from './api/postprocess-candidates.js';
export type { PostprocessSpec } from './api/require-spec.js';
export { softmax } from './api/softmax.js';
export { decodeBlock } from './candidates/codec.js';
export { calibrated, uncalibrated } from './options/calibration.js';
export type { PostprocessOptions } from './options/postprocess-options.js';
export { ciou, diou, giou, ios, iou } from './suppress/measures.js';
