import type { QuickInput, QuickPickItem } from 'vscode';
import { Disposables } from '../disposables.ts';
import type { Vscode } from '../vscode.ts';

/** Where the person goes from a question: on with an answer, back, or away. */
export type Answer<T> = { readonly value: T } | 'back' | 'away';
/** `skip`: the question is not asked, after what was answered before it. */
export type Way = 'on' | 'back' | 'away' | 'skip';

export interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

interface Question {
  readonly placeholder: string;
  /** Whether there is a way back; from the first question there is none otherwise. */
  readonly back?: boolean;
}

/** What a value that is being typed comes to. */
export interface Preview {
  /** Whether the value can be taken. */
  readonly ready: boolean;
  readonly rows: readonly PreviewRow[];
}

export interface PreviewRow extends QuickPickItem {
  /** Choosing the row puts this in place of the value; otherwise it takes the value. */
  readonly fill?: string;
}

/** Typing is not held up by a preview of each letter. */
const PREVIEW_DELAY = 80;

/** Asks questions one after another in VS Code's quick input, with a way back. */
export class Wizard {
  readonly #vscode: Vscode;
  readonly #title: string;
  #step = 1;
  #steps = 1;

  constructor(vscode: Vscode, title: string) {
    this.#vscode = vscode;
    this.#title = title;
  }

  /**
   * Asks in order; each question keeps its own answer, and says where to go. True when all were answered.
   * Going back from the first one stays there.
   */
  async ask(questions: readonly (() => Promise<Way>)[]): Promise<boolean> {
    this.#steps = questions.length;
    let at = 0;
    let direction: 1 | -1 = 1;
    while (at < questions.length) {
      this.#step = at + 1;
      const way = await questions[at]?.();
      if (way === 'away') return false;
      if (way !== 'skip') direction = way === 'back' ? -1 : 1;
      if (at + direction < 0) direction = 1;
      else at += direction;
    }
    return true;
  }

  /** One of several choices; `first` is the one that Enter takes. */
  async pick<T>(
    question: Question & { readonly choices: readonly Choice<T>[]; readonly first?: T },
  ): Promise<Answer<T>> {
    const owned = new Disposables();
    const pick = owned.add(this.#vscode.window.createQuickPick<Choice<T>>());
    pick.placeholder = question.placeholder;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.items = question.choices;
    const first = question.choices.find((choice) => choice.value === question.first);
    if (first !== undefined) pick.activeItems = [first];
    return this.#answered<T>(pick, question, owned, (resolve) => {
      owned.add(
        pick.onDidAccept(() => {
          const [chosen] = pick.selectedItems;
          if (chosen !== undefined) resolve({ value: chosen.value });
        }),
      );
    });
  }

  /** Any number of several choices, one at least. `picked` ones are chosen to begin with. */
  async pickMany<T>(
    question: Question & { readonly choices: readonly Choice<T>[] },
  ): Promise<Answer<readonly T[]>> {
    const owned = new Disposables();
    const pick = owned.add(this.#vscode.window.createQuickPick<Choice<T>>());
    pick.placeholder = question.placeholder;
    pick.matchOnDescription = true;
    pick.canSelectMany = true;
    pick.items = question.choices;
    pick.selectedItems = question.choices.filter((choice) => choice.picked === true);
    return this.#answered<readonly T[]>(pick, question, owned, (resolve) => {
      owned.add(
        pick.onDidAccept(() => {
          const chosen = pick.selectedItems;
          if (chosen.length > 0) resolve({ value: chosen.map(({ value }) => value) });
        }),
      );
    });
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
    input.placeholder = question.placeholder;
    input.prompt = question.prompt;
    input.value = question.value ?? '';
    const check = async (value: string): Promise<boolean> => {
      const wrong = await question.check?.(value);
      // The answer to an earlier value is of no use.
      if (input.value === value) input.validationMessage = wrong;
      return wrong === undefined;
    };
    return this.#answered<string>(input, question, owned, (resolve, reject) => {
      owned.add(input.onDidChangeValue((value) => void check(value).catch(reject)));
      owned.add(
        input.onDidAccept(() => {
          const { value } = input;
          check(value).then((right) => right && resolve({ value }), reject);
        }),
      );
    });
  }

  /** A line of text, with what it comes to shown below it while it is typed. */
  async compose(
    question: Question & {
      readonly value?: string;
      readonly preview: (value: string) => Promise<Preview>;
      /** How long to wait for more to be typed, in ms. */
      readonly delay?: number;
    },
  ): Promise<Answer<string>> {
    const owned = new Disposables();
    const pick = owned.add(this.#vscode.window.createQuickPick<PreviewRow>());
    pick.placeholder = question.placeholder;
    pick.value = question.value ?? '';
    let asked = 0;
    const show = async (value: string): Promise<boolean> => {
      asked += 1;
      const mine = asked;
      pick.busy = true;
      const { ready, rows } = await question.preview(value);
      if (mine !== asked) return false;
      pick.busy = false;
      // What is shown is about the value; it is no list to be filtered by it.
      pick.items = rows.map((row) => ({ ...row, alwaysShow: true }));
      return ready;
    };
    return this.#answered<string>(pick, question, owned, (resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      owned.add({ dispose: () => clearTimeout(timer) });
      const change = (value: string, delay: number): void => {
        clearTimeout(timer);
        timer = setTimeout(() => void show(value).catch(reject), delay);
      };
      owned.add(pick.onDidChangeValue((value) => change(value, question.delay ?? PREVIEW_DELAY)));
      owned.add(
        pick.onDidAccept(() => {
          clearTimeout(timer);
          const fill = pick.selectedItems[0]?.fill;
          if (fill !== undefined && fill !== pick.value) {
            pick.value = fill;
            change(fill, 0);
            return;
          }
          const { value } = pick;
          show(value).then((ready) => ready && resolve({ value }), reject);
        }),
      );
      change(pick.value, 0);
    });
  }

  /** Shows an input until it is answered by `listen`, or left. */
  #answered<T>(
    input: QuickInput & Buttons,
    { back = this.#step > 1 }: Question,
    owned: Disposables,
    listen: (resolve: (answer: Answer<T>) => void, reject: (error: unknown) => void) => void,
  ): Promise<Answer<T>> {
    const { Back } = this.#vscode.QuickInputButtons;
    input.title = this.#title;
    input.step = this.#step;
    input.totalSteps = this.#steps;
    input.ignoreFocusOut = true;
    input.buttons = back ? [Back] : [];
    return new Promise<Answer<T>>((resolve, reject) => {
      listen(resolve, reject);
      owned.add(input.onDidTriggerButton((button) => button === Back && resolve('back')));
      owned.add(input.onDidHide(() => resolve('away')));
      input.show();
    }).finally(() => owned.dispose());
  }
}

/** The part that VS Code's two kinds of quick input have in common beside their base. */
type Buttons = Pick<import('vscode').InputBox, 'buttons' | 'onDidTriggerButton'>;

/** Keeps an answer, and says where the person goes from it. */
export function keep<T>(answer: Answer<T>, set: (value: T) => void): Way {
  if (answer === 'back' || answer === 'away') return answer;
  set(answer.value);
  return 'on';
}
