import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { relativePath } from '../batch/paths.ts';
import type { Plan } from '../batch/plan.ts';
import { BatchError } from '../batch/problem.ts';
import { stepName } from '../batch/step-name.ts';
import { endLeftovers } from '../process/program.ts';
import { EVENTS_VERSION } from '../protocol/events.ts';
import { newAddress, type RunnerInfo } from './address.ts';
import { History, type RunRow } from './history.ts';
import type { ItemExecutor } from './item-executor.ts';
import { Journal } from './journal.ts';
import { type Layout, layoutOf, makeLayout, type RunLayout, runLayout } from './layout.ts';
import { isRunnerAlive, readInfo } from './liveness.ts';
import { loadState } from './load.ts';
import type { Workplace } from './open-items.ts';
import { Results } from './results.ts';
import { Run } from './run.ts';
import { RunnerServer } from './socket.ts';
import { Staging } from './staging.ts';
import type { RunnerOptions } from './start.ts';
import { resumedSteering, type Steering, unsteered } from './steering.ts';
import { Windows } from './windows.ts';

/** A run that is ready to begin, and what belongs to it. */
export interface OpenedRun {
  readonly run: Run;
  readonly journal: Journal;
  readonly history: History;
  readonly server: RunnerServer;
  readonly layout: RunLayout;
  readonly info: RunnerInfo;
}

/**
 * Takes the run's place in the history and listens for clients. Nothing of the batch is started. Rejects
 * with BatchError when it runs already.
 *
 * @param workplace where the steps of its items are done
 */
export async function openRun(
  options: RunnerOptions,
  planned: Plan,
  workplace: Workplace,
): Promise<OpenedRun> {
  const { id, workspace } = options;
  const plan = withOverrides(planned, options);
  const layout = layoutOf(workspace);
  await makeLayout(layout);
  const files = runLayout(layout, id);
  const history = new History(layout.history);
  // Whatever may be refused comes before the run has its place in the history.
  const address = await newAddress();
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
  await removeOldKept(layout.kept);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await mkdir(files.work, { recursive: true });

  const windows = new Windows((message) =>
    journal.emit({ type: 'note', level: 'warning', message }),
  );
  let items: ItemExecutor | undefined;
  const journal = await Journal.open(files.events, (high) => items?.hold(high));
  const results = new Results({
    workspace,
    staging: new Staging(files.work),
    kept: layout.kept,
    history,
    batch: plan.batchFile,
    overwrite: plan.batch.overwrite,
  });
  const steering = await steeringFor(plan, options, resumes, layout);
  const retried = options.goesOnWith ?? resumes;
  const info: RunnerInfo = {
    id,
    pid: process.pid,
    address,
    token: randomBytes(24).toString('base64url'),
    batch: relativePath(workspace, plan.batchFile),
    name: plan.name,
    started: Date.now(),
  };
  describe(journal, plan, info, { resumes: retried, queue: workplace.queue });
  tellSteering(journal, plan, steering);
  items = await workplace.openItems({
    id,
    plan,
    resumes: retried,
    journal,
    text: (...asked) => windows.text(...asked),
  });
  const run = new Run({
    id,
    plan,
    journal,
    history,
    results,
    items,
    finishedBefore: retried === undefined ? new Set() : history.doneKeys(retried),
    steering,
    force: options.force ?? false,
  });
  if (resumes !== undefined) {
    const paused = steering.paused ? ' It was paused, and this run begins paused.' : '';
    journal.emit({
      type: 'note',
      level: 'info',
      message: `The run before this one, ${resumes}, was interrupted. What it finished is kept.${paused}`,
    });
  }
  const server = await RunnerServer.listen(info.address, info.token, {
    run,
    journal,
    windows,
  });
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
  { resumes, queue }: { resumes: string | undefined; queue: string | undefined },
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
      concurrency: plan.batch.concurrency ?? 1,
      total: plan.items.length,
      pid: process.pid,
      ...(plan.only === undefined ? {} : { only: plan.only }),
      ...(resumes === undefined ? {} : { resumes }),
      ...(queue === undefined ? {} : { queue }),
    },
  });
  journal.emit({
    type: 'items',
    items: plan.items.map(({ item, title, source, input, output }) => ({
      item,
      title,
      ...(source === undefined ? {} : { source }),
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
    })),
  });
}

/** After so long nobody goes on with what a step has kept. */
const KEPT_MS = 30 * 24 * 3_600_000;

async function removeOldKept(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || Date.now() - found.mtimeMs < KEPT_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** As the interrupted run was steered that this one goes on with; a concurrency that is asked for comes first. */
async function steeringFor(
  plan: Plan,
  { concurrency }: RunnerOptions,
  resumes: string | undefined,
  layout: Layout,
): Promise<Steering> {
  const before = resumes === undefined ? undefined : await loadState(runLayout(layout, resumes));
  if (before === undefined) return unsteered(plan);
  const steering = resumedSteering(plan, before);
  return concurrency === undefined ? steering : { ...steering, concurrency };
}

function tellSteering(
  journal: Journal,
  plan: Plan,
  { paused, concurrency, order }: Steering,
): void {
  const usual = unsteered(plan);
  if (order.some((item, place) => item !== usual.order[place])) {
    journal.emit({ type: 'queued', items: order });
  }
  if (paused || concurrency !== usual.concurrency) {
    journal.emit({
      type: 'queue',
      state: paused ? 'paused' : 'running',
      concurrency: concurrency ?? 1,
    });
  }
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
