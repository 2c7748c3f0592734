// `npm run package [-- --target=linux-x64] [--out=FILE]`: the extension as a VSIX, for this platform or another one.
import { install, runNode } from './setup.mjs';

install();
runNode(['scripts/package/main.mjs', ...process.argv.slice(2)]);
