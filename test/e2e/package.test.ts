import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { decodeSound } from '../../src/engines/sound/decode.ts';
import { eventually } from '../support/eventually.ts';
import { eventsOf } from '../support/run-files.ts';
import { fileOf, openScene } from '../support/scene.ts';
import { ofType } from '../support/sluice.ts';
import { panelOf, runBatchFile } from '../support/window.ts';

/** A pseudo-terminal, a text model and a voice: every native part. */
const BATCH = `
name: Packed
inputs: [What is rain?]
steps:
  - run: [printf, "%s\\n", "{input}"]
    pty: true
  - uses: write
    with: { engine: local, words: 12 }
    output: out/rain.md
  - uses: speak
    with: { engine: kokoro }
output: out/rain.mp3
`;

test('the VSIX is installed, and does the main job with its own parts alone', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-vsix-'));
  onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
  const vsix = join(temporary, 'sluice.vsix');
  const packed = execFileSync(
    process.execPath,
    [fileOf('scripts/package.mjs'), `--out=${vsix}`, '--no-measure'],
    { encoding: 'utf8' },
  );
  expect(packed).toMatch(/^extension\.js with what it loads at once: [\d.]+ kB$/m);
  expect(packed).toMatch(/^sluice\.vsix: [\d.]+ MB, [\d.]+ MB installed$/m);

  const { folder, window } = await openScene(
    { 'packed.batch.yaml': BATCH },
    { extensionPath: [], vsix: [vsix], env: { SLUICE_DIST: undefined } },
  );
  await runBatchFile(window, 'packed.batch.yaml');
  // Its runner is the one of the installed extension.
  await eventually(() => ofType(eventsOf(folder), 'step').length).toBeGreaterThan(0);
  const [begun] = ofType(eventsOf(folder), 'run');
  const runner = readFileSync(`/proc/${begun?.run.pid}/cmdline`, 'utf8');
  expect(runner).toMatch(/\/extensions\/sluice\.sluice-[^/]+\/dist\/runner\.js/);

  const panel = await panelOf(window);
  await eventually(() => panel.items('done').count(), 120_000).toBe(1);
  const text = readFileSync(join(folder, 'out/rain.md'), 'utf8');
  expect(text.split(/\s+/).length).toBeGreaterThan(5);
  const { samples, sampleRate } = await decodeSound(readFileSync(join(folder, 'out/rain.mp3')));
  expect(samples.length / sampleRate).toBeGreaterThan(1);
  expect(Math.max(...samples.slice(0, sampleRate).map(Math.abs))).toBeGreaterThan(0.02);
});
