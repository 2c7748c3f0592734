import { findEndpoint, OPENAI_URL, originOf } from '../../engines/endpoint/endpoint.ts';
import { type Chosen, choose, chosenFor, type NeedId } from './chosen.ts';
import { askAddress, askModel, connect, type Suggestion } from './endpoint-questions.ts';
import type { EngineOption, EngineParts } from './need.ts';

export interface EndpointUse {
  readonly need: NeedId;
  readonly title: string;
  /** Servers that people run on their own machine. */
  readonly suggestions: readonly Suggestion[];
  /** Names of models that do the need's work. */
  readonly likely: RegExp;
  /** What else is to be chosen, once the model is; nothing when the person goes away. */
  readonly more?: (chosen: Chosen) => Promise<Chosen | undefined>;
}

/** OpenAI, the endpoint that is in use, and any other one. */
export function endpointOptions(
  parts: EngineParts,
  use: EndpointUse,
  env: NodeJS.ProcessEnv,
): readonly EngineOption[] {
  const { l10n } = parts.vscode;
  const chosen = chosenFor(parts.vscode, use.need);
  const used = chosen.engine === 'openai' ? findEndpoint(chosen.baseUrl, env) : undefined;
  const address = used === undefined ? undefined : (used.baseUrl ?? OPENAI_URL);
  const isOpenAi = address !== undefined && originOf(address) === originOf(OPENAI_URL);
  const model = chosen.model === undefined ? [] : [chosen.model];
  const inUse: EngineOption[] =
    address === undefined || isOpenAi
      ? []
      : [
          {
            name: hostName(address),
            readiness: 'ready',
            about: [...model, address],
            inUse: true,
            choose: () => chooseEndpoint(parts, use, address),
          },
        ];
  return [
    ...inUse,
    {
      name: 'OpenAI',
      readiness: findEndpoint(OPENAI_URL, env).key === undefined ? 'key' : 'ready',
      about: isOpenAi ? model : [],
      inUse: isOpenAi,
      choose: () => chooseEndpoint(parts, use, OPENAI_URL),
    },
    {
      name: l10n.t('An endpoint with the OpenAI API…'),
      readiness: 'ask',
      about: use.suggestions.map(({ name }) => name),
      inUse: false,
      choose: async () => {
        const baseUrl = await askAddress(parts.vscode, use.title, suggested(use, env));
        return baseUrl !== undefined && chooseEndpoint(parts, use, baseUrl);
      },
    },
  ];
}

/** What an address is called: never the credentials that it may hold. */
export function hostName(address: string): string {
  if (originOf(address) === originOf(OPENAI_URL)) return 'OpenAI';
  return URL.canParse(address) ? new URL(address).host : '?';
}

async function chooseEndpoint(
  parts: EngineParts,
  use: EndpointUse,
  baseUrl: string,
): Promise<boolean> {
  const { vscode } = parts;
  const models = await connect(parts, baseUrl, use.title);
  if (models === undefined) return false;
  const model = await askModel(vscode, use.title, models, use.likely);
  if (model === undefined) return false;
  const chosen = { engine: 'openai', model, baseUrl };
  const whole = use.more === undefined ? chosen : await use.more(chosen);
  if (whole === undefined) return false;
  await choose(vscode, use.need, whole);
  return true;
}

/** The address of the environment comes first. */
function suggested({ suggestions }: EndpointUse, env: NodeJS.ProcessEnv): readonly Suggestion[] {
  const baseUrl = env['OPENAI_BASE_URL'];
  return baseUrl ? [{ name: 'OPENAI_BASE_URL', baseUrl }, ...suggestions] : suggestions;
}
