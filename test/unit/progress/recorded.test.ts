import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { Screen } from '../../../src/progress/screen.ts';
import { withoutColours } from '../../../src/protocol/escapes.ts';
import type { Progress } from '../../../src/protocol/events.ts';
import { feed, record, type Told } from './feed.ts';
import { updatesOf } from './updates.ts';

const FOLDER = join(import.meta.dirname, 'recorded');
const DOCS = join(import.meta.dirname, '../../../docs/progress.md');
const VERSIONS = JSON.parse(
  readFileSync(join(import.meta.dirname, 'record/versions.json'), 'utf8'),
) as Record<string, string>;
const FILES = readdirSync(FOLDER);
/** Those that move the cursor are read from a screen, which paints later. */
const PAINTED = new Set(['tqdm-nested.txt', 'tqdm-rows.txt', 'rich-tasks.txt']);

const bytesOf = (file: string): Buffer => readFileSync(join(FOLDER, file));

const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (_, part: unknown) =>
    typeof part === 'number' ? Number(part.toPrecision(6)) : part,
  );

/** The last share of each bar, whichever time it is drawn. */
function lastStates({ progress }: Told): Record<string, number | undefined> {
  return Object.fromEntries(
    progress.map(({ phase = '', fraction }) => [phase.replace(/ \(\d+\)$/, ''), fraction]),
  );
}

async function feedAll(...pieces: Uint8Array[]): Promise<Told> {
  const told = record();
  for (const piece of pieces) told.push(piece);
  await told.end();
  return told;
}

// The model of a terminal is loaded when a program first moves the cursor, which takes longer than these wait.
beforeAll(() => import('@xterm/headless'));

describe('recorded programs', () => {
  test.each(FILES)('%s: what is told at last', async (file) => {
    const { progress, lines } = await feedAll(bytesOf(file));
    await expect(
      `${JSON.stringify(rounded(progress.at(-1)), null, 2)}\n\n${lines.join('\n')}\n`,
    ).toMatchFileSnapshot(join(import.meta.dirname, 'told', file));
  });

  test.each(FILES.filter((file) => !PAINTED.has(file)))('%s: at every split point', (file) => {
    const bytes = bytesOf(file);
    const whole = feed(bytes);
    for (let at = 1; at < bytes.length; at += 1) {
      const told = feed(bytes.subarray(0, at), bytes.subarray(at));
      const last = told.progress.at(-1);
      expect({ ...last, phase: undefined }).toEqual({ ...whole.progress.at(-1), phase: undefined });
      expect(told.lines).toEqual(whole.lines);
    }
  });

  test.each([...PAINTED])('%s: at every split point, on the screen', async (file) => {
    const bytes = bytesOf(file);
    const whole = lastStates(await feedAll(bytes));
    expect(Object.keys(whole).length).toBeGreaterThan(0);
    const cuts = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
    while (cuts.length > 0) {
      const some = cuts.splice(0, 100);
      const tolds = await Promise.all(
        some.map((at) => feedAll(bytes.subarray(0, at), bytes.subarray(at))),
      );
      for (const told of tolds) expect(lastStates(told)).toMatchObject(whole);
    }
  });
});

interface Row {
  readonly told: readonly Progress[];
  readonly updates: number;
  readonly missed: number;
}

/** Feeds a recording state by state, as it was painted, with a second between them. */
async function watch(file: string): Promise<Row> {
  const text = bytesOf(file).toString();
  using screens = vi.spyOn(Screen.prototype, 'write');
  const told = record();
  for (const piece of text.split(/(?=\r(?!\n))|(?<=\n)/)) {
    told.push(piece);
    if (PAINTED.has(file)) await (screens.mock.contexts.at(-1) as Screen | undefined)?.settled();
    for (let second = 0; second < 8; second += 1) told.clock.tick(1000);
  }
  await told.end();
  const { update, percent } = updatesOf(file);
  const matches = [...withoutColours(text).matchAll(update)];
  const shares = told.progress.map(({ fraction }) => fraction);
  let at = 0;
  // Programs cut a share off where they round it. A painted bar is drawn again where another one has moved.
  const isTold = (wanted: number): boolean => {
    const isIt = (share: number | undefined): boolean =>
      share !== undefined && Math.abs(share * 100 - wanted) <= 1;
    if (PAINTED.has(file)) return shares.some(isIt);
    const found = shares.findIndex((share, index) => index >= at && isIt(share));
    if (found >= 0) at = found;
    return found >= 0;
  };
  const wanted = matches.map(percent);
  // What has no share is told by its amount: as many of them as there are different ones.
  const endless = new Set(matches.filter((_, index) => wanted[index] === undefined).map(String));
  const untold = Math.max(0, endless.size - shares.filter((share) => share === undefined).length);
  return {
    told: told.progress,
    updates: matches.length,
    missed: wanted.filter((share) => share !== undefined && !isTold(share)).length + untold,
  };
}

const share = (progress: Progress | undefined): string =>
  progress?.fraction === undefined ? 'not known' : `${Math.round(progress.fraction * 1000) / 10} %`;

test('every update of every recording is seen, and progress never falls within a phase', async () => {
  const rows: string[] = [];
  for (const file of FILES) {
    const name = file.replace('.txt', '');
    const { told, updates, missed } = await watch(file);
    expect(missed, `${name}: missed`).toBe(0);
    expect(told.length > 0, `${name}: ${updates} updates`).toBe(updates > 0);
    const highest = new Map<string, number>();
    for (const { phase = '', fraction = 0 } of told) {
      expect(fraction, `${name}, ${phase}`).toBeGreaterThanOrEqual(highest.get(phase) ?? 0);
      highest.set(phase, fraction);
    }
    const seen = updates === 0 ? '' : `${Math.floor((100 * (updates - missed)) / updates)} %`;
    const phases = [...highest.keys()].filter((phase) => phase !== '');
    rows.push(
      `| ${VERSIONS[name]} | \`${name}\` | ${updates} | ${seen} | ${missed} | ` +
        (told.length === 0 ? 'none shown | |' : `${share(told[0])} | ${share(told.at(-1))} |`) +
        ` ${phases.slice(0, 4).join(', ')}${phases.length > 4 ? ', …' : ''} |`,
    );
  }
  const begin =
    '| program | recording | updates | seen | missed | first | last | phases |\n|---|---|---|---|---|---|---|---|\n';
  const docs = readFileSync(DOCS, 'utf8');
  const table = /<!-- recorded -->\n[\s\S]*<!-- \/recorded -->/;
  expect(docs).toMatch(table);
  const made = docs.replace(
    table,
    () => `<!-- recorded -->\n\n${begin}${rows.join('\n')}\n\n<!-- /recorded -->`,
  );
  await expect(made).toMatchFileSnapshot(DOCS);
});
