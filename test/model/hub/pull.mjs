// node pull.mjs NAME: pulls a model with the built library, says when bytes have come, and prints the path of the file.
import { pullModel } from '../../../dist/model/hub/pull-model.js';

let told = false;
const { file } = await pullModel(process.argv[2], {
  onProgress(path, received) {
    if (told || !path.endsWith('.onnx') || received === 0) return;
    told = true;
    process.stdout.write('bytes\n');
  },
});
process.stdout.write(`${file}\n`);
