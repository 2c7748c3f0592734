import { execa } from 'execa';
import { runCommand } from '../command.ts';
import { safeEnvironment } from '../environment.ts';
import { EngineError } from '../error.ts';
import { languageName } from '../text/prompt.ts';
import { baseOf, type Pair, type Translator, UNKNOWN } from './engine.ts';

/** ISO 639-3, as apertium names languages, where its code is not the two letters that people write. */
const THREE: Readonly<Record<string, string>> = Object.fromEntries(
  `af afr,an arg,ar ara,ast ast,be bel,bg bul,br bre,ca cat,crh crh,cs ces,cy cym,da dan,de deu,el ell,en eng,eo epo,
  es spa,et est,eu eus,fi fin,fr fra,ga gle,gl glg,hi hin,hr hbs,bs hbs,sr hbs,hu hun,hy hye,id ind,is isl,it ita,
  kk kaz,ky kir,la lat,lt lit,lv lav,mk mkd,ms zlm,mt mlt,nb nob,no nob,nl nld,nn nno,oc oci,pl pol,pt por,ro ron,
  ru rus,sc srd,se sme,sk slk,sl slv,sq sqi,sv swe,tr tur,tt tat,uk ukr,ur urd,zh zho`
    .split(/,\s*/)
    .map((pair) => pair.split(' ')),
);
/** Lines that one process gets: it starts for each. */
const LINES = 200;
/** A start is 0.2 s of a core, which the step that makes the text needs, too. */
const PAUSE = 1000;

/**
 * Apertium (https://apertium.org), a program on PATH (GPL: run, never linked), with the pairs of languages that are
 * installed. `undefined` when the program is not there.
 */
export async function createApertium(signal: AbortSignal): Promise<Translator | undefined> {
  const found = await execa('apertium', ['-l'], {
    reject: false,
    timeout: 10_000,
    stdin: 'ignore',
    env: safeEnvironment(),
    extendEnv: false,
  });
  signal.throwIfAborted();
  if (found.exitCode !== 0) return undefined;
  const modes = found.stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[a-z]{2,3}(_\w+)?-[a-z]{2,3}(_\w+)?$/.test(line));
  const mode = (pair: Pair): string => {
    const known = modeOf(pair, modes);
    if (known !== undefined) return known;
    throw missing(pair, modes);
  };
  return {
    name: 'apertium',
    batch: LINES,
    pause: PAUSE,
    check: (pair) => void mode(pair),
    async translate(sentences, pair, until) {
      // A sentence is a line.
      const input = sentences.map((sentence) => `${sentence.replace(/\s+/g, ' ')}\n`).join('');
      const bytes = await runCommand({
        // A file: its shell script opens /dev/stdin again, which cannot be done with what Node makes.
        command: ['apertium', '-f', 'line', '-u', mode(pair), '{text}'],
        values: {},
        files: [{ name: 'text', file: 'text.txt', content: input }],
        output: 'translation',
        signal: until,
      });
      const lines = Buffer.from(bytes).toString('utf8').split('\n').slice(0, sentences.length);
      if (lines.length < sentences.length) {
        throw new EngineError('apertium translated fewer sentences than it was given');
      }
      return lines.map((line, index) => tidied(line, sentences[index] ?? ''));
    },
    async close() {},
  };
}

/** apertium puts spaces before marks, and takes the full stop at the end of a line away. */
function tidied(line: string, sentence: string): string {
  const text = line
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:!?])/g, '$1')
    .trim();
  const end = /[.…]["'”’»)]*$/.exec(sentence.trim())?.[0] ?? '';
  return text === '' || /[.!?…]["'”’»)]*$/.test(text) ? text : text + end;
}

/** The name of a pair among those that are installed; of any that leads to the language where the other is unknown. */
export function modeOf({ from, to }: Pair, modes: readonly string[]): string | undefined {
  const [a, b] = [codesOf(from), codesOf(to)];
  const fits = (mode: string): boolean => {
    const [one = '', other = ''] = mode.split('-');
    return (from === UNKNOWN || a.includes(one)) && b.includes(other);
  };
  // `spa-eng_US` before `spa-eng` when the region is asked for.
  return modes.filter(fits).sort((one, other) => other.length - one.length)[0];
}

function codesOf(language: string): string[] {
  const base = baseOf(language);
  const three = THREE[base] ?? base;
  const region = language.split('-')[1]?.toUpperCase();
  return [
    base,
    three,
    ...(region === undefined ? [] : [`${base}_${region}`, `${three}_${region}`]),
  ];
}

function missing(pair: Pair, modes: readonly string[]): EngineError {
  const [a, b] = [pair.from, pair.to].map((code) => THREE[baseOf(code)] ?? baseOf(code));
  const [from, to] = [pair.from, pair.to].map(languageName);
  const packages =
    pair.from === UNKNOWN ? `a pair to ${to}` : `apertium-${a}-${b} or apertium-${b}-${a}`;
  return new EngineError(
    `apertium has no pair ${pair.from === UNKNOWN ? '' : `for ${from} `}to ${to} here`,
    {
      hint: `Install ${packages}, where your system has it, or use \`engine: text\`. Here it has ${modes.join(', ') || 'none'}.`,
      retry: false,
    },
  );
}
