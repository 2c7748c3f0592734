import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Progress, RunEvent } from '../../../src/protocol/events.ts';
import { makeWorkspace, ofType, sluice } from '../../support/sluice.ts';

// Demucs, Whisper and most of what computes in Python shows this bar, on stderr.

/** Debian's Python has tqdm; another one may be first in PATH. */
const PYTHON = '/usr/bin/python3';
const BARS = join(import.meta.dirname, '../../programs/bars.py');

interface Ran {
  readonly events: readonly RunEvent[];
  readonly told: readonly Progress[];
}

async function run(kind: string, pty: boolean | 'auto', pause = 0.02): Promise<Ran> {
  const folder = makeWorkspace({
    'b.batch.yaml': `
inputs: [${kind}]
steps:
  - run: [${PYTHON}, ${BARS}, "{input}", "${pause}"]
    pty: ${pty}
`,
  });
  const { code, events } = await sluice(folder, ['run', 'b.batch.yaml', '--json']);
  expect(code).toBe(0);
  return {
    events,
    told: ofType(events, 'progress').map(({ progress }) => progress),
  };
}

const percents = (told: readonly Progress[]): number[] =>
  told.map(({ fraction = Number.NaN }) => Math.round(fraction * 100));

describe.each([
  ['a pipe', false],
  ['a pseudo-terminal', true],
] as const)('real tqdm on %s', (_, pty) => {
  test.each(['plain', 'ascii', 'wiped'])('%s: is followed from 0 to 100 %%', async (kind) => {
    const { told } = await run(kind, pty);
    const shares = percents(told);
    expect(shares[0]).toBeLessThanOrEqual(5);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    if (kind !== 'wiped') expect(shares.at(-1)).toBe(100);
    // It draws ten times a second at the most.
    expect(shares.length).toBeGreaterThanOrEqual(4);
    const { total, phase } = told.at(-1) ?? {};
    expect(total).toBe(kind === 'wiped' ? 20 : 40);
    expect(phase).toBe(kind === 'plain' ? 'Séparation' : undefined);
  });

  test('nested: the bars are told apart, and each inner one is followed', async () => {
    const { told } = await run('nested', pty, 0.1);
    const phases = new Map<string, number[]>();
    for (const one of told) {
      const { phase = '' } = one;
      phases.set(phase, [...(phases.get(phase) ?? []), ...percents([one])]);
    }
    expect([...phases.keys()].sort()).toEqual(['epochs', 'steps', 'steps (2)', 'steps (3)']);
    for (const shares of phases.values()) {
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    }
    expect(phases.get('epochs')?.at(-1)).toBe(100);
  });

  test('scaled and endless: amounts and rates are told', async () => {
    const scaled = (await run('scaled', pty)).told;
    expect(scaled.at(-1)).toMatchObject({ fraction: 1, unit: 'B', phase: 'model.bin' });
    expect(scaled.some(({ rate = 0 }) => rate > 0)).toBe(true);
    const endless = (await run('endless', pty)).told;
    expect(endless.at(-1)).toMatchObject({ done: 45, unit: 'tokens' });
    expect(endless.every(({ fraction }) => fraction === undefined)).toBe(true);
  });

  test('slow: each step is told when it is done', async () => {
    const { events } = await run('slow', pty);
    const times = ofType(events, 'progress').map(({ time, progress }) => [time, progress.done]);
    const at = (done: number): number =>
      Number(times.find(([, one]) => one === done)?.[0] ?? Number.NaN);
    // A song takes 1.2 s: what a buffer held back would come together.
    expect(at(2) - at(1)).toBeGreaterThan(600);
    expect(at(3) - at(2)).toBeGreaterThan(600);
  });
});

test("real tqdm with `pty: 'auto'` is followed as on a terminal", async () => {
  const { told } = await run('plain', 'auto');
  expect(percents(told).at(-1)).toBe(100);
  expect(told.at(-1)).toMatchObject({ total: 40, phase: 'Séparation' });
});
