import { stringify } from 'yaml';
import { slug } from '../../batch/placeholders.ts';
import type { Vscode } from '../vscode.ts';
import { testTone } from './test-tone.ts';
import { DEFAULT_VOICE } from './voices.ts';

/** A batch to begin with. Every one of them runs as it is. */
export interface Template {
  readonly id: string;
  /** A codicon. */
  readonly icon: string;
  readonly label: string;
  readonly about: string;
  /** The text of the batch file; what is to be edited first stands between two `EDIT`. */
  batch(name: string): string;
  /** What it works on, by path relative to the batch file. */
  files?(name: string): Readonly<Record<string, string | Uint8Array>>;
}

/** Marks both ends of what the person edits first. */
export const EDIT = '\u0000';

/** Programs that are called otherwise on Windows. */
export interface Programs {
  readonly python: string;
  /** Counts the words, or on Windows the lines, of a file. */
  readonly count: readonly string[];
  /** Prints its argument. */
  readonly echo: readonly string[];
}

export function programsOf(platform: NodeJS.Platform): Programs {
  return platform === 'win32'
    ? {
        python: 'python',
        count: ['find', '/c', '/v', '', '{input}'],
        echo: ['cmd', '/c', 'echo', '{input}'],
      }
    : { python: 'python3', count: ['wc', '-w', '{input}'], echo: ['echo', '{input}'] };
}

export function templates(
  { l10n }: Pick<Vscode, 'l10n'>,
  programs: Programs = programsOf(process.platform),
): readonly Template[] {
  const again = l10n.t('Change this file and run it again: what is made already is kept.');
  const onePrompt = l10n.t('One prompt a line. Lines that begin with # are left out.');
  const oneLine = l10n.t('One line for each sound. Lines that begin with # are left out.');
  const keys = l10n.t(
    'All keys are in the documentation of the batch file; Ctrl+Space lists them.',
  );
  return [
    {
      id: 'write-and-speak',
      icon: 'edit-sparkle',
      label: l10n.t('Audio from Prompts'),
      about: l10n.t('Writes a text from each prompt and speaks it'),
      batch: (name) => `# ${l10n.t('Each prompt becomes a short text, and each text is spoken.')}
# ${again}
name: ${quoted(name)}
inputs: { lines: ${slug(name)}.txt } # ${l10n.t('one prompt a line')}
steps:
  - uses: write
    with: { words: ${EDIT}60${EDIT} } # ${l10n.t('about how many')}
    output: out/${slug(name)}/{index:3}-{slug}.md # ${l10n.t('the text is kept as well')}
  - uses: speak
    with: { voice: ${DEFAULT_VOICE} }
output: out/${slug(name)}/{index:3}-{slug}.mp3
concurrency: 2 # ${l10n.t('items under way at once')}
retries: 1
`,
      files: (name) => ({
        [`${slug(name)}.txt`]: `# ${onePrompt}
Explain what a living cell is, for a curious twelve-year-old.
Explain why leaves change colour in autumn.
`,
      }),
    },
    {
      id: 'speak-lines',
      icon: 'unmute',
      label: l10n.t('Speak Lines'),
      about: l10n.t('Speaks each line of a file as it is'),
      batch: (name) => `# ${again}
name: ${quoted(name)}
inputs: { lines: ${slug(name)}.txt } # ${l10n.t('one sound a line')}
steps:
  - uses: speak
    with: { voice: ${EDIT}slt${EDIT} } # ${l10n.t('small and fast; af_heart is one of the best')}
output: out/${slug(name)}/{index:3}-{slug}.mp3
concurrency: 2 # ${l10n.t('items under way at once')}
`,
      files: (name) => ({
        [`${slug(name)}.txt`]: `# ${oneLine}
The tide comes in twice a day.
The train to the coast leaves from platform four.
`,
      }),
    },
    {
      id: 'documents',
      icon: 'book',
      label: l10n.t('Documents to Audio'),
      about: l10n.t('Reads Markdown and text files aloud'),
      batch: (name) => `# ${l10n.t('Markdown is read as a person would read it aloud.')}
# ${again}
name: ${quoted(name)}
inputs: { files: "${EDIT}${slug(name)}/**/*.{md,txt}${EDIT}" }
steps:
  - uses: speak
    with: { voice: slt } # ${l10n.t('small and fast; af_heart is one of the best')}
output: out/${slug(name)}/{input.stem}.mp3
`,
      files: (name) => ({
        [`${slug(name)}/harbour.md`]: `# The harbour

A harbour is a place where ships are **safe** from wind and waves.

- Some are made by nature.
- Others are built of stone.
`,
      }),
    },
    {
      id: 'recording',
      icon: 'mic',
      label: l10n.t('Recordings'),
      about: l10n.t('Writes down recordings and finds what matters in them'),
      batch: (
        name,
      ) => `# ${l10n.t('Put recordings into the folder; the tone in it is only there to be replaced.')}
# ${again}
name: ${quoted(name)}
inputs: { files: "${slug(name)}/*.{wav,mp3,m4a}" }
steps:
  - uses: transcribe
    with: { language: ${EDIT}en${EDIT} }
    output: out/${slug(name)}/{input.stem}/transcript.json # ${l10n.t('text and captions stand beside it')}
  - uses: entities # ${l10n.t('people, places, dates, money')}
    from: transcribe
    output: out/${slug(name)}/{input.stem}/entities.json
  - uses: insights # ${l10n.t('what is to be done, questions, mood, pace')}
    from: transcribe
    output: out/${slug(name)}/{input.stem}/insights.json
  - uses: report
    from: [input, transcribe, entities, insights]
output: out/${slug(name)}/{input.stem}/report.md
`,
      files: (name) => ({ [`${slug(name)}/tone.wav`]: testTone() }),
    },
    {
      id: 'texts-from-table',
      icon: 'table',
      label: l10n.t('Texts from a Table'),
      about: l10n.t('Writes a text from each row of a CSV file'),
      batch: (
        name,
      ) => `# ${l10n.t('One text a row. {0} is a value of the row, in the path of the result as well.', '{row.COLUMN}')}
# ${again}
name: ${quoted(name)}
inputs:
  rows: ${slug(name)}.csv
  text: "${EDIT}Write a friendly note to {row.name}, who likes {row.likes}.${EDIT}"
steps:
  - uses: write
    with: { words: 60 } # ${l10n.t('about how many')}
output: out/${slug(name)}/{row.name}.md
`,
      files: (name) => ({ [`${slug(name)}.csv`]: 'name,likes\nAda,mathematics\nOmar,gardens\n' }),
    },
    {
      id: 'command',
      icon: 'terminal',
      label: l10n.t('Any Command over Files'),
      about: l10n.t('Runs a program of yours on each file'),
      batch: (
        name,
      ) => `# ${l10n.t('The program and its arguments are a list: there is no shell between.')}
# ${l10n.t('What it prints is the result. A program that writes a file finds its path in {0}.', '{output}')}
name: ${quoted(name)}
inputs: { files: "${slug(name)}/*.txt" }
steps:
  - run: [${EDIT}${list(programs.count)}${EDIT}]
output: out/${slug(name)}/{input.stem}.txt
concurrency: 2 # ${l10n.t('items under way at once')}
`,
      files: (name) => ({
        [`${slug(name)}/one.txt`]: 'one two three\n',
        [`${slug(name)}/two.txt`]: 'four five\n',
      }),
    },
    {
      id: 'ffmpeg',
      icon: 'file-media',
      label: l10n.t('Convert with ffmpeg'),
      about: l10n.t('Makes sound or film files of another kind'),
      batch: (name) => `# ${l10n.t('Needs ffmpeg. The ending of the result says its kind.')}
# ${again}
name: ${quoted(name)}
inputs: { files: "${EDIT}${slug(name)}/*.wav${EDIT}" }
steps:
  - run: [ffmpeg, -nostdin, -y, -i, "{input}", "{output}"]
output: out/${slug(name)}/{input.stem}.mp3
`,
      files: (name) => ({ [`${slug(name)}/tone.wav`]: testTone() }),
    },
    {
      id: 'stems',
      icon: 'split-horizontal',
      label: l10n.t('Stems from Songs'),
      about: l10n.t(
        'Takes recordings apart: what sounds on and what strikes, or voice and instruments',
      ),
      batch: (name) => `# ${l10n.t('Each song gets a folder with a file for each of its stems.')}
# ${again}
name: ${quoted(name)}
inputs: { files: "${EDIT}${slug(name)}/*.{wav,mp3,flac,m4a}${EDIT}" }
steps:
  - uses: separate
    with:
      engine: spectral # ${l10n.t('demucs makes vocals, drums, bass and other; its licence has to be accepted')}
      format: wav
output: out/${slug(name)}/{input.stem}/
`,
      files: (name) => ({ [`${slug(name)}/tone.wav`]: testTone() }),
    },
    {
      id: 'schedule',
      icon: 'graph-line',
      label: l10n.t('Schedule Tasks on Machines'),
      about: l10n.t('Looks for the shortest schedule, and shows how it gets better'),
      batch: (
        name,
      ) => `# ${l10n.t('Which machine does which task, so that all is done as early as can be.')}
# ${again}
name: ${quoted(name)}
inputs: { files: ${slug(name)}.yaml } # ${l10n.t('tasks and machines')}
steps:
  - uses: schedule
    with: { algorithm: SA, time_limit: ${EDIT}5${EDIT} } # ${l10n.t('seconds')}
output: out/${slug(name)}/{slug}/schedule.csv
`,
      files: (name) => ({
        [`${slug(name)}.yaml`]: `tasks:
  - { id: harbour, length: 210 }
  - { id: storm, length: 340 }
  - { id: ship, length: 180 }
  - { id: captain, length: 150 }
  - { id: crew, length: 120 }
  - { id: lighthouse, length: 90 }
  - { id: rescue, length: 260 }
machines:
  - { id: tower, speed: 3 }
  - { id: laptop, speed: 1 }
`,
      }),
    },
    {
      id: 'python',
      icon: 'symbol-method',
      label: l10n.t('Python Script'),
      about: l10n.t('A script that loads its model once and serves every item'),
      batch: (name) => `# ${l10n.t('The script speaks the step protocol: JSON lines in and out.')}
# ${l10n.t('One process serves all items.')}
name: ${quoted(name)}
inputs: [harbour, forest, city]
steps:
  - run: [${programs.python}, ${slug(name)}.py]
    warm: true
    with: { end: "${EDIT}!${EDIT}" } # ${l10n.t('what the script is given with each item')}
output: out/${slug(name)}/{slug}.txt
`,
      files: (name) => ({
        [`${slug(name)}.py`]: `"""${l10n.t('A warm step: a model would be loaded once, before ready is said.')}"""

import json
import sys


def say(**message):
    print(json.dumps(message), flush=True)


for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        say(type="ready")
    elif message["type"] == "item":
        item = message["id"]
        text = message["text"] if "text" in message else open(message["file"]).read()
        say(type="progress", id=item, fraction=0.5)
        say(type="done", id=item, text=text.upper() + message["with"]["end"])
`,
      }),
    },
    {
      id: 'minimal',
      icon: 'file',
      label: l10n.t('Minimal'),
      about: l10n.t('The least that a batch has: inputs, and one step'),
      batch: (name) => `# ${keys}
name: ${quoted(name)}
inputs: [${EDIT}one, two, three${EDIT}]
steps:
  - run: [${list(programs.echo)}]
`,
    },
  ];
}

/** A name as YAML. */
function quoted(name: string): string {
  return stringify(name, { lineWidth: 0 }).trim();
}

/** A program and its arguments as YAML has them between `[` and `]`. */
function list(argv: readonly string[]): string {
  const options = { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 } as const;
  return stringify(argv, options).trim().slice(1, -1);
}
