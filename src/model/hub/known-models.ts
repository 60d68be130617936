/**
 * Detectors that have a short name: all under permissive licences, all with the hash of the file that was published.
 *
 * AP: COCO val2017, the figures of the models' authors. Hashes and sizes: of the files at the named revisions, as several
 * public projects that use them pin them. The contract of each family is tested with exports of the same architecture.
 */
export interface KnownModel {
  /** `--model NAME` */
  name: string;
  family: string;
  /** A repository of the model hub at a fixed revision, or an address. */
  source: { repo: string; revision: string; file: string } | { url: string };
  /** SHA-256 of the ONNX file, lower-case hexadecimal. */
  sha256: string;
  /** Size of the ONNX file; null: not known before it is fetched. */
  bytes: number | null;
  /** SPDX identifier of the weights' licence. */
  license: string;
  /** COCO AP (IoU 0.5 to 0.95), percent. */
  ap: number;
  /** Width and height of the input, pixels. */
  size: number;
}

export const KNOWN_MODELS: readonly KnownModel[] = [
  yolox('nano', 'c789161ed43c8269fcd4e67c67eeeb4e80c622da2eb296a20bc6007bd18a0b7d', 3_659_407, 25.8, 416),
  yolox('tiny', '427cc366d34e27ff7a03e2899b5e3671425c262ea2291f88bb942bc1cc70b0f7', 20_219_662, 32.8, 416),
  yolox('s', 'c5c2d13e59ae883e6af3b45daea64af4833a4951c92d116ec270d9ddbe998063', 35_858_002, 40.5, 640),
  yolox('l', '7860ae79de6c89a3c1eb72ae9a2756c0ccfbe04b7791bb5880afabd97855a411', 216_746_733, 49.7, 640),
  yolox('x', 'c892d7aaf1c4746d8a4d675bec669a4db4f434b4ee1efb654bc9b353379c7c55', 396_142_663, 51.1, 640),
  {
    ...dfine('n', '380d2839c327efaf65dd0fe0c2c10ab7fadd5473'),
    sha256: '0f684f409618ee8a822410e754a29caa817d1aa16283ce89cad936d0a48e2f35',
    bytes: 15_258_358,
    ap: 42.8,
  },
  {
    ...dfine('s', 'a3cf03147a9b86c78475139115c8ac142577352d'),
    sha256: 'cd8a49a945feda6d28c6304ae8ae85c2759ba1d78a5a83a22c5ce8db82ef7238',
    bytes: 41_535_197,
    ap: 48.5,
  },
  {
    ...dfine('m', '489756db2825cb068a588fe930af239a656d1fe1'),
    sha256: '70aaa837978a06ba44ad17398c7079ae5a1a7b1a9032b5d7053981e1ada02d6b',
    bytes: 78_624_257,
    ap: 52.3,
  },
  {
    ...dfine('l', 'e09b218185400510b68d067bbd0c9379d905ffcd'),
    sha256: 'd678f3baebfb909d3a20f21d1d807544d0172ed47fa1ab88e7fcdec7e365b236',
    bytes: 125_348_332,
    ap: 54.0,
  },
  {
    ...dfine('x', 'b67b16d98f1f95e2af0b6d0b8f74ad956557fe8c'),
    sha256: '644fb5124c9c035a6082f23419da693c19ac857bd984ab7af5e353779368a03b',
    bytes: 251_138_448,
    ap: 55.8,
  },
  {
    ...hub('rfdetr-nano', 'RF-DETR', 'rfdetr_nano-ONNX', 'eae21cee0687a91bcf9fa071605c48d7705d2d91'),
    sha256: '9cbac6b11ce34a03034e4d5a24cfac5f18632fd6761d1311dd640232088d7fee',
    bytes: 108_074_865,
    ap: 48.4,
    size: 384,
  },
  {
    ...hub('rfdetr-small', 'RF-DETR', 'rfdetr_small-ONNX', '63463b68b200177d1fea7015f11f3cebb0ba4eeb'),
    sha256: '121cc1476a7b69d865ca4bdc2bca59a3239020d227e4c3f35a811bef81aeb7f1',
    bytes: 114_680_416,
    ap: 53.0,
    size: 512,
  },
  {
    ...hub('rtdetr-r18', 'RT-DETR', 'rtdetr_r18vd', 'ec641af14c7cc8f93cd641a1458f498abbbbb533'),
    sha256: '11843b02455cc24009aed24d4c40db721b1093be5ccd6bbe7b9c441abb1d0558',
    bytes: null,
    ap: 46.5,
    size: 640,
  },
  {
    ...hub('rtdetrv2-r18', 'RT-DETRv2', 'rtdetr_v2_r18vd-ONNX', '936f90b6a476c6da4dfe053fc521af55285976ba'),
    sha256: '583a236ac21c95a7fd94f284fc21485e42355bfef82c27011ba78fbc09ee87e2',
    bytes: 81_057_510,
    ap: 47.9,
    size: 640,
  },
];

export function knownModel(name: string): KnownModel | undefined {
  return KNOWN_MODELS.find((model) => model.name === name);
}

/** The authors' own files. */
function yolox(variant: string, sha256: string, bytes: number, ap: number, size: number): KnownModel {
  const url = `https://github.com/Megvii-BaseDetection/YOLOX/releases/download/0.1.1rc0/yolox_${variant}.onnx`;
  return { name: `yolox-${variant}`, family: 'YOLOX', source: { url }, sha256, bytes, license: 'Apache-2.0', ap, size };
}

function dfine(variant: string, revision: string) {
  return { ...hub(`dfine-${variant}`, 'D-FINE', `dfine_${variant}_coco-ONNX`, revision), size: 640 };
}

/** Exports of the ONNX community, made from the authors' weights. */
function hub(name: string, family: string, repository: string, revision: string) {
  const source = { repo: `onnx-community/${repository}`, revision, file: 'onnx/model.onnx' };
  return { name, family, source, license: 'Apache-2.0' };
}
