import type { Progress } from '../protocol/events.ts';
import { detectCount } from './count.ts';
import { type Detector, NOTHING, progressOf } from './detector.ts';
import { detectPercent } from './percent.ts';

/** Messages that programs write for the services that build and test them. */

const TEAMCITY = /^##teamcity\[(\w+) (?:.*?(?:name|message|content)=)?'((?:[^'|]|\|.)*)'/;
const AZURE = /^##vso\[task\.setprogress [^\]]*?value=(\d{1,3})\b[^\]]*\](.*)$/;
const GITHUB = /^(?:::group::|##\[group\])(.*)$/;
const NOTICE = /^::(?:notice|debug)(?: [^:]*)?::(.*)$/;
const BEGINS = /^(?:::|##\[|##teamcity\[|##vso\[)/;

/** TeamCity writes `|n` for a line's end, `|0x00e9` for é, and `|` before what would end the text. */
function plain(text: string): string {
  return text
    .replace(/\|0x([\da-fA-F]{4})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .replace(/\|[nr]/g, ' ')
    .replace(/\|(.)/g, '$1')
    .trim();
}

function said(text: string): Progress {
  const found = detectPercent(text, true) ?? detectCount(text, true);
  return found ?? progressOf({ phase: text.slice(0, 200) || undefined });
}

/**
 * `##teamcity[progressMessage 'text']`, `##vso[task.setprogress value=45;]text` of Azure Pipelines, and
 * `::group::name` of GitHub Actions, which names a phase. What other messages say is for people.
 */
export const services: Detector = {
  name: 'services',
  marks: [
    { text: '##teamcity[', nearEnd: true, fits: () => true },
    { text: '##vso[', nearEnd: true, fits: () => true },
  ],
  detect(line, complete) {
    if (!BEGINS.test(line)) return undefined;
    const azure = AZURE.exec(line);
    if (azure !== null) {
      const fraction = Number(azure[1]) / 100;
      return fraction > 1
        ? NOTHING
        : progressOf({ fraction, phase: azure[2]?.trim() || undefined });
    }
    const [, kind = '', text = ''] = TEAMCITY.exec(line) ?? [];
    if (/^(?:progressMessage|progressStart|blockOpened)$/.test(kind)) return said(plain(text));
    const group = GITHUB.exec(line)?.[1]?.trim();
    if (group) return progressOf({ phase: group.slice(0, 200) });
    const notice = NOTICE.exec(line)?.[1] ?? '';
    return detectPercent(notice, complete) ?? detectCount(notice, complete) ?? NOTHING;
  },
};
