import { BGR255, type FamilyInput, IMAGENET, RGB01 } from '../recognition.js';

/** Ultralytics' own since YOLOv5, of YOLOv6 and YOLOv7 as well. Source: ultralytics.data.augment.LetterBox. */
export const LETTERBOX: FamilyInput = { ...RGB01, fit: 'letterbox', padValue: 114 };

/** Ultralytics' RT-DETR. Source: ultralytics.models.rtdetr.predict, pre_transform. */
export const STRETCH: FamilyInput = { ...RGB01, fit: 'stretch', padValue: 114 };

/** Source: YOLOX, yolox/data/data_augment.py, preproc. */
export const YOLOX: FamilyInput = { ...BGR255, fit: 'letterbox-top-left', padValue: 114 };

/** Source: bubbliiiing/yolox-pytorch, utils/utils.py, resize_image and preprocess_input. */
export const CHANNELS_FIRST: FamilyInput = { ...IMAGENET, fit: 'letterbox', padValue: 128 };

/** Darknet's grey. Source: keras-yolo3 and the YOLOv3 and YOLOv4 of the ONNX model zoo, their README. */
export const DARKNET: FamilyInput = { ...RGB01, fit: 'letterbox', padValue: 128, size: [416, 416] };
