import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import writeFileAtomic from 'write-file-atomic';
import { type Plan, planBatch, relativePath, stepName } from '../batch/expand.ts';
import { BatchError } from '../batch/problem.ts';
import { endLeftovers } from '../process/program.ts';
import { EVENTS_VERSION, type RunEnd } from '../protocol/events.ts';
import { newAddress, type RunnerInfo } from './address.ts';
import { executorFor } from './executors.ts';
import { failureOf } from './failure.ts';
import { History, type RunRow } from './history.ts';
import { Journal } from './journal.ts';
import { type Layout, layoutOf, makeLayout, type RunLayout, runLayout } from './layout.ts';
import { isRunnerAlive, readInfo } from './liveness.ts';
import { Results } from './results.ts';
import { Run } from './run.ts';
import { RunnerServer } from './socket.ts';
import type { Handshake, RunnerOptions } from './start.ts';

/** Clients may take so long to read the last events of a run that is over. */
const LAST_WORDS_MS = 2000;
/** A run waits so long for whoever started it to listen. */
const FIRST_CLIENT_MS = 500;

// A runner lives beside the programs that do the work: it collects its garbage early instead of growing.
setFlagsFromString('--heap-growing-percent=20');
setFlagsFromString('--semi-space-growth-factor=1');

/** The runner: one detached process that owns one run. Says one Handshake on standard output. */
async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as RunnerOptions;
  let opened: Opened;
  try {
    opened = await open(options);
  } catch (error) {
    say(refusal(error));
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
  // A run may be over before whoever started it has come to listen.
  await Promise.race([server.attached, setTimeout(LAST_WORDS_MS)]);
  await server.close(LAST_WORDS_MS);
}

interface Opened {
  readonly run: Run;
  readonly journal: Journal;
  readonly history: History;
  readonly server: RunnerServer;
  readonly layout: RunLayout;
  readonly info: RunnerInfo;
}

async function open(options: RunnerOptions): Promise<Opened> {
  const { id, workspace } = options;
  const plan = withOverrides(await planBatch(options.batchFile, workspace), options);
  const layout = layoutOf(workspace);
  await makeLayout(layout);
  const files = runLayout(layout, id);
  const history = new History(layout.history);
  const dead = await deadRuns(layout, history.running(plan.batchFile));
  const live = history.begin(
    { id, batch: plan.batchFile, name: plan.name, pid: process.pid, total: plan.items.length },
    dead,
  );
  if (live !== undefined) throw runningAlready(relativePath(workspace, plan.batchFile), live.id);
  const previous = history.previous(plan.batchFile, id);
  const resumes = previous?.state === 'interrupted' ? previous.id : undefined;
  if (resumes !== undefined) await endLeftovers(`${resumes}.`);
  await removeOldWork(layout);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await mkdir(files.work, { recursive: true });

  const executors = plan.batch.steps.map((_, index) => executorFor(index, plan, id));
  const journal = await Journal.open(files.events, (high) => {
    for (const executor of executors) executor.hold(high);
  });
  const results = new Results({
    workspace,
    work: files.work,
    history,
    batch: plan.batchFile,
    overwrite: plan.batch.overwrite,
  });
  const retried = options.goesOnWith ?? resumes;
  const run = new Run({
    id,
    plan,
    journal,
    history,
    results,
    executors,
    finishedBefore: retried === undefined ? new Set() : history.doneKeys(retried),
    force: options.force ?? false,
  });
  const info: RunnerInfo = {
    id,
    pid: process.pid,
    address: await newAddress(),
    token: randomBytes(24).toString('base64url'),
    batch: relativePath(workspace, plan.batchFile),
    name: plan.name,
    started: Date.now(),
  };
  describe(journal, plan, info, retried);
  if (resumes !== undefined) {
    journal.emit({
      type: 'note',
      level: 'info',
      message: `The run before this one, ${resumes}, was interrupted. What it finished is kept.`,
    });
  }
  const server = await RunnerServer.listen(info.address, info.token, run, journal);
  await writeFileAtomic(files.socket, JSON.stringify(info), { mode: 0o600 });
  return { run, journal, history, server, layout: files, info };
}

async function deadRuns(layout: Layout, rows: readonly RunRow[]): Promise<ReadonlySet<string>> {
  const dead = new Set<string>();
  for (const { id, pid } of rows) {
    if (!(await isRunnerAlive(pid, runLayout(layout, id).socket))) dead.add(id);
  }
  return dead;
}

function runningAlready(file: string, run: string): BatchError {
  return new BatchError([
    {
      file,
      message: `This batch is running already, as ${run}.`,
      hint: `Watch it with \`sluice attach ${run}\`, or cancel it first.`,
    },
  ]);
}

function withOverrides(plan: Plan, options: RunnerOptions): Plan {
  const { concurrency, overwrite } = options;
  return {
    ...plan,
    batch: {
      ...plan.batch,
      ...(concurrency === undefined ? {} : { concurrency }),
      ...(overwrite === undefined ? {} : { overwrite }),
    },
  };
}

function describe(
  journal: Journal,
  plan: Plan,
  info: RunnerInfo,
  goesOnWith: string | undefined,
): void {
  journal.emit({
    type: 'run',
    version: EVENTS_VERSION,
    run: {
      id: info.id,
      name: plan.name,
      batch: info.batch,
      workspace: plan.workspace,
      steps: plan.batch.steps.map((step) => ({ name: stepName(step) })),
      concurrency: plan.batch.concurrency,
      total: plan.items.length,
      pid: process.pid,
      ...(goesOnWith === undefined ? {} : { resumes: goesOnWith }),
    },
  });
  journal.emit({
    type: 'items',
    items: plan.items.map(({ item, title, source, output }) => ({
      item,
      title,
      ...(source === undefined ? {} : { source }),
      ...(output === undefined ? {} : { output }),
    })),
  });
}

/** What a runner that was killed has left half-made. */
async function removeOldWork(layout: Layout): Promise<void> {
  for (const run of await readdir(layout.work)) {
    const { socket, work } = runLayout(layout, run);
    const info = await readInfo(socket);
    if (info !== undefined && (await isRunnerAlive(info.pid, socket))) continue;
    await rm(work, { recursive: true, force: true });
    await rm(socket, { force: true });
  }
}

async function close(
  end: RunEnd,
  { journal, history, layout, info }: Omit<Opened, 'run' | 'server'>,
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

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    process.exit(1);
  },
);
