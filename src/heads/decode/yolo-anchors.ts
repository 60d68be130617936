/** Published anchors of YOLOs per level, finest first: width and height of each in turn, model-input pixels. */
export const ANCHORS = {
  /** Source: YOLOv4's yolov4.cfg; YOLOv7's cfg/training/yolov7.yaml has the same. */
  yolov4: [
    [12, 16, 19, 36, 40, 28],
    [36, 75, 76, 55, 72, 146],
    [142, 110, 192, 243, 459, 401],
  ],
  /** Source: YOLOv5's models/yolov5s.yaml; YOLOv3's yolov3.cfg has the same. */
  yolov5: [
    [10, 13, 16, 30, 33, 23],
    [30, 61, 62, 45, 59, 119],
    [116, 90, 156, 198, 373, 326],
  ],
  /** Source: YOLOv3's yolov3-tiny.cfg. */
  'yolov3-tiny': [
    [10, 14, 23, 27, 37, 58],
    [81, 82, 135, 169, 344, 319],
  ],
  /** Source: YOLOv2's yolov2-tiny-voc.cfg, sides times the stride of 32. */
  'yolov2-tiny-voc': [[1.08, 1.19, 3.42, 4.41, 6.63, 11.38, 9.42, 5.11, 16.62, 10.52].map((side) => 32 * side)],
  /** Source: YOLOv2's yolov2.cfg, which has those of COCO, sides times the stride of 32. */
  yolov2: [
    [0.57273, 0.677385, 1.87446, 2.06253, 3.33843, 5.47434, 7.88282, 3.52778, 9.77052, 9.16828].map(
      (side) => 32 * side,
    ),
  ],
  /** Source: data/coco.data of dog-qiuqiu/Yolo-FastestV2. */
  'yolo-fastestv2': [
    [12.64, 19.39, 37.88, 51.48, 55.71, 138.31],
    [126.91, 78.23, 131.57, 214.55, 279.92, 258.87],
  ],
} satisfies Record<string, number[][]>;

export type AnchorsName = keyof typeof ANCHORS;
