import { slug } from './placeholders.ts';

/** What may be found in a recording, beside its transcript. */
export const FINDINGS = ['entities', 'summarise', 'insights'] as const;
export type Finding = (typeof FINDINGS)[number];

/** What a person wants of recordings. */
export interface Processing {
  readonly name: string;
  /** `files` of the batch's inputs. */
  readonly files: string | readonly string[];
  /** What the folder of a recording's results is called, with placeholders. */
  readonly result: string;
  /** Code of the language; empty to find it out. */
  readonly language: string;
  /** Code of the language to translate to; empty for none. */
  readonly translateTo: string;
  readonly labels: readonly string[];
  readonly findings: readonly Finding[];
  /** The recording does not stay, so that the report cannot lead to its times. */
  readonly passing?: boolean;
}

/** Steps that only work in English. */
const ENGLISH_ONLY: readonly string[] = ['entities', 'classify'];

/** Whether a step can do anything with a recording of a language; of one that is found out it may. */
export function canFind(step: string, language: string): boolean {
  return language === '' || /^en\b/i.test(language) || !ENGLISH_ONLY.includes(step);
}

/** The batch that processes recordings, as what its file says: steps that all work on the transcript, then a report. */
export function recordingBatch(
  wanted: Processing,
): { readonly name: string } & Readonly<Record<string, unknown>> {
  const { name, files, result, language, translateTo, labels, findings, passing } = wanted;
  const folder = `out/${slug(name)}/${result}`;
  const step = (uses: string, output: string, options: object = {}): object => ({
    uses,
    from: 'transcribe',
    ...(Object.keys(options).length === 0 ? {} : { with: options }),
    output: `${folder}/${output}`,
  });
  const all = [
    ...(translateTo === ''
      ? []
      : [['translate', 'translation.json', { to: translateTo }] as const]),
    ...(findings.includes('entities') ? [['entities', 'entities.json'] as const] : []),
    ...(labels.length === 0 ? [] : [['classify', 'labels.json', { labels }] as const]),
    ...(findings.includes('summarise') ? [['summarise', 'summary.md'] as const] : []),
    ...(findings.includes('insights') ? [['insights', 'insights.json'] as const] : []),
  ];
  const after = all.filter(([uses]) => canFind(uses, language));
  const sources = passing === true ? ['transcribe'] : ['input', 'transcribe'];
  return {
    name,
    inputs: { files },
    steps: [
      {
        uses: 'transcribe',
        ...(language === '' ? {} : { with: { language } }),
        output: `${folder}/transcript.json`,
      },
      ...after.map(([uses, output, options]) => step(uses, output, options)),
      { uses: 'report', from: [...sources, ...after.map(([uses]) => uses)] },
    ],
    output: `${folder}/report.md`,
  };
}
