import type { QuickPickItem } from 'vscode';
import { Disposables } from './disposables.ts';
import type { Vscode } from './vscode.ts';

/** Where the person goes from a question: on with an answer, back, or away. */
export type Answer<T> = { readonly value: T } | 'back' | 'away';

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

interface Question {
  readonly step: number;
  readonly placeholder: string;
  /** Whether there is a way back; from the first step there is none otherwise. */
  readonly back?: boolean;
}

/** Asks questions one after another in VS Code's quick input, with a way back. */
export class Wizard {
  readonly #vscode: Vscode;
  readonly #title: string;
  readonly #steps: number;

  constructor(vscode: Vscode, title: string, steps: number) {
    this.#vscode = vscode;
    this.#title = title;
    this.#steps = steps;
  }

  /** One of several choices; `first` is the one that Enter takes. */
  async pick<T>(
    question: Question & { readonly choices: readonly Choice<T>[]; readonly first?: T },
  ): Promise<Answer<T>> {
    const owned = new Disposables();
    const pick = owned.add(this.#vscode.window.createQuickPick<Choice<T>>());
    const { Back } = this.#vscode.QuickInputButtons;
    pick.title = this.#title;
    pick.step = question.step;
    pick.totalSteps = this.#steps;
    pick.placeholder = question.placeholder;
    pick.ignoreFocusOut = true;
    pick.matchOnDescription = true;
    pick.items = question.choices;
    pick.buttons = hasBack(question) ? [Back] : [];
    const first = question.choices.find((choice) => choice.value === question.first);
    if (first !== undefined) pick.activeItems = [first];
    return new Promise<Answer<T>>((resolve) => {
      owned.add(
        pick.onDidAccept(() => {
          const [chosen] = pick.selectedItems;
          if (chosen !== undefined) resolve({ value: chosen.value });
        }),
      );
      owned.add(pick.onDidTriggerButton((button) => button === Back && resolve('back')));
      owned.add(pick.onDidHide(() => resolve('away')));
      pick.show();
    }).finally(() => owned.dispose());
  }

  /** A line of text. `check` answers what is wrong with it, or nothing. */
  async input(
    question: Question & {
      readonly prompt: string;
      readonly value?: string;
      readonly check?: (value: string) => Promise<string | undefined>;
    },
  ): Promise<Answer<string>> {
    const owned = new Disposables();
    const input = owned.add(this.#vscode.window.createInputBox());
    const { Back } = this.#vscode.QuickInputButtons;
    input.title = this.#title;
    input.step = question.step;
    input.totalSteps = this.#steps;
    input.placeholder = question.placeholder;
    input.prompt = question.prompt;
    input.value = question.value ?? '';
    input.ignoreFocusOut = true;
    input.buttons = hasBack(question) ? [Back] : [];
    const check = async (value: string): Promise<boolean> => {
      const wrong = await question.check?.(value);
      // The answer to an earlier value is of no use.
      if (input.value === value) input.validationMessage = wrong;
      return wrong === undefined;
    };
    return new Promise<Answer<string>>((resolve, reject) => {
      owned.add(input.onDidChangeValue((value) => void check(value).catch(reject)));
      owned.add(
        input.onDidAccept(() => {
          const { value } = input;
          check(value).then((right) => right && resolve({ value }), reject);
        }),
      );
      owned.add(input.onDidTriggerButton((button) => button === Back && resolve('back')));
      owned.add(input.onDidHide(() => resolve('away')));
      input.show();
    }).finally(() => owned.dispose());
  }
}

function hasBack({ back, step }: Question): boolean {
  return back ?? step > 1;
}

/**
 * Runs questions in order; each changes what it is given, and says where to go. True when all were
 * answered. Going back from the first one stays there.
 */
export async function askAll(
  questions: readonly (() => Promise<'on' | 'back' | 'away'>)[],
): Promise<boolean> {
  let at = 0;
  while (at < questions.length) {
    const way = await questions[at]?.();
    if (way === 'away') return false;
    at = way === 'back' ? Math.max(0, at - 1) : at + 1;
  }
  return true;
}
