// sigbox/rules: rules between labels in any JavaScript runtime. Imports nothing of Node's.

export type { Detection, DetectionResult, LabelScore, RemovedRegion } from '../../types/detections.js';
export type { Clause, LabelRule, LabelRules, RuleMode } from '../../types/rules.js';
export {
  type ApplyOptions,
  CompiledRules,
  compileRules,
  type RepairedLabels,
  type RepairOptions,
} from './compiled-rules.js';
export { parseDimacs } from './dimacs.js';
