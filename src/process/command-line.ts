import { join, split } from 'shlex';

/** What a shell would take for itself, standing alone. */
const SHELL_WORD = /^(\d?>{1,2}(&\d)?|<{1,2}|\|{1,2}|&{1,2}|;|\d?>\/dev\/null)$/;

/**
 * A command line as the program and its arguments: split at its spaces, with quotes and escapes as in a POSIX
 * shell. Nothing is expanded. Empty when nothing is typed yet; otherwise what is unfinished.
 */
export function splitCommand(
  line: string,
  platform: NodeJS.Platform = process.platform,
): readonly string[] | 'quote' | 'escape' {
  try {
    // In the paths of Windows a backslash is no escape.
    return split(platform === 'win32' ? line.replaceAll('\\', '\\\\') : line);
  } catch (error) {
    return (error as Error).message.includes('escape') ? 'escape' : 'quote';
  }
}

/** A program and its arguments as a person would type them. */
export function showCommand(argv: readonly string[]): string {
  return join(argv);
}

/** An argument that would mean something to a shell, such as `|`. */
export function shellWordIn(argv: readonly string[]): string | undefined {
  return argv.find((word) => SHELL_WORD.test(word));
}
