import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { OPENAI_URL } from '../../engines/endpoint/endpoint.ts';
import { type ChosenText, chooseText, DEFAULT_TEXT_MODEL } from '../../engines/text/preset.ts';
import { TextRefused } from '../../runner/text-service.ts';
import { settingsEnvironment } from '../settings.ts';
import { choose, chosenFor } from './chosen.ts';
import { endpointOptions, hostName } from './endpoint-options.ts';
import { fetchModels } from './fetch-models.ts';
import { modelName } from './language-models.ts';
import { localModels } from './local-models.ts';
import type { EngineOption, EngineParts, Need } from './need.ts';
import { underWay } from './under-way.ts';
import { wordsOf } from './words.ts';

/** Servers that speak the OpenAI API on one's own machine, at the port that each listens on. */
const SERVERS = [
  { name: 'Ollama', baseUrl: 'http://localhost:11434/v1' },
  { name: 'LM Studio', baseUrl: 'http://localhost:1234/v1' },
  { name: 'llama.cpp', baseUrl: 'http://localhost:8080/v1' },
  { name: 'vLLM', baseUrl: 'http://localhost:8000/v1' },
];

/** What can write texts: the engines of the step `write`. */
export function textNeed(parts: EngineParts): Need {
  const { vscode } = parts;
  return {
    id: 'text',
    title: vscode.l10n.t('Text'),
    options: async () => list(parts, await vscodeModels(parts)),
    async used() {
      const models = chosenFor(vscode, 'text').engine === 'vscode' ? await vscodeModels(parts) : [];
      return (await list(parts, models)).find(({ inUse }) => inUse);
    },
  };
}

async function list(
  parts: EngineParts,
  ofVscode: readonly EngineOption[],
): Promise<readonly EngineOption[]> {
  const { vscode, secrets } = parts;
  const env = {
    ...process.env,
    ...settingsEnvironment(vscode),
    ...(await secrets.environment()),
  };
  const use = {
    need: 'text',
    title: vscode.l10n.t('An endpoint for texts'),
    suggestions: SERVERS,
    likely: /gpt|chat|instruct|llama|mistral|qwen|gemma|claude/i,
  } as const;
  const own = await ownModels(parts);
  const others = [...own, ...endpointOptions(parts, use, env), ...ofVscode];
  return [automatic(parts, chooseText({ engine: 'auto' }, env), others), ...others];
}

function automatic(
  { vscode }: EngineParts,
  meant: ChosenText,
  others: readonly EngineOption[],
): EngineOption {
  const { l10n } = vscode;
  const name =
    meant.engine === 'local'
      ? (others[0]?.name ?? DEFAULT_TEXT_MODEL)
      : hostName(meant.baseUrl ?? process.env['OPENAI_BASE_URL'] ?? OPENAI_URL);
  const ready = meant.engine !== 'local' || others[0]?.readiness === 'ready';
  return {
    name: l10n.t('Automatic'),
    readiness: 'ready',
    about: [
      l10n.t('an endpoint where a key or an address is set, otherwise a model on this machine'),
    ],
    inUse: chosenFor(vscode, 'text').engine === 'auto',
    worker: { name, ready },
    async choose() {
      await choose(vscode, 'text', { engine: 'auto' });
      return true;
    },
  };
}

/** Models on this machine: the one of the catalogue first. */
async function ownModels({ vscode, store }: EngineParts): Promise<readonly EngineOption[]> {
  const { l10n, window } = vscode;
  const { engine, model = DEFAULT_TEXT_MODEL } = chosenFor(vscode, 'text');
  const [listed] = await store().list([DEFAULT_TEXT_MODEL]);
  const use = async (name: string): Promise<boolean> => {
    await choose(vscode, 'text', { engine: 'local', model: name });
    return true;
  };
  const catalogued: EngineOption = {
    name: listed?.title ?? DEFAULT_TEXT_MODEL,
    ...(await localModels(vscode, store(), [DEFAULT_TEXT_MODEL])),
    inUse: engine === 'local' && model === DEFAULT_TEXT_MODEL,
    choose: async () =>
      (await fetchModels(vscode, store(), [DEFAULT_TEXT_MODEL])) && use(DEFAULT_TEXT_MODEL),
  };
  const file: EngineOption = {
    name: l10n.t('A GGUF file of your own…'),
    readiness: 'ask',
    about: [l10n.t('any model of llama.cpp')],
    inUse: false,
    async choose() {
      const filters = { GGUF: ['gguf'] };
      const openLabel = l10n.t('Use This Model');
      const [chosen] = (await window.showOpenDialog({ filters, openLabel })) ?? [];
      return chosen?.scheme === 'file' && use(chosen.fsPath);
    },
  };
  if (engine !== 'local' || model === DEFAULT_TEXT_MODEL) return [catalogued, file];
  const here = await access(model).then(
    () => true,
    () => false,
  );
  const inUse: EngineOption = {
    name: basename(model),
    readiness: here ? 'ready' : 'missing',
    about: [model],
    inUse: true,
    choose: async () => here,
  };
  return [catalogued, inUse, file];
}

async function vscodeModels(parts: EngineParts): Promise<readonly EngineOption[]> {
  const { vscode, languageModels } = parts;
  const { l10n } = vscode;
  const chosen = chosenFor(vscode, 'text');
  const models = await languageModels.all();
  const [first] = models;
  const own = chosen.model ?? (first === undefined ? undefined : modelName(first));
  const used = chosen.engine === 'vscode' ? own : undefined;
  const options = models.map((model): EngineOption => {
    const name = modelName(model);
    return {
      name: model.name,
      readiness: 'ready',
      about: [l10n.t('in VS Code'), name],
      inUse: name === used,
      choose: () => chooseVscode(parts, name),
    };
  });
  if (options.length === 0) {
    options.push({
      name: l10n.t('Language models of VS Code'),
      readiness: 'missing',
      about: [l10n.t('GitHub Copilot and other extensions bring some')],
      inUse: false,
      async choose() {
        await vscode.commands.executeCommand('workbench.extensions.search', '@category:"ai"');
        return false;
      },
    });
  }
  if (used !== undefined && !options.some(({ inUse }) => inUse)) {
    options.push({
      name: used,
      readiness: 'missing',
      about: [l10n.t('in VS Code')],
      inUse: true,
      choose: () => chooseVscode(parts, used),
    });
  }
  return options;
}

/** The person's choice is when VS Code may ask them whether Sluice may use the model. */
async function chooseVscode(parts: EngineParts, name: string): Promise<boolean> {
  const { vscode, languageModels } = parts;
  const { l10n, window } = vscode;
  try {
    const title = l10n.t('Asking {0} for a word', name);
    const asked = await underWay(vscode, title, (signal) => languageModels.check(name, signal));
    if (asked === undefined) return false;
  } catch (error) {
    if (!(error instanceof TextRefused)) throw error;
    const again = l10n.t('Try Again');
    const answer = await window.showErrorMessage(wordsOf(error.refusal), again);
    return answer === again && chooseVscode(parts, name);
  }
  await choose(vscode, 'text', { engine: 'vscode', model: name });
  return true;
}
