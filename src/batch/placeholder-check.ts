import { closest } from 'fastest-levenshtein';
import { outputTemplate } from './output.ts';
import { type Parsed, parseBatch } from './parse.ts';
import { placeholdersAt } from './placeholder-rules.ts';
import { PLACEHOLDERS, placeholdersIn } from './placeholders.ts';
import { makesFolder, shellVariable, stepTexts, usesPlaceholder } from './plan.ts';
import type { Problem } from './problem.ts';
import type { Batch, Step } from './schema.ts';

/**
 * What is wrong in the text of a batch file, as far as the file itself tells: whether its inputs are there
 * is not looked at. Pure.
 */
export function checkBatch(text: string, file: string): readonly Problem[] {
  const parsed = parseBatch(text, file);
  if (parsed.batch === undefined) return parsed.problems;
  return placeholderProblems(parsed.batch, undefined, parsed, file);
}

/** A placeholder where a shell would take it as it stands; `${input}` is the shell's own. */
const SHELL_PLACEHOLDER = new RegExp(`(?<!\\$)\\{(${PLACEHOLDERS.join('|')})\\}`);

/** Placeholders that are not there or not allowed. Any column passes while `columns` are not known. */
export function placeholderProblems(
  batch: Batch,
  columns: readonly string[] | undefined,
  parsed: Parsed,
  file: string,
): Problem[] {
  const known: string[] = [...PLACEHOLDERS, ...(columns ?? [])];
  const anyColumn =
    columns === undefined && !Array.isArray(batch.inputs) && batch.inputs.rows !== undefined;
  const problems: Problem[] = [];
  const check = (text: string, path: PropertyKey[], step: Step): void => {
    const allowed = placeholdersAt(path, step, columns ?? []);
    for (const name of new Set(placeholdersIn(text))) {
      if (allowed.includes(name)) continue;
      if (anyColumn && name.startsWith('row.') && allowed.length > 0) continue;
      const { near, ...told } = explain(name, known, allowed);
      const [begin = '', place] =
        [`{${name}}`, `{${name}:`]
          .map((part) => [part, parsed.partOf(path, part)] as const)
          .find(([, found]) => found !== undefined) ?? [];
      problems.push({
        file,
        ...(place ?? parsed.positionOf(path)),
        ...told,
        ...(place && near && { fix: begin.replace(name, near) }),
      });
    }
  };
  batch.steps.forEach((step, index) => {
    const run = ['steps', index, 'run'];
    for (const { text, path } of stepTexts(step)) check(text, ['steps', index, ...path], step);
    const inShell = step.shell ? SHELL_PLACEHOLDER.exec(String(step.run))?.[1] : undefined;
    if (inShell !== undefined) {
      problems.push({
        file,
        ...(parsed.partOf(run, `{${inShell}}`) ?? parsed.positionOf(run)),
        message: `\`{${inShell}}\` is not filled in for a shell.`,
        hint: `Write "$${shellVariable(inShell)}", or "%${shellVariable(inShell)}%" on Windows.`,
      });
    }
    const output = outputTemplate(batch, index);
    // A template that the file does not have is our own.
    if (output?.path.at(-1) === 'output') check(output.template, output.path, step);
    if (step.uses !== undefined && makesFolder(step) && output?.template.endsWith('/') === false) {
      problems.push({
        file,
        ...parsed.positionOf(output.path),
        message: `\`${step.uses}\` makes several files, so that its result is a folder.`,
        hint: 'Let `output` end with /, such as out/{input.stem}/.',
      });
    }
    if (output === undefined && usesPlaceholder(step, 'output')) {
      problems.push({
        file,
        ...(parsed.partOf(run, '{output}') ?? parsed.positionOf(run)),
        message: '`{output}` is used, but nothing says where the result goes.',
        hint: 'Add `output: out/{slug}.mp3` or the like.',
      });
    }
  });
  return problems;
}

function explain(
  name: string,
  known: readonly string[],
  allowed: readonly string[],
): Pick<Problem, 'message' | 'hint'> & { readonly near?: string } {
  if (!known.includes(name)) {
    const near = closest(name, [...known]);
    return {
      message: `There is no placeholder \`{${name}}\`.`,
      hint: `Did you mean \`{${near}}\`? A brace itself is written twice: {{.`,
      near,
    };
  }
  return {
    message: `\`{${name}}\` cannot be used here.`,
    hint:
      allowed.length === 0
        ? 'One process serves all items: put it into `with`.'
        : `Use one of ${allowed.map((one) => `{${one}}`).join(' ')}.`,
  };
}
