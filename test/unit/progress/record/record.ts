/**
 * Records how real programs show progress, for the tests: `node test/unit/progress/record/record.ts [NAME…]`. Each
 * recording is the bytes of one run, as Sluice would get them, both streams in the order in which they came. All
 * that is fetched comes from the loopback. Needs the programs; see docs/progress.md for Debian's packages. For
 * alive-progress, which Debian does not have, PYTHONPATH may lead to its source.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../../../src/process/environment.ts';
import { startProgram } from '../../../../src/process/program.ts';
import { RECORDINGS, type Recording } from './programs.ts';
import { startSlowServer } from './server.ts';

const HERE = import.meta.dirname;
const RECORDED = join(HERE, '..', 'recorded');
const VERSIONS = join(HERE, 'versions.json');
/** More bytes than this are no small fixture. */
const LIMIT = 20_000;

/** No settings of this machine. */
const QUIET = {
  PIP_CONFIG_FILE: '/dev/null',
  PIP_FIND_LINKS: '',
  NPM_CONFIG_USERCONFIG: '/dev/null',
  NPM_CONFIG_UPDATE_NOTIFIER: 'false',
};

const folder = mkdtempSync(join(tmpdir(), 'sluice-record-'));
const files = join(folder, 'files');
mkdirSync(files);

/** The program and its version, from the first line of what `--version` prints. */
function versionIn(output: string): string {
  const [name = '', version = ''] = /^(\S+?):?\s.*?v?(\d[\w.+-]*)/s.exec(output)?.slice(1) ?? [];
  return `${name} ${version}`;
}

/** What the server sends and the commands read. */
function makeFiles(): Map<string, Buffer> {
  const shell = (script: string): void => {
    execFileSync('sh', ['-c', script], { cwd: files, stdio: 'ignore' });
  };
  shell(
    'sox -n -r 44100 -c 2 tone.wav synth 4 sine 440; sox -n -r 44100 -c 2 long.wav synth 60 sine 440',
  );
  shell('head -c 2m /dev/zero > two.bin');
  shell('mkdir -p package && head -c 1000000 /dev/urandom > package/data');
  shell(
    `printf '{"name":"sample","version":"1.0.0"}' > package/package.json && tar czf sample-1.0.0.tgz package`,
  );
  // A wheel is a zip file; stored, so that it is as large as what is in it.
  const wheel = 'sluice_sample-1.0-py3-none-any.whl';
  const info = 'sluice_sample-1.0.dist-info';
  shell(
    `/usr/bin/python3 -c 'import os, zipfile
with zipfile.ZipFile("${wheel}", "w") as z:
    z.writestr("sluice_sample.bin", os.urandom(2000000))
    z.writestr("${info}/METADATA", "Metadata-Version: 2.1\\nName: sluice-sample\\nVersion: 1.0\\n")
    z.writestr("${info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: sluice\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    z.writestr("${info}/RECORD", "")'`,
  );
  return new Map([
    ['file.bin', randomBytes(3_000_000)],
    ...['sample-1.0.0.tgz', wheel].map((name) => [name, readFileSync(join(files, name))] as const),
  ]);
}

async function record(recording: Recording, url: string): Promise<void> {
  const cwd = join(folder, recording.name);
  mkdirSync(cwd);
  const chunks: Uint8Array[] = [];
  const keep = (chunk: Uint8Array): unknown => chunks.push(chunk);
  const env = childEnvironment({
    extra: { HERE, URL: url, FILES: files, LC_ALL: 'C.UTF-8', ...QUIET },
  });
  const program = startProgram(
    {
      program: 'sh',
      args: ['-c', recording.run],
      cwd,
      env,
      tag: 'record/',
      pty: recording.terminal ?? false,
    },
    { onOut: keep, onErr: keep },
  );
  const { code, signal } = await program.exited;
  if (code !== 0) console.warn(`${recording.name}: ended with ${code ?? signal}`);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > LIMIT) throw new Error(`${recording.name} has ${bytes.length} bytes`);
  // Only these are of this machine.
  const text = bytes
    .toString('latin1')
    .replaceAll(folder, '/tmp/record')
    .replaceAll(server.url, 'http://127.0.0.1:8000');
  writeFileSync(join(RECORDED, `${recording.name}.txt`), text, 'latin1');
  console.log(`${recording.name}: ${bytes.length} bytes`);
}

const names = process.argv.slice(2);
const wanted = RECORDINGS.filter(({ name }) => names.length === 0 || names.includes(name));
const server = await startSlowServer(makeFiles());
const versions = JSON.parse(readFileSync(VERSIONS, 'utf8')) as Record<string, string>;
try {
  for (const recording of wanted) {
    try {
      const output = execFileSync('sh', ['-c', recording.version], { encoding: 'utf8' });
      await record(recording, server.url);
      versions[recording.name] = versionIn(output);
    } catch (error) {
      console.warn(`${recording.name}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
} finally {
  writeFileSync(VERSIONS, `${JSON.stringify(versions, null, 2)}\n`);
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
