// `npm run bench [NAME...]`: the comparisons in bench/, each beside its peers.
import { build, install, installDebian, runNode } from './setup.mjs';

install();
build();
installDebian(['parallel', 'python3', 'ffmpeg', 'redis-server', 'redis-tools']);
runNode(['bench/run.ts', ...process.argv.slice(2)]);
