import type { Refusal } from '../../protocol/step.ts';
import type { Vscode } from '../vscode.ts';

/** What an error of the Language Model API means, and what to do about it. */
export function refusalOf({ l10n }: Vscode, error: unknown, model: string): Refusal {
  const { code, said } = readError(error);
  switch (code) {
    case 'NoPermissions':
      return {
        message: l10n.t('Sluice was not allowed to use the language model {0}', model),
        hint: l10n.t(
          'Retry and choose Allow when VS Code asks, or choose another engine with "Sluice: Choose Engine…".',
        ),
        retry: false,
      };
    case 'Blocked':
      return {
        message: l10n.t('{0} takes no more requests: {1}', model, said),
        hint: l10n.t(
          'The quota may be used up. Wait until it is renewed, or choose another model or engine.',
        ),
      };
    case 'NotFound':
      return {
        message: l10n.t('VS Code has no language model {0}', model),
        hint: l10n.t('Choose one with "Sluice: Choose Engine…".'),
        retry: false,
      };
    default:
      return { message: l10n.t('{0} failed: {1}', model, said) };
  }
}

/** A name for the error, and its words: those of its cause where it has none of its own. */
function readError(error: unknown): { readonly code: unknown; readonly said: string } {
  if (!(error instanceof Error)) return { code: undefined, said: String(error) };
  const { cause, message } = error;
  const words = message !== '' || !(cause instanceof Error) ? message : cause.message;
  return {
    code: 'code' in error ? error.code : undefined,
    said: words.replace(/\s+/g, ' ').slice(0, 300),
  };
}
