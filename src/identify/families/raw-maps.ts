import { type ChannelKind, channelKinds } from '../evidence/values/channel-kinds.js';
import { areDistributions } from '../evidence/values/distributions.js';
import { type Evidence, type Recognition, settled } from '../recognition.js';
import { SeveralReadings } from '../refusal.js';
import { darknet, grid, type Maps, published } from './map-heads.js';
import { DARKNET, LETTERBOX, YOLOX } from './yolo-inputs.js';

/** A reading of a map's channels, and what it takes them for. */
interface MapReading {
  family: string;
  recognise(): Recognition;
}

/** YOLOv3, YOLOv5, YOLOv8 and YOLOX leave maps whose numbers of channels may be the same: what the channels hold decides. */
export async function byChannels(evidence: Evidence, maps: Maps): Promise<Recognition | null> {
  const run = await evidence.probe(DARKNET);
  const tensors = maps.outputs.map((name) => run[name]!);
  const distributed =
    !maps.last && maps.channels > 64
      ? areDistributions(tensors, { width: maps.channels, first: 0, bins: 16, layout: 'maps' })
      : null;
  const readings = readingsOf(evidence, maps, { kinds: channelKinds(tensors, maps), distributed });
  const chosen = readings.find(({ family }) => family === choiceOf(evidence.given.head));
  const [only, ...others] = chosen === undefined ? readings : [chosen];
  if (only === undefined) return null;
  if (others.length === 0) return only.recognise();
  const open = `maps of ${maps.channels} channels may be those of ${readings.map(({ family }) => family).join(' or ')}`;
  throw new SeveralReadings(
    open,
    readings.map(({ family }) => ({ spec: { head: CHOICES[family]! }, means: family })),
  );
}

/** The part of a head that no other of the readings has. */
const CHOICES: Readonly<Record<string, Record<string, unknown>>> = {
  YOLOv3: { size: 'exp', reach: [1, 1, 1] },
  'YOLOv5 for RKNN': { size: 'square' },
  'YOLOv8, raw': { bins: 16 },
  'YOLOX, raw': { boxActivation: 'none' },
};

function choiceOf(head: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(CHOICES).find((family) =>
    Object.entries(CHOICES[family]!).every(([field, value]) => JSON.stringify(head[field]) === JSON.stringify(value)),
  );
}

/** What a run shows of the channels. */
interface Seen {
  kinds: readonly ChannelKind[];
  /** Whether the first 64 are four distributions; null: there are not so many. */
  distributed: ReturnType<typeof areDistributions> | null;
}

function readingsOf(evidence: Evidence, maps: Maps, { kinds, distributed }: Seen): MapReading[] {
  const { channels } = maps;
  const areScores = (from: number) => {
    const some = new Set(kinds.slice(from));
    return some.size === 1 && !some.has('free');
  };
  if (distributed?.holds && areScores(64)) {
    return [{ family: 'YOLOv8, raw', recognise: () => yolov8(maps, kinds, distributed.because) }];
  }
  const readings: MapReading[] = [];
  const isBox = kinds.slice(0, 4).some((kind) => kind === 'free');
  if (channels > 5 && areScores(4) && isBox) {
    readings.push({ family: 'YOLOX, raw', recognise: () => yolox(maps, kinds) });
  }
  if (channels % 3 !== 0 || channels <= 15) return readings;
  const perAnchor = channels / 3;
  const objectness = [0, 1, 2].map((anchor) => kinds[anchor * perAnchor + 4]);
  const boxes = [0, 1, 2].map((anchor) => kinds.slice(anchor * perAnchor, anchor * perAnchor + 4));
  if (kinds.every((kind) => kind === 'score')) {
    readings.push({ family: 'YOLOv5 for RKNN', recognise: () => yolov5(evidence, maps) });
  } else if (!objectness.includes('free') && boxes.every((box) => box.some((kind) => kind === 'free'))) {
    readings.push({ family: 'YOLOv3', recognise: () => yolov3(maps) });
  }
  return readings;
}

/** Source: ultralytics/nn/modules/head.py, Detect without its last step: distributions, then the scores of classes. */
function yolov8({ outputs, strides, channels }: Maps, kinds: readonly ChannelKind[], seen: string): Recognition {
  const family = 'YOLOv8, raw';
  const activation = kinds[64] === 'score' ? 'none' : 'sigmoid';
  const behind = activation === 'none' ? 'scores' : 'logits';
  const because = `maps of 64 channels of distributions (${seen}), then ${channels - 64} ${behind}`;
  return {
    family,
    head: {
      family: 'dfl',
      scores: outputs,
      distances: outputs,
      layout: 'maps',
      first: 'distances',
      activation,
      strides,
      bins: 16,
      centre: 0.5,
    },
    input: LETTERBOX,
    classes: channels - 64,
    decisions: [
      settled('family', family, because),
      settled('head.activation', activation, 'what the channels behind the first 64 hold in a run'),
    ],
  };
}

/** Source: yolox of airockchip/rknn_model_zoo: sigmoid of objectness and scores in the graph, boxes not decoded. */
function yolox({ outputs, strides, channels, last }: Maps, kinds: readonly ChannelKind[]): Recognition {
  const family = 'YOLOX, raw';
  const activation = kinds[4] === 'score' ? 'none' : 'sigmoid';
  const because = `maps of four channels as of boxes, then ${channels - 4} as of ${activation === 'none' ? 'scores' : 'logits'}`;
  return {
    family,
    head: {
      ...darknet('yolov5', strides, outputs, last),
      anchors: strides.map((stride) => [stride, stride]),
      boxActivation: 'none',
      activation,
    },
    input: YOLOX,
    classes: channels - 5,
    decisions: [
      settled('family', family, because),
      settled('head.activation', activation, 'what channels hold in a run'),
    ],
  };
}

/** Source: yolov5 of airockchip/rknn_model_zoo, its post_process: sigmoid of all numbers in the graph. */
function yolov5(evidence: Evidence, { outputs, strides, channels, last }: Maps): Recognition {
  const family = 'YOLOv5 for RKNN';
  const { anchors } = evidence.given.head;
  if (anchors === undefined) {
    const open = 'its maps are those of three anchors per cell, which the file does not hold';
    throw new SeveralReadings(open, [
      { spec: { head: { anchors: 'yolov5' } }, means: 'those of YOLOv5’s own weights' },
      {
        spec: { head: { anchors: 'yolov4' } },
        means: 'those of YOLOv7’s; a width and a height of each per stride name others',
      },
    ]);
  }
  return {
    family,
    head: {
      ...grid(anchors as 'yolov5', strides, outputs), // checked with the whole spec
      order: last ? 'cells-anchors' : 'anchors-channels',
      reach: strides.map(() => 2),
      size: 'square',
      boxActivation: 'none',
      activation: 'none',
    },
    input: LETTERBOX,
    classes: channels / 3 - 5,
    decisions: [
      settled('family', family, `maps of three anchors’ ${channels} channels, all numbers of a run from 0 to 1`),
      settled('head.anchors', 'given', 'the file does not hold them'),
    ],
  };
}

function yolov3({ outputs, strides, channels, last }: Maps): Recognition {
  const anchors = strides.length === 2 ? 'yolov3-tiny' : 'yolov5';
  return {
    family: 'YOLOv3',
    head: { ...darknet(anchors, strides, outputs, last), activation: 'sigmoid' },
    input: DARKNET,
    classes: channels / 3 - 5,
    decisions: [
      settled(
        'family',
        'YOLOv3',
        `maps of strides ${strides.join(', ')} whose ${channels} channels are three anchors’`,
      ),
      published(anchors),
    ],
    warnings: [
      'The file does not tell YOLOv3 from YOLOv4: it is taken for YOLOv3. Spec ' +
        '{"head":{"anchors":"yolov4","reach":[1.2,1.1,1.05]}} takes it for the other.',
    ],
  };
}
