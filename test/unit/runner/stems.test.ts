import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';
import { clicks, tone, writeSound } from '../../support/sounds.ts';

const BATCH = `
name: Stems
inputs: { files: "music/*.wav" }
steps:
  - uses: separate
    with: { engine: spectral }
output: out/{input.stem}/
`;

async function workspace(songs: readonly string[]): Promise<string> {
  const folder = makeWorkspace({ 'a.batch.yaml': BATCH, 'music/.keep': '' });
  const struck = clicks(22_050, 2);
  const sound = tone(22_050, 2, 440, 0.3).map((sample, at) => sample + (struck[at] ?? 0) / 2);
  for (const name of songs)
    await writeSound(join(folder, `music/${name}.wav`), 22_050, [sound, sound]);
  return folder;
}

test('every song gets a folder of its stems, and each of them says what it is and how it looks', async () => {
  const folder = await workspace(['one', 'two']);
  writeFileSync(join(folder, 'music/broken.wav'), 'RIFF');
  const { code, events } = await sluice(folder, ['run', 'a.batch.yaml', '--json']);
  // One that is broken is no matter for the others.
  expect(code).toBe(1);
  const results = ofType(events, 'result').map(({ result }) => result);
  expect(results.map(({ path, stem }) => [path, stem])).toEqual([
    ['out/one/harmonic.wav', 'harmonic'],
    ['out/one/percussive.wav', 'percussive'],
    ['out/two/harmonic.wav', 'harmonic'],
    ['out/two/percussive.wav', 'percussive'],
  ]);
  for (const { mime, seconds, peaks = '' } of results) {
    expect({ mime, seconds }).toEqual({ mime: 'audio/wav', seconds: 2 });
    expect(Buffer.from(peaks, 'base64')).toHaveLength(800);
  }
  expect(ofType(events, 'end').find(({ state }) => state === 'failed')?.failure?.message).toContain(
    'broken.wav',
  );
  expect(readdirSync(join(folder, 'out')).toSorted()).toEqual(['one', 'two']);

  // A later run knows them, with all that was said of them.
  const again = await sluice(folder, ['run', 'a.batch.yaml', '--json']);
  expect(ofType(again.events, 'result').map(({ result }) => result)).toEqual(results);
  expect(ofType(again.events, 'start')).toHaveLength(1);
});

test('the history of an older version takes them in', async () => {
  const folder = await workspace(['one']);
  await sluice(folder, ['run', 'a.batch.yaml']);
  const history = new DatabaseSync(join(folder, '.sluice/history.db'), { timeout: 10_000 });
  for (const column of ['stem', 'peaks']) history.exec(`ALTER TABLE results DROP COLUMN ${column}`);
  history.close();
  const { code, events } = await sluice(folder, ['run', 'a.batch.yaml', '--json', '--force']);
  expect(code).toBe(0);
  expect(ofType(events, 'result').map(({ result }) => result.stem)).toEqual([
    'harmonic',
    'percussive',
  ]);
});

test('a step behind it takes its folder, and a result that is no folder is refused', async () => {
  const folder = await workspace(['one']);
  const list = 'console.log(require("node:fs").readdirSync(process.argv[1]).join(" "))';
  writeFileSync(
    join(folder, 'b.batch.yaml'),
    `inputs: { files: "music/*.wav" }\nsteps:\n  - uses: separate\n  - run: [node, -e, '${list}', "{input}"]\noutput: out/{slug}.txt\n`,
  );
  expect(await sluice(folder, ['run', 'b.batch.yaml'])).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'out/one.txt'))).toBe(true);
  writeFileSync(join(folder, 'c.batch.yaml'), BATCH.replace('{input.stem}/', '{input.stem}.wav'));
  const { code, err } = await sluice(folder, ['run', 'c.batch.yaml']);
  expect(code).toBe(2);
  expect(err).toContain('c.batch.yaml:7:9');
  expect(err).toContain('`separate` makes several files, so that its result is a folder.');
});
