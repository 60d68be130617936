import { type Command, requireOperands } from './command.js';
import { type DetectionArguments, detectionOptions, readDetection } from './detection.js';

export interface DetectArguments extends DetectionArguments {
  images: string[];
  json: boolean;
}

export const detect: Command<DetectArguments> = {
  name: 'detect',
  summary: 'Find what is in images and print it',

  describe: (parser) =>
    parser
      .usage('$0 detect IMAGE…\n\nFinds what is in image files (- is one on standard input) and prints it.')
      .options({
        json: { boolean: true, default: false, describe: 'One JSON object per image and line' },
        ...detectionOptions,
      })
      .example('$0 detect street.jpg', 'A table of what is in a picture')
      .example('$0 detect *.jpg --json --score 0.5 --score person=0.3', 'JSON Lines; persons from a lower score on')
      .example('curl -s https://example.com/a.jpg | $0 detect -', 'A picture from elsewhere'),

  read(images, values) {
    requireOperands('detect', images, { least: 1, what: 'one or more images' });
    return { images, json: values.json === true, ...readDetection(values) };
  },

  run: async (args) => (await import('../commands/detect.js')).detect(args),
};
