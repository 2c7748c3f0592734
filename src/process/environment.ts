/** The environment that children get. */

/** Names a program and all that it starts; see `processes.ts`. */
export const TAG_VARIABLE = 'SLUICE_TAG';

/**
 * Makes programs speak at once, and in UTF-8, without changing what they make. Every level below
 * inherits it. A C program has no such variable: see `pty` of `startProgram`.
 */
const LIVE: Readonly<Record<string, string>> = {
  PYTHONUNBUFFERED: '1',
  PYTHONIOENCODING: 'utf-8',
  PYTHONUTF8: '1',
};

/** Set by an editor for its own processes; a Node program started with these would be the editor. */
const EDITOR = /^(?:VSCODE_|ELECTRON_(?:RUN_AS_NODE|NO_ATTACH_CONSOLE|NO_ASAR)$)/i;

/** Present in the processes of an extension host, and not in a terminal of the editor. */
const HOST_MARKS = ['ELECTRON_RUN_AS_NODE', 'VSCODE_ESM_ENTRYPOINT', 'VSCODE_PID'] as const;

/** The tag of a program that a program of ours starts itself: who ends the one ends the other. */
export function tagWithin(name: string): string {
  const outer = process.env[TAG_VARIABLE];
  return outer === undefined ? name : `${outer}/${name}`;
}

/** Whether a tag is this one, or that of a program which the tagged one has started. */
export function isWithin(tag: string, outer: string): boolean {
  return tag === outer || tag.startsWith(`${outer}/`);
}

export interface EnvironmentOptions {
  /** What is handed down; `process.env` when left out. */
  readonly inherited?: Readonly<Record<string, string | undefined>>;
  /** The batch's own variables. They win over everything else. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Names of variables that are handed down to nobody. `extra` may still set them. */
  readonly secrets?: readonly string[];
}

/** The environment for a step's program: the user's, live, and without the editor's own. */
export function childEnvironment(options: EnvironmentOptions = {}): Record<string, string> {
  const inherited = options.inherited ?? process.env;
  const dropped = new Set(options.secrets);
  dropped.add(TAG_VARIABLE);
  const inHost = HOST_MARKS.some((name) => inherited[name] !== undefined);
  // The debugger's bootloader of the editor, which would stop or slow every Node child.
  if (inHost || inherited['VSCODE_INSPECTOR_OPTIONS'] !== undefined) dropped.add('NODE_OPTIONS');
  // The editor's password window: it needs the VSCODE_ variables that are dropped here.
  if (inherited['VSCODE_GIT_ASKPASS_NODE'] !== undefined) {
    dropped.add('GIT_ASKPASS').add('SSH_ASKPASS');
  }
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !dropped.has(name) && !EDITOR.test(name)) env[name] = value;
  }
  return { ...env, ...LIVE, ...options.extra };
}
