// Speaks as a program of the user's would: node talker.mjs [--stdin | --slow | --fail | --silent] output [textfile]
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const [mode, output, source] = process.argv.slice(2);
if (mode === '--fail') {
  console.error('loading\nno such voice');
  process.exit(3);
}
if (mode === '--slow') {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  appendFileSync(source, `${process.pid} ${child.pid}`);
  setInterval(() => {}, 1000);
} else if (mode !== '--silent') {
  const text = mode === '--stdin' ? readFileSync(0, 'utf8') : readFileSync(source, 'utf8');
  // A hundredth of a second for each character.
  const data = Buffer.alloc(text.length * 160);
  for (let at = 0; at < data.length; at += 2) data.writeInt16LE(at % 4 === 0 ? 8000 : -8000, at);
  const header = Buffer.from(
    '524946460000000057415645666d74201000000001000100401f0000803e00000200100064617461ffffffff',
    'hex',
  );
  const wav = Buffer.concat([header, data]);
  if (output === '-') process.stdout.write(wav);
  else writeFileSync(output, wav);
  if (process.env.SPEECH_TOKEN) console.error('it has seen a secret');
}
