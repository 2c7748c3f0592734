import { appendFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { deserialize, setFlagsFromString } from 'node:v8';
import writeFileAtomic from 'write-file-atomic';
import type { Plan } from '../batch/plan.ts';
import { BatchError } from '../batch/problem.ts';
import { endLeftovers } from '../process/program.ts';
import type { RunEnd } from '../protocol/events.ts';
import { failureOf } from './failure.ts';
import { type OpenedRun, openRun } from './open.ts';
import type { Workplace } from './open-items.ts';
import type { Handshake, RunnerOptions } from './start.ts';

/** Clients may take so long to read the last events of a run that is over. */
const LAST_WORDS_MS = 2000;
/** A run waits so long for whoever started it to listen. */
const FIRST_CLIENT_MS = 500;

// A runner lives beside the programs that do the work: it collects its garbage early instead of growing.
setFlagsFromString('--heap-growing-percent=20');

/**
 * The runner: one detached process that owns one run. It reads its Plan, as V8 serialises it, on standard
 * input and says one Handshake on standard output. Ends the process.
 *
 * @param prepare gives where the steps of items are done; where it rejects, the run is refused
 */
export function runnerMain(prepare: (options: RunnerOptions) => Promise<Workplace>): void {
  main(prepare).then(
    () => process.exit(),
    (error: unknown) => {
      process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
      process.exit(1);
    },
  );
}

async function main(prepare: (options: RunnerOptions) => Promise<Workplace>): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as RunnerOptions;
  let workplace: Workplace | undefined;
  let opened: OpenedRun;
  try {
    const plan = deserialize(await buffer(process.stdin)) as Plan;
    workplace = await prepare(options);
    opened = await openRun(options, plan, workplace);
  } catch (error) {
    say(refusal(error));
    await workplace?.close();
    process.exitCode = 2;
    return;
  }
  const { run, journal, history, server, layout, info } = opened;
  process.on('SIGTERM', () => void run.cancel());
  process.on('SIGINT', () => void run.cancel());
  // The terminal that started it may go away; the run does not.
  process.on('SIGHUP', () => {});
  // A fault of ours: the run is interrupted, and the next one goes on with it.
  process.on('uncaughtException', (error) => {
    appendFileSync(layout.log, `${new Date().toISOString()} ${error.stack ?? String(error)}\n`);
    process.exit(1);
  });
  say({ ok: true, info });
  // Whoever started the run sees it from its first event on.
  await Promise.race([server.attached, setTimeout(FIRST_CLIENT_MS)]);
  run.start();
  const end = await run.finished;
  // Those who left their program's group and pipes.
  await endLeftovers(`${options.id}.`);
  await close(end, { journal, history, layout, info });
  await workplace.close();
  // A run may be over before whoever started it has come to listen.
  await Promise.race([server.attached, setTimeout(LAST_WORDS_MS)]);
  await server.close(LAST_WORDS_MS);
}

async function close(
  end: RunEnd,
  { journal, history, layout, info }: Omit<OpenedRun, 'run' | 'server'>,
): Promise<void> {
  const attempt = async (what: string, work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      journal.emit({
        type: 'note',
        level: 'warning',
        message: `${what} could not be written: ${failureOf(error).message}`,
      });
    }
  };
  await attempt('The history', () => history.end(info.id, end));
  await attempt('The manifest', () =>
    writeFileAtomic(
      layout.manifest,
      `${JSON.stringify({ run: info.id, results: history.madeIn(info.id) }, undefined, 2)}\n`,
    ),
  );
  journal.emit({ type: 'finish', state: end });
  await attempt('The state of the run', () =>
    writeFileAtomic(layout.state, JSON.stringify(journal.state)),
  );
  await journal.close();
  history.close();
  await rm(layout.socket, { force: true });
}

function refusal(error: unknown): Handshake {
  if (error instanceof BatchError) return { ok: false, problems: error.problems };
  const { message, hint } = failureOf(error);
  return {
    ok: false,
    problems: [{ file: '.sluice', message, ...(hint === undefined ? {} : { hint }) }],
  };
}

function say(handshake: Handshake): void {
  // Whoever started the run may be gone by now; the run goes on.
  process.stdout.on('error', () => {});
  process.stdout.write(`${JSON.stringify(handshake)}\n`);
}
