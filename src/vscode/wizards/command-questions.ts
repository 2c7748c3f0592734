import { basename } from 'node:path';
import type { Input } from '../../batch/inputs.ts';
import { slug } from '../../batch/placeholders.ts';
import { splitCommand } from '../../process/command-line.ts';
import type { Vscode } from '../vscode.ts';
import { resultsOf, suggestOutput } from './command-batch.ts';
import { previewCommand, previewFiles, previewProblem } from './command-preview.ts';
import { suggestPatterns } from './file-patterns.ts';
import { filesFor } from './input-files.ts';
import { batchFileOf, freeName } from './new-files.ts';
import { askName } from './questions.ts';
import { type Answer, keep, type Preview, type PreviewRow, type Way, Wizard } from './wizard.ts';

/** What the person is to run. */
export interface CommandAnswers {
  /** Patterns and paths, relative to the workspace folder. */
  readonly files: readonly string[];
  readonly argv: readonly string[];
  /** The command as it was typed. */
  readonly line: string;
  readonly output: string;
  /** A name for the run. */
  readonly name: string;
  /** Whether to save the batch file under that name. */
  readonly save: boolean;
}

/** Asks what to run, over what, and where to. */
export class CommandQuestions {
  readonly #vscode: Vscode;
  readonly #workspace: string;
  readonly #wizard: Wizard;
  #files: readonly string[] = [];
  #inputs: readonly Input[] = [];
  #line: string;
  #argv: readonly string[] = [];
  #output = '';
  #name = '';
  #save = false;

  /** `line` is a command to begin with. */
  constructor(vscode: Vscode, workspace: string, line: string) {
    this.#vscode = vscode;
    this.#workspace = workspace;
    this.#wizard = new Wizard(vscode, vscode.l10n.t('Run a Command over Files'));
    this.#line = line;
  }

  /**
   * Asks; `undefined` when the person goes away. The files are asked for when there are no `inputs` yet, and
   * `patterns` is what to begin with.
   */
  async ask(
    patterns: readonly string[],
    inputs: readonly Input[],
  ): Promise<CommandAnswers | undefined> {
    this.#files = patterns;
    this.#inputs = inputs;
    const answered = await this.#wizard.ask([
      ...(inputs.length > 0 ? [] : [() => this.#askFiles()]),
      () => this.#askCommand(),
      () => this.#askOutput(),
      () => this.#askSave(),
    ]);
    if (!answered) return undefined;
    return {
      files: this.#files,
      argv: this.#argv,
      line: this.#line,
      output: this.#output,
      name: this.#name,
      save: this.#save,
    };
  }

  /** A pattern, with the number of its files while it is typed. */
  async #askFiles(): Promise<Way> {
    const { l10n } = this.#vscode;
    const suggestions = await suggestPatterns(this.#vscode, this.#workspace);
    const answer = await this.#wizard.compose({
      placeholder: l10n.t('Which files? A pattern such as music/**/*.mp3'),
      value: this.#files[0] ?? '',
      preview: async (value) =>
        value.trim() === ''
          ? { ready: false, rows: suggestions }
          : previewFiles(this.#vscode, value.trim(), this.#workspace),
      // Half a pattern may find all there is.
      delay: 300,
    });
    if (answer === 'back' || answer === 'away') return answer;
    this.#files = [answer.value.trim()];
    this.#inputs = await filesFor(this.#files, this.#workspace);
    return 'on';
  }

  /** The command, with what it comes to for the first files while it is typed. */
  async #askCommand(): Promise<Way> {
    const { l10n } = this.#vscode;
    const answer = await this.#wizard.compose({
      placeholder: l10n.t('The program and its arguments, such as: {0}', 'wc -w {input}'),
      value: this.#line,
      preview: async (line) => {
        const argv = splitCommand(line);
        if (typeof argv === 'string') return this.#unfinished(argv);
        if (argv.length === 0) return { ready: false, rows: placeholderRows(this.#vscode) };
        const output = resultsOf(argv) === 'printed' ? '' : await this.#suggestion(argv);
        return this.#preview(argv, output);
      },
    });
    return keep(answer, (line) => {
      const argv = splitCommand(line);
      this.#argv = typeof argv === 'string' ? [] : argv;
      this.#line = line.trim();
    });
  }

  /** Where results go, with the paths of the first ones while it is typed. */
  async #askOutput(): Promise<Way> {
    const { l10n } = this.#vscode;
    const printed = resultsOf(this.#argv) === 'printed';
    const suggestion = await this.#suggestion(this.#argv);
    const answer = await this.#wizard.compose({
      placeholder: printed
        ? l10n.t('Where does what it prints go? Nothing is kept when this is empty.')
        : l10n.t('Where do the results go?'),
      value: printed ? '' : suggestion,
      preview: async (value) =>
        printed && value.trim() === ''
          ? this.#printedChoice(suggestion)
          : this.#preview(this.#argv, value.trim()),
    });
    return keep(answer, (output) => {
      this.#output = output.trim();
    });
  }

  /** Whether to save the batch file, and its name. */
  async #askSave(): Promise<Way> {
    const { l10n, ThemeIcon } = this.#vscode;
    const answer = await this.#wizard.pick({
      placeholder: l10n.t('Run it now, or keep it as a file as well?'),
      choices: [
        {
          label: l10n.t('Run'),
          detail: l10n.t('It can be run again from the panel.'),
          iconPath: new ThemeIcon('play'),
          value: false,
        },
        {
          label: l10n.t('Save as Batch File and Run'),
          detail: l10n.t('A file in the workspace, to be changed and shared.'),
          iconPath: new ThemeIcon('save'),
          value: true,
        },
      ],
    });
    const way = keep(answer, (save) => {
      this.#save = save;
      this.#name = this.#suggestName();
    });
    if (way !== 'on' || !this.#save) return way;
    const name = await this.#askName();
    return name === 'back'
      ? this.#askSave()
      : keep(name, (value) => {
          this.#name = value;
        });
  }

  #askName(): Promise<Answer<string>> {
    const filesOf = (name: string): readonly string[] => [batchFileOf(name)];
    return askName(this.#vscode, this.#wizard, this.#workspace, this.#name, filesOf);
  }

  #suggestName(): string {
    const { l10n } = this.#vscode;
    const [first = '', ...others] = this.#files;
    const over = others.length === 0 ? first : l10n.t('{0} files', this.#inputs.length);
    return l10n.t('{0} over {1}', programOf(this.#argv), over);
  }

  /** A folder of their own for the results, which is not there yet. */
  async #suggestion(argv: readonly string[]): Promise<string> {
    const folderOf = (name: string): string => `out/${slug(name)}`;
    const free = await freeName(this.#workspace, programOf(argv), (name) => [folderOf(name)]);
    return suggestOutput(argv, this.#inputs, folderOf(free));
  }

  #preview(argv: readonly string[], output: string): Preview {
    const draft = { files: this.#files, argv, output };
    return previewCommand(this.#vscode, draft, this.#inputs, this.#workspace);
  }

  #unfinished(what: 'quote' | 'escape'): Preview {
    const { l10n } = this.#vscode;
    const message =
      what === 'quote'
        ? l10n.t('A quote is opened and not closed.')
        : l10n.t('There is nothing after the last backslash.');
    return previewProblem(this.#vscode, { message });
  }

  #printedChoice(suggestion: string): Preview {
    const { l10n, ThemeIcon } = this.#vscode;
    const nothing = {
      label: l10n.t('Keep nothing of what it prints'),
      detail: l10n.t('For a program that writes its files itself. What it prints is in the log.'),
      iconPath: new ThemeIcon('circle-slash'),
    };
    const all = {
      label: l10n.t('Keep what it prints'),
      detail: suggestion,
      iconPath: new ThemeIcon('save'),
      fill: suggestion,
    };
    return { ready: true, rows: [nothing, all] };
  }
}

/** What may stand in a command, for whoever has typed nothing yet. */
function placeholderRows({ l10n }: Vscode): PreviewRow[] {
  return [
    { label: '{input}', description: l10n.t('the path of the file') },
    { label: '{input.name}', description: l10n.t('its name') },
    { label: '{input.stem}', description: l10n.t('its name without the ending') },
    { label: '{input.dir}', description: l10n.t('its folder') },
    { label: '{index}', description: l10n.t('its number, from 1') },
    { label: '{output}', description: l10n.t('where the program writes its result file') },
    {
      label: '{outdir}',
      description: l10n.t('the folder in which the program writes its results'),
    },
  ];
}

function programOf([program = '']: readonly string[]): string {
  return basename(program).replace(/\.\w+$/, '');
}
