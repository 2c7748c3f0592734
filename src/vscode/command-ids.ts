/** The commands that package.json contributes; a test compares the two. */
export const COMMANDS = [
  'sluice.runBatch',
  'sluice.generateAudio',
  'sluice.cancelRun',
  'sluice.showPanel',
  'sluice.showOutput',
  'sluice.checkSetup',
  'sluice.setOpenAiKey',
] as const;

type CommandId = (typeof COMMANDS)[number];

/** What each command does. Arguments are whatever VS Code or another extension passes. */
export type CommandTable = Readonly<Record<CommandId, (argument: unknown) => Promise<void>>>;
