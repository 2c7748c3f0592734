/** Every word that the panel shows, in one place, so that another language is one more table. */
export const text = {
  runs: 'Runs',
  progress: 'Progress',
  of: (done: number, total: number) => `${done} of ${total}`,
  percent: (fraction: number) => `${Math.floor(fraction * 100)}%`,
  failed: (count: number) => `${count} failed`,
  done: (count: number) => `${count} done`,
  skipped: (count: number) => `${count} already made`,
  left: (time: string) => `${time} left`,
  took: (time: string) => `in ${time}`,
  silence: (seconds: number) => `No output for ${seconds} s`,
  attempt: (attempt: number) => `Attempt ${attempt} failed. Another one follows.`,

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
  cancelItem: 'Cancel item',
  retryItem: 'Retry item',
  play: 'Play result',
  open: 'Open result',
  openSource: (place: string) => `Open ${place}`,

  runLabel: (name: string, state: string, done: number, total: number, failed: number) =>
    `${name}, ${state}, ${done} of ${total}${failed > 0 ? `, ${failed} failed` : ''}`,
  itemLabel: (number: number, title: string, state: string) => `${number}, ${title}, ${state}`,

  runEnded: (name: string, state: string, done: number, total: number, failed: number) =>
    `${name} ${state}: ${done} of ${total}${failed > 0 ? `, ${failed} failed` : ''}.`,
  itemFailed: (number: number, title: string, message: string) =>
    `Item ${number}, ${title}, failed: ${message}`,
  itemsFailed: (count: number) => `${count} items failed.`,

  intro: 'Start a batch and watch each result appear the moment it exists.',
  generate: 'Generate audio from prompts',
  runBatch: 'Run a batch file',
  checkSetup: 'Check setup',
  hintBatch: '.batch.yaml',
  hintSetup: 'voices, models',
  restricted:
    'This window is in Restricted Mode. A batch starts programs, so nothing runs before you trust this workspace.',
  trust: 'Manage workspace trust',
  noFolder: 'Open a folder first: batch files and results live there.',
  openFolder: 'Open a folder',
} as const;
