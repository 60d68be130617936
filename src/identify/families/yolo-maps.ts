import { cellsOf } from '../evidence/layout/cells.js';
import { dimsOf } from '../evidence/layout/table.js';
import { areScores } from '../evidence/values/ranges.js';
import { namedClasses } from '../named-classes.js';
import {
  type Evidence,
  type FamilyInput,
  type Recogniser,
  type Recognition,
  RGB01,
  RGB255,
  settled,
} from '../recognition.js';
import { darknet, grid, type Maps, published } from './map-heads.js';
import { byChannels } from './raw-maps.js';
import { DARKNET } from './yolo-inputs.js';

/** Source: test.py of dog-qiuqiu/Yolo-FastestV2. */
const FASTEST: FamilyInput = {
  ...RGB01,
  channels: 'bgr',
  fit: 'stretch',
  interpolation: 'bilinear',
  padValue: 0,
  size: [352, 352],
};

/** Source: README of Tiny YOLOv2 in the ONNX model zoo; its graph divides by 255. */
const YOLOV2: FamilyInput = { ...RGB255, fit: 'stretch', interpolation: 'antialias', padValue: 0, size: [416, 416] };

/**
 * YOLOs that leave the maps of their last convolutions as they are, anchors and all: YOLOv2, YOLOv3 and their tiny forms
 * [1, anchors · (5 + classes), height, width]; YOLO-FastestV2 [1, height, width, 15 + classes], or its rows in one output.
 */
export const yoloMaps: Recogniser = async (evidence) => {
  const maps = await mapsOf(evidence);
  if (maps === null) return null;
  const { strides, channels, last } = maps;
  const levels = strides.join();
  if (levels === '32' && channels % 5 === 0 && channels > 25) return yolov2(evidence, maps);
  if (levels === '16,32' && last && (await isFastest(evidence, maps))) return fastest(maps);
  return levels === '16,32' || levels === '8,16,32' ? byChannels(evidence, maps) : null;
};

async function mapsOf(evidence: Evidence): Promise<Maps | null> {
  const { outputs } = evidence;
  if (outputs.length > 3 || outputs.some(({ type }) => !/float/.test(type))) return null;
  const [only] = outputs;
  if (outputs.length === 1 && only!.dims.length < 4) return joinedRows(evidence, only!);
  if (outputs.some(({ dims }) => dims.length !== 4)) return null;
  const found = [];
  for (const output of outputs) {
    const map = mapOf(evidence.sizeOf(DARKNET), await dimsOf(evidence, output, DARKNET));
    if (map === null) return null;
    found.push({ ...map, name: output.name });
  }
  found.sort((a, b) => a.stride - b.stride);
  const [{ channels, last }] = found as [(typeof found)[number]];
  if (found.some((map) => map.channels !== channels || map.last !== last)) return null;
  return { outputs: found.map(({ name }) => name), strides: found.map(({ stride }) => stride), channels, last };
}

/** The rows of both levels of YOLO-FastestV2, one below the other: no other detector has such a number of rows. */
async function joinedRows(evidence: Evidence, output: Evidence['outputs'][number]): Promise<Maps | null> {
  const { width, height } = evidence.sizeOf(FASTEST);
  const dims = output.dims.length < 2 ? [] : await dimsOf(evidence, output, FASTEST);
  const [rows, channels] = dims.slice(-2) as [number, number];
  const strides = [16, 32];
  if (rows !== cellsOf(width, height, strides) || channels < 16) return null;
  return { outputs: [output.name], strides, channels, last: true };
}

function mapOf({ width, height }: { width: number; height: number }, [, a, b, c]: readonly number[]) {
  const strideOf = (across: number, down: number) => (width / across === height / down ? width / across : Number.NaN);
  const options = [
    { channels: a!, stride: strideOf(c!, b!), last: false },
    { channels: c!, stride: strideOf(b!, a!), last: true },
  ];
  return options.find(({ stride }) => [8, 16, 32].includes(stride)) ?? null;
}

/** Its graph has done σ on all numbers, and its channels are three boxes, three objectnesses and the scores. */
async function isFastest(evidence: Evidence, { outputs, channels }: Maps): Promise<boolean> {
  const named = namedClasses(evidence)?.count;
  if (named !== undefined && named !== channels - 15) return false;
  const run = await evidence.probe(FASTEST);
  return outputs.every((name) => areScores(run[name]!.data));
}

function fastest({ outputs, strides, channels }: Maps): Recognition {
  const because = 'cells of strides 16 and 32, all numbers of a run from 0 to 1';
  return {
    family: 'YOLO-FastestV2',
    head: {
      ...grid('yolo-fastestv2', strides, outputs),
      order: 'cells-shared-classes',
      reach: strides.map(() => 2),
      size: 'square',
      boxActivation: 'none',
      activation: 'none',
    },
    input: FASTEST,
    classes: channels - 15,
    decisions: [settled('family', 'YOLO-FastestV2', because), published('yolo-fastestv2')],
  };
}

async function yolov2(evidence: Evidence, { outputs, strides, channels, last }: Maps): Promise<Recognition> {
  const classes = channels / 5 - 5;
  const anchors = classes === 20 ? 'yolov2-tiny-voc' : 'yolov2';
  const scaled = evidence.operators.has('Mul') || evidence.operators.has('ImageScaler');
  const warning = 'The file does not tell how YOLOv2 wants its pictures, nor its anchors: the usual ones are taken.';
  return {
    family: 'YOLOv2',
    head: { ...darknet(anchors, strides, outputs, last), activation: 'softmax' },
    input: scaled ? YOLOV2 : { ...YOLOV2, ...RGB01 },
    classes,
    decisions: [
      settled('family', 'YOLOv2', `one map of stride 32 whose ${channels} channels are five anchors’`),
      published(anchors),
      settled('input.scale', scaled ? '1' : '1/255', `the graph ${scaled ? 'scales' : 'does not scale'} its input`),
    ],
    warnings: [`${warning} Spec head.anchors and input change them.`],
  };
}
