/**
 * The words of the domain. Boxes are xyxy in pixels of the upright image (after EXIF orientation), origin top left,
 * right and bottom edges exclusive, unless a name says otherwise.
 */

/** [x1, y1, x2, y2]; 0 ≤ x1 ≤ x2 ≤ image width, 0 ≤ y1 ≤ y2 ≤ image height. */
export type Box = [x1: number, y1: number, x2: number, y2: number];

/** One label of a region. */
export interface LabelScore {
  label: string;
  /** The class's number in the model's own numbering; for COCO models with 91 columns, COCO's category id. */
  classId: number;
  /** In [0, 1], after the activation. */
  score: number;
}

/** One region: a place in the picture and every label that holds there. */
export interface Detection extends LabelScore {
  box: Box;
  /** All labels of the region, highest score first; the first one is repeated as `label`, `classId`, `score`. */
  labels: LabelScore[];
}

/** What one image gave. */
export interface DetectionResult {
  /** The path or URL that was given; null for bytes, streams, sharp instances and raw pixels. */
  image: string | null;
  /** Width of the upright image, pixels. */
  width: number;
  /** Height of the upright image, pixels. */
  height: number;
  /** Highest score first. */
  detections: Detection[];
  /** Only with `lenient`: why the image could not be decoded whole. Its detections rest on the part that could be. */
  damage?: string;
}

/** Uncompressed 8-bit pixels, rows from top to bottom, channels interleaved. */
export interface RawPixels {
  /** [height, width, channels] */
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA (alpha not premultiplied). */
  channels: 1 | 2 | 3 | 4;
}

export type FitMode = 'stretch' | 'letterbox' | 'letterbox-top-left';

/** Where the image lies in the model's input: input = image · scale + offset, in pixels. */
export interface Geometry {
  imageWidth: number;
  imageHeight: number;
  /** Size of the resized image inside the model's input, whole pixels. */
  fittedWidth: number;
  fittedHeight: number;
  offsetX: number;
  offsetY: number;
}

/** A decoded image in the size at which it enters the model. */
export interface FittedImage {
  /** [fittedHeight, fittedWidth, 3] RGB, 8 bits */
  pixels: Uint8Array;
  geometry: Geometry;
  damage?: string;
}

/** A dense tensor as the runtime gives it. */
export interface Tensor {
  /** As the runtime gives it; [n, c, h, w] order for images. */
  dims: readonly number[];
  data: Float32Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

/** How an image becomes the model's input: value = (pixel · scale − mean) / std, per channel. */
export interface InputSpec {
  name: string;
  width: number;
  height: number;
  layout: 'nchw' | 'nhwc';
  channels: 'rgb' | 'bgr';
  scale: number;
  /** In the order of `channels`. */
  mean: [number, number, number];
  std: [number, number, number];
  fit: FitMode;
  /** Grey level 0-255 of the padding that letterboxing leaves. */
  padValue: number;
}

/** SSD: class scores and box encodings against anchors. Source: Liu et al. 2016, TensorFlow Object Detection API. */
export interface SsdHeadSpec {
  family: 'ssd';
  /** Names of the outputs. */
  scores: string; // [1, n, classes]
  boxes: string; // [1, n, 4] or [1, n, 1, 4] encodings ty, tx, th, tw
  anchors: string; // [1, n, 4] y1, x1, y2, x2 as fractions of the input
  /** What turns the head's raw numbers into scores. */
  activation: 'sigmoid' | 'softmax' | 'none';
  /** Divisors of ty, tx, th, tw. */
  boxScales: [number, number, number, number];
}

export type HeadSpec = SsdHeadSpec;

/** Everything between a model file and its boxes, as data. */
export interface ModelSpec {
  /** A short name for people. */
  name: string;
  input: InputSpec;
  head: HeadSpec;
  /** The label of each class column; null for columns that mean nothing (background, gaps in a numbering). */
  labels: (string | null)[];
}

/** Rows and classes over their thresholds, before suppression; field arrays of equal length n. */
export interface Candidates {
  /** [n] row of the head's output, ascending; a row stands once per class that is over its threshold. */
  rows: Uint32Array;
  /** [n] */
  classIds: Uint16Array;
  /** [n] in [0, 1] */
  scores: Float32Array;
  /** [n, 4] xyxy, model-input pixels */
  boxes: Float32Array;
}

/** How scores become detections; every option has a default. */
export interface DetectOptions {
  /** Score from which a label counts, in [0, 1]. Default 0.35 */
  scoreThreshold?: number;
  /** Label → its own score threshold, in place of `scoreThreshold`. Default none */
  labelThresholds?: Record<string, number>;
  /** In [0, 1]; of two boxes of one label with an IoU above this, the one with the lower score goes. Default 0.5 */
  iouThreshold?: number;
  /** 'multi': every label over its threshold; 'single': only the best label of each row of the head. Default 'multi' */
  labels?: 'multi' | 'single';
  /** Only these labels. Default all */
  include?: string[];
  /** Not these labels; wins over `include`. Default none */
  exclude?: string[];
  /** Positive integer: at most so many labels over all regions of an image. Default 300 */
  maxDetections?: number;
  /** In (0, 1]: IoU from which boxes of different labels are one region. Default 0.9 */
  regionIou?: number;
  /** Colour that shows through transparent pixels, #rrggbb. Default '#ffffff' */
  background?: string;
  /** Use the part of a damaged image that can be decoded, and say so in the result's `damage`. Default false */
  lenient?: boolean;
}

export interface DetectorOptions extends DetectOptions {
  /** Path of an ONNX model. Default: the built-in SSDLite MobileNet v2 with COCO's labels */
  model?: string | URL;
  /** What the model is, where its file does not say so itself. */
  spec?: ModelSpec;
  /** Most worker processes, started as the load asks for them; 0: in this process. Default: one per core */
  workers?: number;
  /** Threads per inference; 0: one per core. Default 1 with workers, 0 without */
  threads?: number;
}

/** What `detect` needs, settled once: DetectOptions with every default in place and labels resolved to classes. */
export interface DetectPlan {
  /** [classes] score from which a class is a candidate; NaN: never */
  scoreThresholds: Float64Array;
  single: boolean;
  iouThreshold: number;
  maxDetections: number;
  regionIou: number;
  background: string;
  lenient: boolean;
}

/** An image on its way into the pipeline; can be sent to a worker. */
export type ImageSource =
  | { kind: 'path'; path: string }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'raw'; pixels: RawPixels };
