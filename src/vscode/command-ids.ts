/** The commands that package.json contributes; a test compares the two. */
export const COMMANDS = [
  'sluice.runBatch',
  'sluice.runItem',
  'sluice.startLesson',
  'sluice.generateAudio',
  'sluice.speakDocuments',
  'sluice.separateStems',
  'sluice.processRecording',
  'sluice.runCommand',
  'sluice.newBatch',
  'sluice.runExample',
  'sluice.reopenRun',
  'sluice.pauseRun',
  'sluice.resumeRun',
  'sluice.changeConcurrency',
  'sluice.cancelRun',
  'sluice.finishRun',
  'sluice.optimiseSchedule',
  'sluice.compareAlgorithms',
  'sluice.retryFailed',
  'sluice.runAgain',
  'sluice.openResults',
  'sluice.openLog',
  'sluice.openLogInTerminal',
  'sluice.copyCommandLine',
  'sluice.showPanel',
  'sluice.openPanelInEditor',
  'sluice.showOutput',
  'sluice.chooseEngine',
  'sluice.setOpenAiKey',
  'sluice.startServer',
  'sluice.stopServer',
  'sluice.setQueuePassword',
  'sluice.checkSetup',
  'sluice.getStarted',
] as const;

export type CommandId = (typeof COMMANDS)[number];

/** What each command does. Arguments are whatever VS Code or another extension passes. */
export type CommandTable = Readonly<
  Record<CommandId, (...args: readonly unknown[]) => Promise<void>>
>;
