/**
 * The `vscode` module as a value. It is passed in, so that what uses it runs under a plain test runner;
 * `extension.ts` alone imports the real one.
 */
export type Vscode = typeof import('vscode');
