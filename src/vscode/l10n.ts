/** `vscode.l10n.t` without named arguments: the text in the person's language, `{0}` filled in. */
export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;
