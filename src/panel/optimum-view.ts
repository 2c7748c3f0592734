import { html, nothing, type TemplateResult } from 'lit';
import { gapOf } from '../protocol/curve.ts';
import type { Schedule } from '../protocol/events.ts';
import type { RunState } from '../protocol/state.ts';
import { type Contest, contestsOf, seriesOf, standingsOf } from './contest.ts';
import './convergence-view.ts';
import type { ConvergenceView, Pointed } from './convergence-view.ts';
import { type Against, valueAt } from './curves.ts';
import { PanelElement } from './element.ts';
import { amount, compact, gap, seconds } from './format.ts';
import { type GanttView, makespanOf } from './gantt-view.ts';
import type { MenuEntry } from './menu.ts';
import { seriesClass } from './palette.ts';
import { chartSvg, curvesCsv, ganttSvg, pictureOf, scheduleCsv } from './pictures.ts';
import type { PanelStore } from './store.ts';
import { action } from './templates.ts';
import { text } from './text.ts';
import { visible } from './visible.ts';

/** Machines of which the table says something: it is for reading. */
const MACHINES_LISTED = 100;

/** How the searches of a run stand: their curves, how they compare, and the best schedule. */
export class OptimumView extends PanelElement {
  static override properties = {
    state: { attribute: false },
    reachable: { attribute: false },
    against: { state: true },
    chosen: { state: true },
    pointed: { state: true },
    listed: { state: true },
  };
  declare store: PanelStore;
  declare state: RunState;
  /** The keyboard is at the run. */
  declare reachable: boolean;
  declare against: Against;
  /** The problem that the person wants to see; without one, that of the item that was begun last. */
  declare chosen: string | undefined;
  /** The place on the axis that the pointer is at. */
  declare pointed: number | null;
  /** The schedule stands as a table below. */
  declare listed: boolean;

  constructor() {
    super();
    this.against = 'seconds';
    this.listed = false;
    this.pointed = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const contests = contestsOf(this.state);
    const contest = this.#shown(contests);
    if (contest === undefined) return nothing;
    const { leader } = contest;
    const { schedule } = leader;
    return html`<div class="optimum">
      ${this.#headline(contest, contests)}
      <sluice-convergence
        .contest=${contest}
        .against=${this.against}
        @sluice-point=${this.#point}
      ></sluice-convergence>
      ${this.#legend(contest)} ${contest.items.length > 1 ? standings(contest) : nothing}
      ${schedule === undefined ? nothing : this.#schedule(contest, schedule)}
    </div>`;
  }

  #shown(contests: readonly Contest[]): Contest | undefined {
    const latest = this.state.active.at(-1);
    return (
      contests.find(({ id }) => id === this.chosen) ??
      contests.find(({ items }) => items.some(({ item }) => item === latest)) ??
      contests.at(-1)
    );
  }

  #headline(contest: Contest, contests: readonly Contest[]): TemplateResult {
    const { leader, bound } = contest;
    const { last } = leader.curve;
    const above = gapOf({ best: last.best, ...(bound === undefined ? {} : { bound }) });
    return html`<div class="headline">
      <span class="facts"
        >${contests.length > 1 ? html`<span>${contest.name}</span>` : nothing}
        <span>${text.iteration(last.iteration)}</span></span
      >
      <span>${above === undefined ? amount(last.best) : text.aboveBound(above)}</span>
      ${action({
        icon: 'ellipsis',
        label: text.chartActions,
        reachable: this.reachable,
        menu: true,
        run: (event) => this.#menu(event, contest, contests),
      })}
    </div>`;
  }

  /** The names of the curves; with the values that they have where the pointer is. */
  #legend({ items, series }: Contest): TemplateResult {
    const { pointed, against } = this;
    const values = (name: string): string => {
      if (pointed === null) return '';
      const own = items.filter((item) => seriesOf(item) === name);
      return compact(Math.min(...own.map((item) => valueAt(item, against, pointed))));
    };
    return html`<div class="legend">
      ${series.map(
        (name, index) =>
          html`<span><i class=${seriesClass(index)}></i>${name} <b>${values(name)}</b></span>`,
      )}
      ${
        pointed === null
          ? nothing
          : html`<span class="calm"
              >${against === 'seconds' ? seconds(pointed) : text.iteration(Math.round(pointed))}</span
            >`
      }
    </div>`;
  }

  #schedule({ leader }: Contest, schedule: Schedule): TemplateResult {
    const { listed, reachable } = this;
    return html`<div class="headline">
        <span class="facts">${text.bestSchedule(visible(leader.title))}</span>
        <span>${amount(makespanOf(schedule))}</span>
        ${action({
          icon: 'table',
          label: listed ? text.hideTable : text.showTable,
          reachable,
          run: () => {
            this.listed = !listed;
          },
        })}
      </div>
      <sluice-gantt .schedule=${schedule}></sluice-gantt>
      ${listed ? machineTable(schedule) : nothing}`;
  }

  readonly #point = ({ detail }: Pointed): void => {
    this.pointed = detail;
  };

  #menu(event: MouseEvent, contest: Contest, contests: readonly Contest[]): void {
    if (!(event.currentTarget instanceof Element)) return;
    const against = (label: string, value: Against): MenuEntry => ({
      label,
      checked: this.against === value,
      choose: () => {
        this.against = value;
      },
    });
    const problems = contests.map(
      ({ id, name }): MenuEntry => ({
        label: name,
        checked: id === contest.id,
        choose: () => {
          this.chosen = id;
        },
      }),
    );
    this.store.showMenu({
      label: text.chartActions,
      groups: [
        problems.length > 1 ? problems : [],
        [against(text.againstTime, 'seconds'), against(text.againstIterations, 'iteration')],
        this.#saving(contest),
      ],
      beside: event.currentTarget.getBoundingClientRect(),
      keyboard: event.detail === 0,
    });
  }

  #saving(contest: Contest): MenuEntry[] {
    const { schedule } = contest.leader;
    const name = contest.name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
    const { against } = this;
    const encoder = new TextEncoder();
    const entry = (
      label: string,
      file: string,
      bytes: () => Promise<Uint8Array<ArrayBuffer>> | string,
    ): MenuEntry => ({
      label,
      choose: async () => {
        const made = bytes();
        const content = typeof made === 'string' ? encoder.encode(made) : await made;
        this.store.post({ type: 'saveFile', run: this.state.run.id, name: file, bytes: content });
      },
    });
    const chart = (): HTMLCanvasElement | undefined =>
      this.querySelector<ConvergenceView>('sluice-convergence')?.canvas;
    const gantt = (): HTMLCanvasElement | undefined =>
      this.querySelector<GanttView>('sluice-gantt')?.canvas;
    const entries = [
      entry(text.saveChart('PNG'), `${name}-curves.png`, () => pictureOf(chart())),
      entry(text.saveChart('SVG'), `${name}-curves.svg`, () => chartSvg(contest, against)),
      entry(text.saveChart('CSV'), `${name}-curves.csv`, () => curvesCsv(contest)),
    ];
    if (schedule === undefined) return entries;
    return [
      ...entries,
      entry(text.saveSchedule('PNG'), `${name}-schedule.png`, () => pictureOf(gantt())),
      entry(text.saveSchedule('SVG'), `${name}-schedule.svg`, () => ganttSvg(schedule)),
      entry(text.saveSchedule('CSV'), `${name}-schedule.csv`, () => scheduleCsv(schedule)),
    ];
  }
}
customElements.define('sluice-optimum', OptimumView);

/** How what is compared stands: the curves as numbers. */
function standings(contest: Contest): TemplateResult {
  const { series } = contest;
  return html`<table class="standings">
    <thead>
      <tr>
        <th scope="col">${text.algorithm}</th>
        <th scope="col">${text.best}</th>
        <th scope="col">${text.mean}</th>
        <th scope="col">${text.gap}</th>
      </tr>
    </thead>
    <tbody>
      ${standingsOf(contest).map(
        ({ series: name, count, best, mean, gap: above }) =>
          html`<tr>
            <th scope="row">
              <i class=${seriesClass(series.indexOf(name))}></i>${name}${
                count > 1 ? html` <small>× ${count}</small>` : nothing
              }
            </th>
            <td>${amount(best)}</td>
            <td>${amount(mean)}</td>
            <td>${above === undefined ? '' : gap(above)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The schedule in words: how much each machine does, and until when. */
function machineTable({ machines, assignment, start, end }: Schedule): TemplateResult {
  const rows = machines.slice(0, MACHINES_LISTED).map((name, machine) => {
    const tasks = [...assignment.keys()].filter((task) => assignment[task] === machine);
    const busy = tasks.reduce((sum, task) => sum + (end[task] ?? 0) - (start[task] ?? 0), 0);
    const until = Math.max(0, ...tasks.map((task) => end[task] ?? 0));
    return html`<tr>
      <th scope="row">${visible(name)}</th>
      <td>${tasks.length}</td>
      <td>${amount(busy)}</td>
      <td>${amount(until)}</td>
    </tr>`;
  });
  return html`<table class="standings">
    <thead>
      <tr>
        <th scope="col">${text.machine}</th>
        <th scope="col">${text.tasks}</th>
        <th scope="col">${text.busy}</th>
        <th scope="col">${text.until}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
