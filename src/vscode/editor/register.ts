import type { DocumentFilter, TextDocument } from 'vscode';
import type { Problem } from '../../batch/problem.ts';
import { BATCH_ENDING } from '../diagnostics.ts';
import { type Disposable, Disposables } from '../disposables.ts';
import { once } from '../once.ts';
import type { Vscode } from '../vscode.ts';
import { askedPlace } from './asked-place.ts';

/** Batch files, whatever language they are said to be in. */
const BATCH: DocumentFilter = { scheme: 'file', pattern: `**/*${BATCH_ENDING}` };
const PROMPTS: DocumentFilter = { scheme: 'file', language: 'plaintext' };

/**
 * What the editor shows of batch files and prompts: lenses, completion, hovers, quick fixes. Only registers;
 * each is loaded when it is first asked for something.
 */
export function registerEditor(
  vscode: Vscode,
  problemsOf: (document: TextDocument) => readonly Problem[],
): Disposable {
  const { languages, workspace } = vscode;
  const owned = new Disposables();

  const completion = once(
    async () => new (await import('./completion.ts')).BatchCompletion(vscode),
  );
  owned.add(
    languages.registerCompletionItemProvider(
      BATCH,
      {
        async provideCompletionItems(document, position) {
          const place = askedPlace(document, position);
          return (await completion()).provide(place);
        },
      },
      ...'{ /.',
    ),
  );

  const hover = once(async () => new (await import('./hover.ts')).BatchHover(vscode));
  owned.add(
    languages.registerHoverProvider(BATCH, {
      provideHover: async (document, position) => (await hover()).provideHover(document, position),
    }),
  );

  const fixes = once(async () => new (await import('./fixes.ts')).Fixes(vscode, problemsOf));
  owned.add(
    languages.registerCodeActionsProvider(
      BATCH,
      {
        provideCodeActions: async (document, asked, context) =>
          (await fixes()).provideCodeActions(document, asked, context),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );

  const changed = owned.add(new vscode.EventEmitter<void>());
  const lenses = once(async () => {
    const [{ BatchIndex }, { Lenses }] = await Promise.all([
      import('./batch-index.ts'),
      import('./lenses.ts'),
    ]);
    const index = owned.add(new BatchIndex(vscode));
    owned.add(index.changed.on(() => changed.fire()));
    return new Lenses(vscode, index);
  });
  owned.add(
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('sluice.codeLens')) changed.fire();
    }),
  );
  owned.add(
    languages.registerCodeLensProvider([BATCH, PROMPTS], {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: async (document) => (await lenses()).provide(document),
    }),
  );
  return owned;
}
