import { BGR255, type FamilyInput, IMAGENET, RGB01 } from '../recognition.js';

/** Ultralytics' own since YOLOv5, of YOLOv6 and YOLOv7 as well. Source: ultralytics.data.augment.LetterBox. */
export const LETTERBOX: FamilyInput = { ...RGB01, fit: 'letterbox', interpolation: 'bilinear', padValue: 114 };

/** Ultralytics' RT-DETR. Source: ultralytics.models.rtdetr.predict, pre_transform. */
export const STRETCH: FamilyInput = { ...RGB01, fit: 'stretch', interpolation: 'bilinear', padValue: 114 };

/** Source: YOLOX, yolox/data/data_augment.py, preproc. */
export const YOLOX: FamilyInput = {
  ...BGR255,
  fit: 'letterbox-top-left',
  rounding: 'cut',
  interpolation: 'bilinear',
  padValue: 114,
};

/** With Pillow. Source: bubbliiiing/yolox-pytorch, utils/utils.py, resize_image and preprocess_input. */
export const CHANNELS_FIRST: FamilyInput = {
  ...IMAGENET,
  fit: 'letterbox',
  rounding: 'down',
  interpolation: 'antialias',
  padValue: 128,
};

/** Darknet's grey. Source: the YOLOv4 of the ONNX model zoo, its README (image_preprocess). */
export const DARKNET: FamilyInput = {
  ...RGB01,
  fit: 'letterbox',
  rounding: 'cut',
  interpolation: 'bilinear',
  padValue: 128,
  size: [416, 416],
};
