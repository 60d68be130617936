import { denseLayout } from '../evidence/layout/dense-layout.js';
import { type FamilyInput, IMAGENET, type Recogniser, settled } from '../recognition.js';
import { leftOut } from '../refusal.js';
import { readDense } from './dense.js';

/** Source: YOLOP's test_onnx.py: RGB, ImageNet's mean, letterboxed on 114. */
const INPUT: FamilyInput = { ...IMAGENET, fit: 'letterbox', interpolation: 'bilinear', padValue: 114 };

/**
 * YOLOP: boxes of vehicles as YOLOv5 gives them, beside the masks of roads and lanes.
 *
 * Source: export_onnx.py and test_onnx.py of hustvl/YOLOP: outputs det_out, drive_area_seg, lane_line_seg.
 */
export const yolop: Recogniser = async (evidence) => {
  const named = ['det_out', 'drive_area_seg', 'lane_line_seg'].map((wanted) =>
    evidence.outputs.find(({ name }) => name === wanted),
  );
  const [output, ...masks] = named;
  if (output === undefined || masks.includes(undefined) || evidence.outputs.length !== named.length) return null;
  const tensor = (await evidence.probe(INPUT))[output.name]!;
  const layout = tensor.dims.length === 3 ? denseLayout(evidence, tensor, evidence.sizeOf(INPUT)) : null;
  if (layout === null) return null;
  const found = readDense(evidence, { name: output.name, tensor, layout });
  const because = `outputs "det_out", "drive_area_seg" and "lane_line_seg"`;
  return {
    ...found,
    family: 'YOLOP',
    input: INPUT,
    decisions: [settled('family', 'YOLOP', because), ...found.decisions.slice(1)],
    warnings: [...(found.warnings ?? []), leftOut('masks', '"drive_area_seg" and "lane_line_seg"')],
  };
};
