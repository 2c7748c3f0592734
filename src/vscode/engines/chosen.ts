import type { EngineLine } from '../../protocol/panel.ts';
import type { Vscode } from '../vscode.ts';

export type NeedId = EngineLine['need'];

/** What the person has chosen for a need: the settings `sluice.NEED.KEY`. What is not chosen is left out. */
export interface Chosen {
  /** Of the step that does the need's work; `auto` when nothing is chosen. */
  readonly engine: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly voice?: string;
  /** A command line, as it is typed. */
  readonly command?: string;
}

/** The settings of each need, and the variables by which steps are told of them (docs/engines.md). */
const VARIABLES: Readonly<Record<NeedId, Readonly<Partial<Record<keyof Chosen, string>>>>> = {
  text: {
    engine: 'SLUICE_TEXT_ENGINE',
    model: 'SLUICE_TEXT_MODEL',
    baseUrl: 'SLUICE_TEXT_URL',
  },
  voice: {
    engine: 'SLUICE_VOICE_ENGINE',
    model: 'SLUICE_VOICE_MODEL',
    baseUrl: 'SLUICE_VOICE_URL',
    voice: 'SLUICE_VOICE_VOICE',
  },
  transcription: {
    engine: 'SLUICE_TRANSCRIPTION_ENGINE',
    model: 'SLUICE_TRANSCRIPTION_MODEL',
    baseUrl: 'SLUICE_TRANSCRIPTION_URL',
    command: 'SLUICE_TRANSCRIPTION_COMMAND',
  },
};

/** A workspace must not say where keys are sent, or what is run. */
const OF_THE_MACHINE: readonly (keyof Chosen)[] = ['baseUrl', 'command'];

export function chosenFor({ workspace }: Vscode, need: NeedId): Chosen {
  const settings = workspace.getConfiguration('sluice');
  const { engine = 'auto', ...rest }: Partial<Chosen> = Object.fromEntries(
    Object.keys(VARIABLES[need])
      .map((key) => [key, settings.get<string>(`${need}.${key}`, '').trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  return { engine, ...rest };
}

/**
 * Makes a choice the default: in the workspace's settings where these name one already, otherwise in the
 * user's. What the choice leaves out is cleared.
 */
export async function choose(vscode: Vscode, need: NeedId, chosen: Chosen): Promise<void> {
  const settings = vscode.workspace.getConfiguration('sluice');
  const { Global, Workspace } = vscode.ConfigurationTarget;
  for (const key of Object.keys(VARIABLES[need]) as (keyof Chosen)[]) {
    const name = `${need}.${key}`;
    const found = settings.inspect<string>(name);
    const value = chosen[key] === found?.defaultValue ? undefined : chosen[key];
    const here = found?.workspaceValue === undefined ? Global : Workspace;
    // A setting of the machine cannot be one of a workspace.
    await settings.update(name, value, OF_THE_MACHINE.includes(key) ? Global : here);
  }
}

/** What is chosen, as variables for the steps of a run. */
export function presetEnvironment(vscode: Vscode): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [need, variables] of Object.entries(VARIABLES)) {
    const chosen = chosenFor(vscode, need as NeedId);
    for (const [key, variable] of Object.entries(variables)) {
      const value = chosen[key as keyof Chosen];
      if (value !== undefined && value !== 'auto') env[variable] = value;
    }
  }
  return env;
}
