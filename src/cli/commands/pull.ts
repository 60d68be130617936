import { MODEL_OPTIONS } from '../../options/detector-options.js';
import { printable } from '../../text/printable.js';
import { command } from '../command.js';

export const pullCommand = command({
  name: 'pull',
  summary: 'Fetch a model by name, or see whether it has moved',
  usage: 'NAME…',
  about:
    'Fetches ONNX detectors into the cache that Python’s huggingface_hub uses as well, and prints the paths of their files. ' +
    'A name is hf:ORG/NAME[@REVISION][/FILE.onnx], https://…/model.onnx#sha256=…, or a short name that sigbox models lists. ' +
    'The hash of every file is compared; what was fetched in part is continued.',
  operands: { min: 1, what: 'one or more names of models' },
  options: { variant: MODEL_OPTIONS.variant },
  examples: [
    ['sigbox pull dfine-n', 'D-FINE N, by its short name'],
    ['sigbox pull hf:onnx-community/rfdetr_base-ONNX --variant fp16', 'A repository, and which of its files'],
  ],
  notes:
    'HF_HUB_CACHE, HF_HOME, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, HTTPS_PROXY count as they do for huggingface_hub. ' +
    'Exit status: 0, 64 no such name, 66 it can’t be fetched, 70 not a model.',

  async run({ operands, options: { variant } }) {
    const [{ pullModel }, { showFetching }] = await Promise.all([
      import('../../model/hub/pull-model.js'),
      import('../options/fetch-named.js'),
    ]);
    for (const name of operands) {
      using shown = showFetching();
      const { file, movedFrom, revision } = await pullModel(name, { variant, refresh: true, ...shown });
      if (movedFrom !== null && revision !== null) {
        const [before, now] = [movedFrom, revision].map((commit) => commit.slice(0, 12));
        process.stderr.write(
          `sigbox: ${printable(name)}: it moved from ${before} to ${now} since it was last fetched.\n`,
        );
      }
      process.stdout.write(`${file}\n`);
    }
    return 0;
  },
});
