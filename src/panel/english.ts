import { amount, count, gap, percent, rate, size, speed } from './format.ts';

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };

function ordinal(value: number): string {
  return `${count(value)}${ENDINGS[ordinals.select(value)] ?? 'th'}`;
}

/** What is above the bound by no more than this share of it is rounding. */
export const PROVEN = 1e-9;

/** Every word that the panel shows. Another language is one more table of this type; see text.ts. */
export const english = {
  runs: 'Runs',
  progress: 'Progress',
  of: (done: number, total: number) => `${count(done)} of ${count(total)}`,
  percent,
  failed: (failed: number) => `${count(failed)} failed`,
  done: (done: number) => `${count(done)} done`,
  left: (time: string) => `${time} left`,
  took: (time: string) => `in ${time}`,
  rate: (perSecond: number) => {
    const { value, unit } = rate(perSecond);
    return `${value}/${{ second: 's', minute: 'min', hour: 'h' }[unit]}`;
  },
  workers: (workers: number, waiting: number) =>
    `${workers === 1 ? '1 worker' : `${count(workers)} workers`}${waiting > 0 ? `, ${count(waiting)} waiting` : ''}`,
  silence: (seconds: number) => `No output for ${count(seconds)} s`,
  attempt: (attempt: number) => `Attempt ${count(attempt)} failed. Another one follows.`,
  loading: 'loading',
  atOnce: (items: number) => `${count(items)} at once`,
  atOnceMenu: 'Items at once',
  changeAtOnce: (items: number) => `Items at once: ${count(items)}…`,
  widened: (items: number) => `${count(items)} ${items === 1 ? 'item' : 'items'} at once.`,
  waits: 'waits for memory',
  waitsHint: (needs: number, free: number) =>
    `Needs ${size(needs)} of memory; ${size(free)} are free.`,
  place: (place: number) => (place === 1 ? 'next' : ordinal(place)),
  moved: (title: string, place: number, of: number) =>
    `${title}: place ${count(place)} of ${count(of)} in the queue.`,

  runState: {
    running: 'running',
    paused: 'paused',
    cancelling: 'cancelling',
    done: 'done',
    failed: 'failed',
    cancelled: 'cancelled',
    interrupted: 'interrupted',
  },
  itemState: {
    queued: 'queued',
    running: 'running',
    waiting: 'waiting',
    done: 'done',
    failed: 'failed',
    cancelled: 'cancelled',
    skipped: 'already made',
  },

  pause: 'Pause run',
  resume: 'Resume run',
  cancelRun: 'Cancel run',
  retryFailed: 'Retry failed items',
  goOn: 'Go on with this run',
  runAgain: 'Run again',
  openResults: 'Open results',
  openLog: 'Open log',
  copyCommandLine: 'Copy command line',
  openBatch: 'Open batch file',
  cancelItem: 'Cancel item',
  retryItem: 'Retry item',
  moveUp: 'Move up in the queue',
  moveDown: 'Move down in the queue',
  moveFirst: 'Move to the front of the queue',
  moveLast: 'Move to the end of the queue',
  openInput: 'Open input',
  revealOutput: 'Show output in the log',
  more: 'More actions',
  actionsOf: (name: string) => `Actions: ${name}`,
  openSource: (place: string) => `Open ${place}`,

  finishItem: 'Stop and keep the best',
  iteration: (iteration: number) => `iteration ${count(iteration)}`,
  aboveBound: (of: number) =>
    of < PROVEN ? 'proven to be the best' : `${gap(of)} above the bound`,
  lowerBound: 'lower bound',
  curves: (names: string, best: number, above: number | undefined) =>
    `How the best got better: ${names}. Best ${amount(best)}${above === undefined ? '' : `, ${gap(above)} above the lower bound`}.`,
  chartActions: 'Chart',
  againstTime: 'Against time',
  againstIterations: 'Against iterations',
  saveChart: (kind: string) => `Save curves as ${kind}…`,
  saveSchedule: (kind: string) => `Save schedule as ${kind}…`,
  bestSchedule: (title: string) => `Best schedule: ${title}`,
  gantt: (tasks: number, machines: number, end: number) =>
    `Schedule of ${count(tasks)} tasks on ${count(machines)} machines, done at ${amount(end)}.`,
  taskAt: (task: string, machine: string, from: string, to: string) =>
    `${task} on ${machine}: ${from} to ${to}`,
  machinesShown: (shown: number, of: number) => `${count(shown)} of ${count(of)} machines`,
  showTable: 'Show the machines as a table',
  hideTable: 'Hide the table',
  algorithm: 'Search',
  best: 'Best',
  mean: 'Mean',
  gap: 'Gap',
  machine: 'Machine',
  tasks: 'Tasks',
  busy: 'Busy',
  until: 'Until',

  play: 'Play result',
  listen: 'Listen',
  pausePlaying: 'Pause',
  playNamed: (name: string) => `Play ${name}`,
  open: 'Open result',
  openNamed: (name: string) => `Open ${name}`,
  showPreview: (name: string) => `Preview ${name}`,
  hidePreview: (name: string) => `Hide the preview of ${name}`,
  previewOf: (name: string) => `Contents of ${name}`,
  previewCut: 'Only the beginning is shown.',
  previewEmpty: 'The file is empty.',
  fetching: 'Reading…',

  player: 'Player',
  playSound: 'Play',
  pauseSound: 'Pause',
  playAgain: 'Play again',
  goOnPlaying: 'Go on playing',
  sentenceBefore: 'Sentence before',
  sentenceAfter: 'Next sentence',
  previousResult: 'Previous result',
  nextResult: 'Next result',
  closePlayer: 'Close player',
  position: 'Position',
  positionOf: (time: string, length: string) => `${time} of ${length}`,
  positionSoFar: (time: string, length: string) => `${time} of ${length} so far`,
  said: 'What is said',
  notSpoken: 'This could not be spoken.',
  firstSound: 'the first sound comes soon',
  loadingModel: 'loading',
  nextSound: 'waiting for the next sentence',
  pressPlay: 'press Play to listen',
  notMade: 'The sound was not finished.',
  volume: 'Volume',
  volumeOf: (value: number) => `Volume ${percent(value)}`,
  mute: 'Mute',
  speed: 'Speed',
  speedOf: (value: number) => `Speed ${speed(value)}×`,
  times: (value: number) => `${speed(value)}×`,
  showItem: (title: string) => `Show ${title}`,
  cannotPlay: 'This sound cannot be played here.',

  stems: (stems: number) => `${count(stems)} stems`,
  mixer: 'Mixer',
  playStems: 'Play stems',
  pauseStems: 'Pause stems',
  stemsRead: (read: number, stems: number) => `Reading stems: ${count(read)} of ${count(stems)}`,
  stemVolume: (stem: string) => `Volume of ${stem}`,
  soloLetter: 'S',
  soloOf: (stem: string) => `Solo ${stem}`,
  muteLetter: 'M',
  muteOf: (stem: string) => `Mute ${stem}`,
  cannotDecode: (stem: string) => `The stem ${stem} cannot be played here.`,
  tooLongToMix: (minutes: number) =>
    `These stems are too long to be mixed here: together they have more than ${count(minutes)} minutes. Each can be played by itself.`,

  search: 'Search runs and items',
  clearSearch: 'Clear search',
  filter: 'Filter',
  filtered: (name: string) => `Filter: ${name}`,
  filters: {
    all: 'All',
    running: 'Running',
    failed: 'Failed',
    done: 'Done',
  },
  nothingMatches: (query: string) => `Nothing matches “${query}”.`,
  nothingWith: {
    all: 'Nothing here.',
    running: 'Nothing is running.',
    failed: 'Nothing has failed.',
    done: 'Nothing is done yet.',
  },
  showAll: 'Show everything',
  found: (runs: number, items: number) =>
    `${count(runs)} ${runs === 1 ? 'run' : 'runs'}, ${count(items)} ${items === 1 ? 'item' : 'items'}`,

  runLabel: (name: string, state: string, done: number, total: number, failed: number) =>
    `${name}, ${state}, ${count(done)} of ${count(total)}${failed > 0 ? `, ${count(failed)} failed` : ''}`,
  itemLabel: (number: number, title: string, state: string) =>
    `${count(number)}, ${title}, ${state}`,

  runEnded: (name: string, state: string, done: number, total: number, failed: number) =>
    `${name} ${state}: ${count(done)} of ${count(total)}${failed > 0 ? `, ${count(failed)} failed` : ''}.`,
  itemFailed: (number: number, title: string, message: string) =>
    `Item ${count(number)}, ${title}, failed: ${message}`,
  itemsFailed: (failed: number) => `${count(failed)} items failed.`,

  intro: 'Start a batch and watch each result appear the moment it exists.',
  introPage: 'Nothing has run yet. Enter prompts above, or run a batch file.',
  lost: 'The connection is lost. Trying again…',
  notReached: 'The server cannot be reached.',
  prompts: 'Prompts',
  promptsHint: {
    both: 'Enter prompts, one a line. Each becomes a text, and each text is spoken.',
    speak: 'Enter texts, one a line. Each is spoken as it is.',
    write: 'Enter prompts, one a line. Each becomes a text.',
  },
  work: 'What is made',
  works: {
    both: 'Write and speak',
    speak: 'Speak as it is',
    write: 'Write only',
  },
  voice: 'Voice',
  anyVoice: 'Best voice',
  format: 'Sound format',
  generateCount: (prompts: number) => (prompts > 1 ? `Generate ${count(prompts)}` : 'Generate'),
  batchFile: 'Or run a batch file',
  runIt: 'Run',
  runExample: 'Run the example',
  startLesson: 'Start a lesson',
  generate: 'Generate audio from prompts',
  speakDocuments: 'Speak documents',
  separateStems: 'Separate stems',
  optimiseSchedule: 'Optimise a schedule',
  runCommand: 'Run a command over files',
  runBatch: 'Run a batch file',
  newBatch: 'Write a new batch file',
  checkSetup: 'Check setup',
  hintTopic: 'topic',
  hintPrompts: 'prompts',
  hintDocuments: 'Markdown',
  hintSongs: 'songs',
  hintTasks: 'tasks',
  hintProgram: 'any program',
  hintBatch: '.batch.yaml',
  hintTemplate: 'template',
  need: { voice: 'Voice', text: 'Text' },
  needs: (need: string) => `${need}:`,
  engineReady: (name: string) => `${name}, ready`,
  chooseEngine: 'choose an engine',
  restricted:
    'This window is in Restricted Mode. A batch starts programs, so nothing runs before you trust this workspace.',
  trust: 'Manage workspace trust',
  noFolder: 'Open a folder first: batch files and results live there.',
  openFolder: 'Open a folder',
};

export type PanelText = typeof english;
