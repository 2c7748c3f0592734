// `npm run code`: VS Code on the examples with the extension loaded.
import { build, install, runNode } from './setup.mjs';

install();
build();
runNode(['scripts/vscode/open.mjs', ...process.argv.slice(2)]);
