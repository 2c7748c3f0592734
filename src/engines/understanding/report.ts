import { languageName } from '../text/prompt.ts';
import type { Transcript } from '../transcription/transcript.ts';
import type { Translation } from '../translation/translation.ts';
import type { LabelScore } from './classify.ts';
import { plainInMarkdown as plain, timeLink } from './clock.ts';
import type { Entity, Named } from './entities.ts';
import type { Insights } from './insights/insights.ts';
import type { Mood } from './insights/mood.ts';
import type { Pace } from './insights/pace.ts';

/** What is known of a recording. What is not there is left out of the page. */
export interface Findings {
  readonly title: string;
  /** Address of the recording, relative to the page. */
  readonly recording?: string | undefined;
  readonly transcript?: Transcript | undefined;
  readonly translation?: Translation | undefined;
  readonly names?: readonly Named[] | undefined;
  readonly entities?: readonly Entity[] | undefined;
  readonly labels?: readonly LabelScore[] | undefined;
  /** Markdown of our own. */
  readonly summary?: string | undefined;
  readonly insights?: Insights | undefined;
}

const KINDS = [
  ['People', ['person']],
  ['Places', ['place']],
  ['Organisations', ['organisation']],
  ['Dates and times', ['date', 'time', 'duration']],
  ['Money', ['money']],
  ['Numbers', ['percent', 'number']],
  ['Addresses', ['email', 'url']],
] as const;
/** Names of a kind at the most. */
const NAMES = 20;
const BARS = '▁▂▃▄▅▆▇█';

/** One page about a recording, in Markdown: what matters first, the whole text last, with links to the times. */
export function reportOf(findings: Findings): string {
  const { title, summary, insights, labels, transcript, translation } = findings;
  const link = (seconds: number | undefined): string => timeLink(seconds, findings.recording);
  const parts = [
    `# ${plain(title)}\n`,
    facts(findings),
    section('Summary', summary === undefined ? '' : linked(summary, transcript, link)),
    section(
      'To do',
      list(insights?.actions, ({ text, start, due }) => {
        const until = due === undefined ? '' : ` (**${plain(due)}**)`;
        return `- ${spaced(link(start))}${plain(text)}${until}\n`;
      }),
    ),
    section(
      'Questions',
      list(insights?.questions, ({ text, start }) => `- ${spaced(link(start))}${plain(text)}\n`),
    ),
    section('What it is about', about(labels, insights, link)),
    section('Names', names(findings, link)),
    section('Mood', insights?.mood === undefined ? '' : mood(insights.mood, link)),
    section('Pace', insights?.pace === undefined ? '' : pace(insights.pace, link)),
    section('Transcript', paragraphs(transcript?.segments ?? [], link)),
    section(
      translation === undefined ? '' : `Translation into ${languageName(translation.language)}`,
      paragraphs(translation?.segments ?? [], link),
    ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

type Link = (seconds: number | undefined) => string;

function section(heading: string, body: string): string {
  return body === '' ? '' : `## ${heading}\n\n${body}`;
}

function list<T>(all: readonly T[] | undefined, line: (one: T) => string): string {
  return (all ?? []).map(line).join('');
}

function spaced(text: string): string {
  return text === '' ? '' : `${text} `;
}

function facts({ transcript, recording }: Findings): string {
  if (transcript === undefined) return '';
  const { seconds, language, model, engine, timed } = transcript;
  const parts = [
    recording === undefined ? '' : `[Recording](${recording})`,
    duration(seconds),
    language === 'und' ? '' : languageName(language),
    `written down by ${model ?? engine}`,
    timed ? '' : 'the times of words are estimated',
  ];
  return `${parts.filter((part) => part !== '').join(' · ')}\n`;
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - minutes * 60);
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest} s`;
}

/** A summary names times as text: they become links. */
function linked(summary: string, transcript: Transcript | undefined, link: Link): string {
  if (transcript === undefined) return summary;
  return summary.replace(/^- (?:(\d+):)?(\d+):(\d\d) /gm, (whole, hours, minutes, seconds) => {
    const time = Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds);
    const near = transcript.segments.find(({ start }) => Math.floor(start) === time)?.start ?? time;
    return link(near) === '' ? whole : `- ${link(near)} `;
  });
}

function about(
  labels: readonly LabelScore[] | undefined,
  insights: Insights | undefined,
  link: Link,
): string {
  const table = list(labels, ({ label, score, evidence }) => {
    const share = `${bar(score)} ${Math.round(score * 100)} %`;
    const [best] = evidence;
    const said = best === undefined ? '' : `${spaced(link(best.start))}${plain(best.text)}`;
    return `| ${plain(label)} | ${share} | ${said} |\n`;
  });
  const phrases = (insights?.phrases ?? []).map(
    ({ phrase, first }) => `${spaced(link(first.start))}${plain(phrase)}`,
  );
  return [
    table === '' ? '' : `| label | score | said |\n|---|---|---|\n${table}`,
    phrases.length === 0 ? '' : `Key phrases: ${phrases.join(', ')}.\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function bar(share: number): string {
  return '█'.repeat(Math.max(1, Math.round(share * 10)));
}

function names({ names: all = [], entities = [] }: Findings, link: Link): string {
  const first = (name: Named): number | undefined =>
    entities.find(
      ({ type, text }) => type === name.type && text.toLowerCase() === name.text.toLowerCase(),
    )?.start;
  const rows = KINDS.flatMap(([kind, types]) => {
    const found = all.filter(({ type }) => (types as readonly string[]).includes(type));
    if (found.length === 0) return [];
    const shown = found.slice(0, NAMES).map((name) => {
      const times = name.count > 1 ? ` (${name.count})` : '';
      return `${plain(name.text)}${times} ${link(first(name))}`.trimEnd();
    });
    const more = found.length > NAMES ? ` and ${found.length - NAMES} more` : '';
    return [`| ${kind} | ${shown.join(', ')}${more} |\n`];
  });
  return rows.length === 0 ? '' : `| | |\n|---|---|\n${rows.join('')}`;
}

function mood({ label, overall, curve, best, worst }: Mood, link: Link): string {
  const line = curve
    .map(({ value }) => BARS[Math.round(((value + 1) / 2) * (BARS.length - 1))] ?? '')
    .join('');
  const named = (heading: string, all: Mood['best']): string =>
    all.length === 0
      ? ''
      : `\n${heading}:\n\n${list(all, ({ text, start }) => `- ${spaced(link(start))}${plain(text)}\n`)}`;
  const share = overall.toFixed(2);
  return `${label}, ${share} on a scale from -1 to 1 \`${line}\`\n${named('Brightest', best)}${named('Darkest', worst)}`;
}

function pace({ talk, silence, wordsPerMinute, words, pauses }: Pace, link: Link): string {
  const long = pauses.map(({ start, end }) => `${link(start)} (${Math.round(end - start)} s)`);
  return [
    `${words} words, ${wordsPerMinute} a minute while somebody speaks. ${duration(talk)} of talk, ${duration(silence)} of silence.\n`,
    long.length === 0 ? '' : `Pauses: ${long.join(', ')}.\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

interface Said {
  readonly text: string;
  readonly start?: number | undefined;
  readonly paragraph?: boolean | undefined;
}

/** A text without paragraphs is cut after so many characters. */
const PARAGRAPH = 600;

function paragraphs(segments: readonly Said[], link: Link): string {
  const blocks: { start: number | undefined; text: string }[] = [];
  for (const { text, start, paragraph } of segments) {
    const open = blocks.at(-1);
    if (open === undefined || paragraph === true || open.text.length > PARAGRAPH) {
      blocks.push({ start, text: plain(text) });
    } else open.text += ` ${plain(text)}`;
  }
  return blocks.map(({ start, text }) => `${spaced(link(start))}${text}\n`).join('\n');
}
