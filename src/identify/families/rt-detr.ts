import type { PartsHeadSpec } from '../../heads/contracts/parts.js';
import type { ExtraInput } from '../../types/model.js';
import { namedClasses } from '../named-classes.js';
import { type Evidence, type FamilyInput, type Recogniser, type Recognition, RGB01, settled } from '../recognition.js';

/**
 * RT-DETR, RT-DETRv2, D-FINE, DEIM and DEIMv2 as their own repositories export them: inputs `images` and
 * `orig_target_sizes` [1, 2] as width and height; outputs `labels`, `boxes` and `scores`, [1, n] or [n], finished, boxes in
 * pixels of the size given.
 *
 * Source: tools/deployment/export_onnx.py and rtdetr_postprocessor.py of github.com/lyuwenyu/RT-DETR; the same files of
 * github.com/Peterande/D-FINE, github.com/ShihuaHuang95/DEIM and github.com/Intellindust-AI-Lab/DEIMv2.
 */
export const rtDetr: Recogniser = async (evidence) => {
  const sizes = evidence.inputs.find(({ name }) => name === 'orig_target_sizes');
  const head = headOf(evidence);
  if (sizes === undefined || head === null) return null;
  const extras = [{ name: sizes.name, type: sizes.type as ExtraInput['type'], value: 'image-wh' as const }];
  const input: FamilyInput = {
    ...RGB01,
    fit: 'stretch',
    interpolation: 'antialias',
    padValue: 0,
    size: [640, 640],
    extras,
  };
  const numbering = await numberingOf(evidence, head, input);
  return {
    family: 'RT-DETR',
    head,
    input,
    ...numbering,
    decisions: [
      settled(
        'family',
        'RT-DETR',
        'input "orig_target_sizes"; outputs "labels", "boxes", "scores" (D-FINE, DEIM alike)',
      ),
      settled('head.boxUnit', 'image-pixels', '"orig_target_sizes" is given the size of the picture'),
      settled(
        'input.mean',
        '0',
        'usual for the family; DEIMv2 S to X, with DINOv3 inside, want ImageNet’s mean and std',
      ),
    ],
  };
};

function headOf({ outputs }: Evidence): PartsHeadSpec | null {
  const named = (wanted: string) => outputs.find(({ name }) => name === wanted)?.name;
  const [boxes, scores, classes] = [named('boxes'), named('scores'), named('labels')];
  if (boxes === undefined || scores === undefined || classes === undefined) return null;
  return { family: 'parts', boxes, scores, classes, count: null, boxFormat: 'xyxy', boxUnit: 'image-pixels' };
}

/** The outputs do not tell how many classes there are: without names, the class numbers of a run must do. */
async function numberingOf(
  evidence: Evidence,
  { classes }: PartsHeadSpec,
  input: FamilyInput,
): Promise<Pick<Recognition, 'classes' | 'warnings'>> {
  if (namedClasses(evidence) !== null) return { classes: null };
  const highest = (await evidence.probe(input))[classes]!.data.reduce((high, value) => Math.max(high, value), 0);
  if (highest < NEAR_COCO[0] || highest > NEAR_COCO[1]) return { classes: null };
  const warning =
    `The model does not say how many classes it has: in a run their numbers go up to ${highest}, so they are called as ` +
    'in COCO, which has 80. If they are others, labelsFile (--labels-file) names them.';
  return { classes: 80, warnings: [warning] };
}

/** The highest class number among the best 300 of a run of a model with 80 classes: seldom far below 79. */
const NEAR_COCO = [60, 79] as const;
