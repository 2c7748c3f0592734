import type { Plan } from '../batch/plan.ts';
import type { Step } from '../batch/schema.ts';
import type { Translate } from '../protocol/log-lines.ts';

/** Characters of one step or title that are shown; who wants to hide something writes it behind a long text. */
const SHOWN = 2000;
const ITEMS_SHOWN = 5;

/** A part of a preview: a sentence for the person, or text of the batch, which may say anything. */
export type PreviewPart = { readonly text: string } | { readonly code: string };

/** What a run of this plan would do, for a person who decides whether it may. Pure. */
export function previewRun(
  { batch, items }: Plan,
  overwrite: boolean,
  t: Translate,
): PreviewPart[] {
  const inputs = items
    .slice(0, ITEMS_SHOWN)
    .map(({ item, title }) => `${item}. ${shown(title, t)}`);
  if (items.length > ITEMS_SHOWN) inputs.push(t('… and {0} more', items.length - ITEMS_SHOWN));
  const outputs = items.map(({ output }) => output).filter((path) => path !== undefined);
  const parts: PreviewPart[] = [
    { text: t('For each item these steps run, which may start any program:') },
    { code: batch.steps.flatMap((step, index) => stepLines(step, index + 1, t)).join('\n') },
    { text: t('Items: {0}', items.length) },
    { code: inputs.join('\n') },
  ];
  if (outputs[0] !== undefined) {
    parts.push({ text: t('Results go here:') }, { code: shown(outputs[0], t) });
  }
  if (overwrite || batch.overwrite) {
    parts.push({ text: t('Files that stand where a result goes are replaced.') });
  }
  return parts;
}

function stepLines(step: Step, number: number, t: Translate): string[] {
  const what =
    step.uses ??
    (Array.isArray(step.run) ? step.run.map(argument).join(' ') : `shell: ${step.run}`);
  const more = Object.entries({ with: step.with, env: step.env, cwd: step.cwd }).filter(
    ([, value]) => value !== undefined,
  );
  return [
    `${number}. ${shown(what, t)}`,
    ...more.map(([name, value]) => `   ${name}: ${shown(JSON.stringify(value), t)}`),
  ];
}

/** An argument as it would be typed, so that where one ends and the next begins is seen. */
function argument(text: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(text) ? text : JSON.stringify(text);
}

/** Text with every invisible character made visible, and a long one cut, which is said. */
function shown(text: string, t: Translate): string {
  const visible = text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  if (visible.length <= SHOWN) return visible;
  return t('{0} … and {1} characters more', visible.slice(0, SHOWN), visible.length - SHOWN);
}
