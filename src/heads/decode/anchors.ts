/** Published ways to choose the anchors of a level; all have nine per cell: three sizes, each in three shapes. */
const SETS = {
  /**
   * Sides of 4, 5.04 and 6.35 strides, the areas of the shapes alike but for rounding.
   * Source: generate_anchors in retinanet/box.py of NVIDIA/retinanet-examples as of 2019, which the ONNX model zoo's
   * RetinaNet was trained with; later versions do not round.
   */
  retinanet: (stride: number) =>
    SCALES.flatMap((scale) =>
      [1, 2, 0.5].flatMap((ratio) => {
        const width = halfToEven(Math.sqrt(stride ** 2 / ratio));
        return [4 * scale * width, 4 * scale * halfToEven(width * ratio)];
      }),
    ),
  /** Source: Anchors in effdet/anchors.py, anchor_scale 4; utils.py of zylo117/Yet-Another-EfficientDet-Pytorch. */
  efficientdet: (stride: number) => efficientdet(4 * stride),
  /** EfficientDet-D7, anchor_scale 5. Source: as above; effdet/config/model_config.py. */
  'efficientdet-d7': (stride: number) => efficientdet(5 * stride),
  /** TensorFlow's EfficientDet-Lite 0, 1, 2 and 3x, anchor_scale 3. Source: as above. */
  'efficientdet-lite': (stride: number) => efficientdet(3 * stride),
} satisfies Record<string, (stride: number) => number[]>;

export type AnchorSet = keyof typeof SETS;
export const anchorSets = Object.keys(SETS) as AnchorSet[];

const SCALES = [1, 2 ** (1 / 3), 2 ** (2 / 3)];

/** @returns [18] width and height of each anchor in turn, model-input pixels */
export function anchorsOf(set: AnchorSet, stride: number): number[] {
  return SETS[set](stride);
}

function efficientdet(side: number): number[] {
  const shapes = [1, 1, 1.4, 0.7, 0.7, 1.4];
  return SCALES.flatMap((scale) => shapes.map((factor) => side * scale * factor));
}

/** Rounds as PyTorch does. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
