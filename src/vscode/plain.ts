/**
 * Text from a batch file or a program, for a notification: VS Code makes a link of `[label](command:...)`
 * there, and would run the command. An invisible character between the two parts prevents it.
 */
export function plain(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}
