import type { HeadSpec } from '../../heads/index.js';
import { dimsOf } from '../evidence/layout/table.js';
import { type Evidence, type FamilyInput, type Recogniser, settled } from '../recognition.js';
import { notDecoded, undecided } from '../refusal.js';
import { DARKNET, LETTERBOX, STRETCH, YOLOX } from './yolo-inputs.js';

/**
 * The YOLOs that LibreYOLO exports, which says so in its metadata.
 *
 * Source: libreyolo 1.1.1 to 1.6.0, backends/base.py (inputs and outputs per family), export/nms.py, preprocess/*.
 */
export const libreYolo: Recogniser = async (evidence) => {
  const { model_family: family, task } = evidence.metadata.properties;
  const isTheirs = Object.keys(evidence.metadata.properties).some((key) => /^libreyolo_|^model_size$/.test(key));
  if (family === undefined || !isTheirs || !(family in FAMILIES)) return null;
  if (task !== undefined && task !== 'detect')
    throw notDecoded(evidence, REFUSED[task] ?? 'something else', `task "${task}"`);
  const { input, because } = FAMILIES[family]!(evidence);
  const sized = { ...input, ...sizeOf(evidence.metadata.properties) };
  const { head, classes } = await headOf(evidence, family, sized);
  const name = `LibreYOLO ${family}`;
  return {
    family: name,
    head,
    input: sized,
    classes,
    decisions: [
      settled('family', name, `metadata "model_family" is "${family}"`),
      settled('input.fit', input.fit, because),
      settled('head.family', head.family, `LibreYOLO exports ${family} so`),
    ],
  };
};

type Preparation = (evidence: Evidence) => { input: FamilyInput; because: string };

const usual =
  (input: FamilyInput): Preparation =>
  () => ({ input, because: 'LibreYOLO prepares this family so' });

/** All but YOLO9 are resized with Pillow. */
const PILLOW = { rounding: 'cut', interpolation: 'antialias' } as const;
const darknet = usual({ ...DARKNET, ...PILLOW, fit: 'letterbox-top-left' });

const FAMILIES: Record<string, Preparation> = {
  yolo1: usual({ ...STRETCH, ...PILLOW, size: [448, 448] }),
  yolo2: darknet,
  yolo3: darknet,
  yolo4: darknet,
  yolo7: usual({ ...LETTERBOX, ...PILLOW, fit: 'letterbox-top-left' }),
  yolo9: yolo9Input,
  yolo9_e2e: yolo9Input,
  yolo9_p2: yolo9Input,
  yolonas: usual({ ...LETTERBOX, ...PILLOW, rounding: 'nearest' }),
  yolox: usual({ ...YOLOX, ...PILLOW }),
};

/** It has changed: stretched to 1.1, padded right and below from 1.2 on, and as metadata says from 1.6 on. */
function yolo9Input({ metadata }: Evidence): ReturnType<Preparation> {
  const { letterbox_pad: pad, libreyolo_version: version } = metadata.properties;
  if (pad !== undefined) {
    const fit = /cent/i.test(pad) ? 'letterbox' : 'letterbox-top-left';
    return { input: { ...LETTERBOX, rounding: 'cut', fit }, because: `metadata "letterbox_pad" is "${pad}"` };
  }
  const [major, minor] = (version ?? '0.0').split('.').map(Number) as [number, number];
  const stretched = major < 1 || (major === 1 && minor < 2);
  const fit = stretched ? 'stretch' : 'letterbox-top-left';
  return {
    input: { ...LETTERBOX, rounding: 'cut', fit },
    because: `LibreYOLO ${version ?? 'before 1.2'} prepares this family so`,
  };
}

async function headOf(
  evidence: Evidence,
  family: string,
  input: FamilyInput,
): Promise<{ head: HeadSpec; classes: number | null }> {
  const { outputs } = evidence;
  const format = { activation: 'none', boxUnit: 'input-pixels' } as const;
  if (family === 'yolonas') {
    const [boxes, scores] = outputs;
    if (boxes === undefined || scores === undefined) throw otherOutputs(evidence, family);
    const dims = await dimsOf(evidence, scores, input);
    const pair = { boxes: boxes.name, scores: scores.name, layout: 'rows', boxFormat: 'xyxy', suppress: true } as const;
    return { head: { family: 'boxes-scores', ...pair, ...format }, classes: dims.at(-1)! };
  }
  // With suppression in the graph the raw output follows: LibreYOLO itself goes on with that one.
  const output = outputs.find(({ name }) => name === 'raw') ?? outputs[0]!;
  const dims = await dimsOf(evidence, output, input);
  const decoded = { family: 'yolo', output: output.name, ...format } as const;
  if (dims.length !== 3) throw otherOutputs(evidence, family);
  if (family === 'yolox') {
    const head = { ...decoded, layout: 'rows', objectness: true, boxFormat: 'cxcywh', suppress: true } as const;
    return { head, classes: dims[2]! - 5 };
  }
  const head = { ...decoded, layout: 'columns', objectness: false, boxFormat: 'xyxy' } as const;
  return { head: { ...head, suppress: family !== 'yolo9_e2e' }, classes: dims[1]! - 4 };
}

function otherOutputs(evidence: Evidence, family: string) {
  const shown = evidence.outputs.map(({ name, dims }) => `"${name}" [${dims.join(', ')}]`).join(', ');
  return undecided(evidence, `outputs ${shown} are not those of LibreYOLO's ${family}`, 'A whole spec');
}

const REFUSED: Record<string, string> = {
  segment: 'masks',
  pose: 'key points',
  obb: 'oriented boxes',
  classify: 'one label for the whole picture',
};

function sizeOf({ imgsz, imgsz_w: width, imgsz_h: height }: Record<string, string>): Pick<FamilyInput, 'size'> {
  const [w, h] = [Number(width ?? imgsz), Number(height ?? imgsz)];
  return w > 0 && h > 0 ? { size: [w, h] } : {};
}
