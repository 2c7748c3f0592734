// `npm start`: from a fresh checkout to spoken MP3 files.
import { build, install, runNode, say } from './setup.mjs';

install();
build();
say('Fetching the models of the example, unless they are here …');
runNode([
  'dist/sluice.js',
  'models',
  'pull',
  'tinyllama',
  'kokoro-fp32',
  'kokoro-voices',
  'kokoro-tokenizer',
  'cmudict',
  'g2p',
]);
say('Running examples/audio-from-prompts …');
runNode([
  'dist/sluice.js',
  'run',
  'examples/audio-from-prompts/biology.batch.yaml',
  '--workspace',
  'examples',
]);
