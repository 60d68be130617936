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
  /** What was left out: how many candidates `maxCandidates` cut. */
  notes?: string[];
}

/** A label that somebody, or a detector, gave a region. */
export interface AnnotatedLabel {
  label: string;
  /** In [0, 1]; absent where the file knows none, as truth does. */
  score?: number;
}

/** A region of an annotated image. */
export interface AnnotatedRegion {
  box: Box;
  /** Width and height as the file states them (COCO's bbox): x2 − x1 may miss their last bit. Default: from the box */
  size?: [width: number, height: number];
  /** At least one; highest score first where there are scores. */
  labels: AnnotatedLabel[];
  /** A crowd (COCO's iscrowd): many things of one label in one box. Default false */
  crowd?: boolean;
  /** Not to be counted for or against a detector (VOC's difficult). Default false */
  difficult?: boolean;
  /** Pixels² of the thing itself, where the file says it (COCO's area, of the mask). Default: the box's */
  area?: number;
}

/** An image with all that is marked in it, by hand or by a detector. */
export interface AnnotatedImage {
  /** Its name: the path below the folder of images, with forward slashes. */
  image: string;
  /** The number that the file knows it by, where there is one (COCO's image id). */
  id?: number;
  width: number;
  height: number;
  regions: AnnotatedRegion[];
  /** Labels that were looked for and are not there, where truth is federated (LVIS's neg_category_ids). */
  absent?: string[];
  /** Labels of which not every instance is marked, where truth is federated (LVIS's not_exhaustive_category_ids). */
  incomplete?: string[];
}

/** In up to 10, up to 100, or more images of the training set (LVIS's r, c, f). */
export type LabelFrequency = 'rare' | 'common' | 'frequent';

/** What an annotation file, or a folder of them, holds. */
export interface Dataset {
  /** Every label that may occur, in the file's own order. */
  labels: string[];
  /** labels.length; the file's own numbers of the labels, where it has some (COCO's category ids). */
  categoryIds?: number[];
  /** labels.length; how common each label is in the training set, where truth is federated (LVIS's frequency). */
  frequencies?: LabelFrequency[];
  images: AnnotatedImage[];
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

/**
 * How an image is brought into a model's input. 'stretch' fills it and changes the aspect. 'letterbox' keeps the aspect
 * and pads around, 'letterbox-top-left' pads right and below. 'shortest-edge', for models that take any size, keeps the
 * aspect: the shorter side becomes the smaller of width and height unless the longer one would pass the larger of them.
 */
export type FitMode = 'stretch' | 'letterbox' | 'letterbox-top-left' | 'shortest-edge';

/**
 * How the pixels of an image that changes its size are made. 'antialias' takes the mean, by a triangle, of all pixels that
 * one of the smaller image stands for, as Pillow and torchvision do; JPEGs are decoded in a reduced size for it.
 * 'bilinear' blends the four pixels around each centre and skips those between, as OpenCV's INTER_LINEAR does, to the
 * same bytes; 'bicubic' sixteen, as its INTER_CUBIC, to within one level. 'bilinear-warp' blends four as well, but takes
 * whole coordinates for the centres of pixels, places the image in fractions of a pixel and blends its edge with black:
 * OpenCV's warpAffine and warpPerspective. All but the first decode the image in full size.
 */
export type Interpolation = 'antialias' | 'bilinear' | 'bicubic' | 'bilinear-warp';

/** input = image · scale + offset, in pixels. */
export interface Mapping {
  scaleX: number;
  scaleY: number;
  offsetX: number;
  offsetY: number;
}

/** Where the image lies in the model's input: input = image · scale + offset, in pixels. */
export interface Geometry {
  imageWidth: number;
  imageHeight: number;
  /** Size of the resized image inside the model's input, whole pixels. */
  fittedWidth: number;
  fittedHeight: number;
  offsetX: number;
  offsetY: number;
  /** Size of the model's input. */
  inputWidth: number;
  inputHeight: number;
  /** How boxes go, where that is not how the pixels lie. */
  boxes?: Mapping;
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

/** Element types that a model's input may have. */
export type InputType = 'float32' | 'float16' | 'uint8';

/** How an image becomes the model's input: value = (pixel · scale − mean) / std, per channel. */
export interface InputSpec {
  name: string;
  type: InputType;
  width: number;
  height: number;
  layout: 'nchw' | 'nhwc';
  /** false: without the first dim, [3, height, width] */
  batched: boolean;
  channels: 'rgb' | 'bgr';
  scale: number;
  /** In the order of `channels`. */
  mean: [number, number, number];
  std: [number, number, number];
  fit: FitMode;
  /**
   * How sides of the resized image become whole pixels where the aspect is kept. 'cut' is 'down', but boxes go back by the
   * ratio that was meant instead of the one that whole pixels make, as in YOLOX.
   */
  rounding: 'nearest' | 'down' | 'cut';
  interpolation: Interpolation;
  /** Grey level 0-255 of the padding that letterboxing leaves. */
  padValue: number;
  /** With 'shortest-edge': the input's sides are multiples of this, padded right and below. */
  multipleOf: number;
  /** What the model wants to know besides. */
  extras: ExtraInput[];
}

/** A second input, about the image. */
export interface ExtraInput {
  name: string;
  type: 'float32' | 'int32' | 'int64';
  /**
   * 'image-wh' and 'image-hw': size of the upright image; 'input-wh' and 'input-hw': size of the model's input; 'scale-yx':
   * fitted size / image size; each [1, 2]. 'mask': 1 where the image lies in the input, else 0, [1, height, width].
   */
  value: 'image-wh' | 'image-hw' | 'input-wh' | 'input-hw' | 'scale-yx' | 'mask';
  /** Of a mask whose size the file fixes, whatever the input's is. Default: the input's size */
  maskSize?: [width: number, height: number];
}

/** What one image gave, and what it showed to be wrong with the model. */
export interface Outcome extends Omit<DetectionResult, 'image'> {
  warnings?: string[];
}

/** The same with its detections as JSON. */
export interface WrittenOutcome extends Omit<Outcome, 'detections'> {
  detections: string;
}

/** What labels are called and what stands above them; acts on a model's classes before anything is suppressed. */
export interface LabelMap {
  /** Label → its new name, or null: it is dropped. Labels that get one name become one label. */
  labels?: Record<string, string | null>;
  /** What becomes of the labels that `labels` does not name. Default 'keep' */
  others?: 'keep' | 'drop';
  /** Parent → the labels below it, by their new names. These may be parents themselves. */
  parents?: Record<string, string[]>;
  /** Score of a parent, from the labels below it that a region has. Default 'maximum' */
  parentScore?: ParentScore;
}

/** 'maximum': the highest of the scores; 'noisy-or': 1 − Π(1 − s), as if they were independent. */
export type ParentScore = 'maximum' | 'noisy-or';

/** A label that holds wherever one of those below it does. */
export interface ParentLabel {
  label: string;
  /** All labels below it, at any depth, that classes have; and its own name where a class has that. */
  below: string[];
  score: ParentScore;
}

/** A model's labels, one per class column; null where a column means nothing (background, gaps in a numbering). */
export type LabelList = readonly (string | null)[];

/** Rows and classes over their thresholds, before suppression; field arrays of equal length n. */
export interface Candidates {
  /** [n] row of the head's output, ascending; a row stands once per class that is over its threshold. */
  rows: Uint32Array;
  /** [n] */
  classIds: Uint16Array;
  /** [n] in [0, 1] */
  scores: Float32Array;
  /** [n, 4] xyxy, pixels of `space` */
  boxes: Float32Array;
  /** Whether boxes are in the model's input or already in the upright image. */
  space: 'input' | 'image';
  /** Where the lower ones are left out: every candidate with a score above this is there. */
  floor?: number;
  /** Where some are left out: how many there are in all. */
  total?: number;
}

/**
 * A monotone curve from a model's scores to the share of detections that are right. 'temperature': σ(logit(s) /
 * temperature); 'platt': σ(slope · logit(s) + intercept); 'isotonic': straight lines from (0, 0) through the points to
 * (1, 1).
 */
export type Calibration =
  | { kind: 'temperature'; temperature: number }
  | { kind: 'platt'; slope: number; intercept: number }
  | { kind: 'isotonic'; scores: number[]; calibrated: number[] };

/** Calibration of a model's scores, by label. */
export interface ScoreCalibration {
  /** For labels that `labels` does not name. Default: their scores stay as they are */
  shared?: Calibration;
  labels?: Record<string, Calibration>;
}

/**
 * How candidates that stand for one object become one. 'nms': the best goes first, and what overlaps it goes away.
 * 'soft-linear', 'soft-gaussian': what overlaps it loses score. 'matrix-linear', 'matrix-gaussian': the same for all at
 * once. 'wbf': what overlaps is averaged. 'nmw': what overlaps the best is averaged into it. 'none': all stay.
 */
export type Suppression =
  | 'nms'
  | 'soft-linear'
  | 'soft-gaussian'
  | 'matrix-linear'
  | 'matrix-gaussian'
  | 'wbf'
  | 'nmw'
  | 'none';

/** How much two boxes overlap. 'ios': intersection over the smaller area. */
export type OverlapMeasure = 'iou' | 'giou' | 'diou' | 'ciou' | 'ios';

/** The score of boxes that were fused: the mean of theirs, or the highest. */
export type FusedScore = 'avg' | 'max';

/**
 * How scores become detections; every option has a default. A label may be named by its class number as well; overlaps
 * are those of `measure`. Sources: docs/options.md.
 */
export interface PostprocessOptions {
  /**
   * The defaults of all that is not given. 'use': what is to be shown or written. 'evaluation': what average precision
   * is measured on: score 0.001, IoU 0.6, 100 detections, regions of equal boxes only. Default 'use'
   */
  preset?: 'use' | 'evaluation';
  /** Score from which a label counts, in [0, 1]. Default 0.35 */
  scoreThreshold?: number;
  /** Label → its own score threshold, in place of `scoreThreshold`. Default none */
  labelThresholds?: Record<string, number>;
  /** In [0, 1]; of two rivals that overlap more, the one with the lower score goes. Default 0.5 */
  iouThreshold?: number;
  /** Label → its own `iouThreshold`, for boxes of the label that may have to go. Default none */
  labelIouThresholds?: Record<string, number>;
  /** 'multi': every label over its threshold; 'single': only the best label of each row of the head. Default 'multi' */
  labels?: 'multi' | 'single';
  /** Only these labels. Default all */
  include?: string[];
  /** Not these labels; wins over `include`. Default none */
  exclude?: string[];
  /** How rivals are dealt with. Models that have done it in their graph skip it. Default 'nms' */
  suppression?: Suppression;
  /** Default 'iou' */
  measure?: OverlapMeasure;
  /** Exponent of the distance in 'diou', above 0. Default 1 */
  diouBeta?: number;
  /**
   * Which boxes are rivals: those of one 'class', 'all', or those of one group of labels, as [['car', 'truck'], …]; a
   * label outside all groups is one by itself. Default 'class'
   */
  scope?: 'class' | 'all' | string[][];
  /** Of the gaussian methods, above 0: a score is multiplied by e^(−overlap² / sigma). Default 0.5 */
  sigma?: number;
  /** With 'wbf'. Default 'avg' */
  fusedScore?: FusedScore;
  /** Positive integer: only so many candidates, those with the highest scores, are looked at. Default 30000 */
  maxCandidates?: number;
  /** Positive integer: at most so many labels over all regions of an image. Default 300 */
  maxDetections?: number;
  /** Positive integer: at most so many of each label. Default no limit */
  maxPerClass?: number;
  /** Pixels of the image: a box counts when its shorter side has at least so many inside the image. Default 0 */
  minSide?: number;
  /** Pixels of the image: a box counts when its longer side has at most so many inside the image. Default no limit */
  maxSide?: number;
  /** Square pixels of the image, as `minSide`. Default 0 */
  minArea?: number;
  /** Square pixels of the image, as `maxSide`. Default no limit */
  maxArea?: number;
  /** In (0, 1]: IoU from which boxes of different labels are one region. Default 0.9 */
  regionIou?: number;
  /** Curves that scores go through first of all: thresholds and results are in calibrated scores. Default none */
  calibration?: ScoreCalibration;
}

/** How an image becomes detections; every option has a default. */
export interface DetectOptions extends PostprocessOptions {
  /** Colour that shows through transparent pixels, #rrggbb. Default '#ffffff' */
  background?: string;
  /** Use the part of a damaged image that can be decoded, and say so in the result's `damage`. Default false */
  lenient?: boolean;
}

export interface DetectorOptions extends DetectOptions {
  /** Path of an ONNX model. Default: the built-in SSDLite MobileNet v2 with COCO's labels */
  model?: string | URL;
  /** A ModelSpec, or parts of one: they win over what is found out about the model. */
  spec?: unknown;
  /** Width and height of the model's input, pixels, where the model leaves it open. */
  size?: [width: number, height: number];
  /** File with the names of the classes: one per line, JSON, or a data.yaml. Default: what the model says */
  labelsFile?: string | URL;
  /**
   * What becomes of the model's labels: a map, the path or file URL of a JSON or YAML file with one, or the name of a ready
   * one, as coco-to-voc. All other options name labels as it leaves them.
   */
  map?: string | URL | LabelMap;
  /** What runs the model: the processor, or what onnxruntime-node has for graphics cards. Default 'cpu' */
  provider?: Provider;
  /** Most worker processes, started as the load asks for them; 0: in this process. Default: one per core, 1 off the CPU */
  workers?: number;
  /** Threads per inference; 0: one per core. Default 1 with workers, 0 without */
  threads?: number;
}

/** Execution providers of onnxruntime. */
export type Provider = 'cpu' | 'cuda' | 'webgpu' | 'coreml' | 'dml';

/** What post-processing needs, settled once: PostprocessOptions with every default in place and labels resolved to classes. */
export interface PostprocessPlan {
  /** [classes] score from which a class is a candidate; NaN: never */
  scoreThresholds: Float64Array;
  single: boolean;
  suppression: Suppression;
  measure: OverlapMeasure;
  diouBeta: number;
  sigma: number;
  fusedScore: FusedScore;
  /** [classes] in [0, 1] */
  iouThresholds: Float64Array;
  /** [classes] classes with the same number are rivals */
  buckets: Uint16Array;
  /** Limits, ∞ where there is none. */
  maxCandidates: number;
  maxDetections: number;
  maxPerClass: number;
  minSide: number;
  maxSide: number;
  minArea: number;
  maxArea: number;
  regionIou: number;
  /** [classes] curves of their scores; null: they stay as they are */
  calibrations: (Calibration | null)[];
  /** Those below others first. */
  parents: PlannedParent[];
  /** Classes that are looked for only because a parent above them is wanted. */
  hidden: number[];
}

/** A parent label, settled. */
export interface PlannedParent {
  label: string;
  /** The class that is called so, else a number behind those of the classes. */
  classId: number;
  /** Classes that it holds with. */
  below: number[];
  /** In [0, 1]; 0: it holds wherever one below it does */
  scoreThreshold: number;
  /** Of two regions that overlap more, the one where its score is lower loses it. */
  iouThreshold: number;
  score: ParentScore;
}

/** What `detect` needs, settled once: DetectOptions with every default in place. */
export interface DetectPlan extends PostprocessPlan {
  background: string;
  lenient: boolean;
}

/** An image on its way into the pipeline; can be sent to a worker. */
export type ImageSource =
  | { kind: 'path'; path: string }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'raw'; pixels: RawPixels };
