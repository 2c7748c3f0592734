/**
 * Text from a batch file, a program or a disk, for a notification or a quick pick: VS Code makes a link of
 * `[label](command:...)`, which would run the command, and a picture of `$(icon)`. An invisible character
 * between the two parts prevents it.
 */
export function plain(text: string): string {
  return text.replaceAll('](', ']\u200b(').replaceAll('$(', '$\u200b(');
}
