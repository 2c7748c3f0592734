import type { QuickPickItem } from 'vscode';
import { modelStore } from '../../models/store.ts';
import type { EngineLine } from '../../protocol/panel.ts';
import { plain } from '../plain.ts';
import { settingsEnvironment } from '../settings.ts';
import type { Vscode } from '../vscode.ts';
import type { EngineOption, EngineParts, Need, Readiness } from './need.ts';
import { textNeed } from './text-need.ts';
import { transcriptionNeed } from './transcription-need.ts';
import { voiceNeed } from './voice-need.ts';

/** What does each need's work: a need is a line here. */
const NEEDS: readonly ((parts: EngineParts) => Need)[] = [textNeed, voiceNeed, transcriptionNeed];

/** What needs work with, the models' folder being that of the settings. */
export function engineParts(
  parts: Pick<EngineParts, 'vscode' | 'secrets' | 'languageModels'>,
): EngineParts {
  return {
    ...parts,
    store: () => modelStore({ ...process.env, ...settingsEnvironment(parts.vscode) }),
  };
}

interface Row extends QuickPickItem {
  readonly need?: Need;
  readonly option?: EngineOption;
}

/** Shows for each need what can do its work and what does it now; what is chosen becomes the default. */
export async function chooseEngine(parts: EngineParts): Promise<void> {
  const { l10n, window } = parts.vscode;
  const row = await window.showQuickPick<Row>(rows(parts), {
    title: l10n.t('Choose Engine'),
    placeHolder: l10n.t('What is to do the work? A batch that names an engine keeps to it.'),
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (row?.need === undefined || row.option === undefined) return;
  if (!(await row.option.choose())) return;
  const { need } = row;
  const used = await need.used();
  const name = used?.name ?? row.option.name;
  window.setStatusBarMessage(l10n.t('Sluice: {0} from now on: {1}', need.title, name), 6000);
}

/** What does the work of each need now. */
export async function engineLines(parts: EngineParts): Promise<readonly EngineLine[]> {
  const lines = NEEDS.map(async (make): Promise<EngineLine | undefined> => {
    const need = make(parts);
    const used = await need.used();
    if (used === undefined) return undefined;
    const { name, ready } = used.worker ?? { name: used.name, ready: used.readiness === 'ready' };
    return { need: need.id, name, ready };
  });
  return (await Promise.all(lines)).filter((line) => line !== undefined);
}

async function rows(parts: EngineParts): Promise<Row[]> {
  const { QuickPickItemKind } = parts.vscode;
  const found: Row[] = [];
  for (const make of NEEDS) {
    const need = make(parts);
    found.push({ label: need.title, kind: QuickPickItemKind.Separator });
    for (const option of await need.options()) found.push(rowOf(parts.vscode, need, option));
  }
  return found;
}

const ICONS: Readonly<Record<Readiness, string>> = {
  ready: 'circle-large-outline',
  fetch: 'cloud-download',
  key: 'key',
  ask: 'add',
  missing: 'circle-slash',
};

/** Names come from endpoints and other extensions. */
function rowOf(vscode: Vscode, need: Need, option: EngineOption): Row {
  const { l10n, ThemeIcon } = vscode;
  const words: Readonly<Record<Readiness, string>> = {
    ready: l10n.t('ready'),
    fetch: l10n.t('to be fetched'),
    key: l10n.t('needs a key'),
    ask: '',
    missing: l10n.t('not here'),
  };
  const { name, readiness, about, inUse, worker } = option;
  const now = worker === undefined || !inUse ? [] : [l10n.t('now {0}', worker.name)];
  const state = inUse && readiness === 'ready' ? [] : [words[readiness]];
  const what = worker === undefined ? about : now;
  const description = [...(inUse ? [l10n.t('in use')] : []), ...state, ...what];
  return {
    label: plain(name),
    description: plain(description.filter((word) => word !== '').join(' · ')),
    // One line is enough for most.
    ...(worker !== undefined && { detail: plain(about.join(' · ')) }),
    iconPath: new ThemeIcon(inUse ? 'check' : ICONS[readiness]),
    need,
    option,
  };
}
