// Scripts are JavaScript: the types of those that tests use.
declare module '*/scripts/l10n.mjs' {
  export const languages: readonly string[];
  export function textsOfCode(): string[];
  export function textsOf(path: string, source: string): string[];
  export function filesOf(language?: string): {
    readonly manifest: string;
    readonly bundle: string;
  };
  export function readTexts(file: string): Readonly<Record<string, string>>;
}

declare module '*/scripts/setup.mjs' {
  export function installDebian(packages: readonly string[]): void;
}

declare module '*/scripts/api-types.mjs' {
  export function apiTypes(): string;
}

declare module '*/scripts/package/notices.mjs' {
  import type { Metafile } from 'esbuild';

  /** A package whose code is shipped. */
  export interface Part {
    readonly path: string;
    readonly name: string;
    readonly version: string;
    readonly license: string;
    readonly inside: readonly {
      readonly name: string;
      readonly license: string;
      readonly source: string;
    }[];
    readonly files: readonly string[];
    readonly text: string;
  }
  export function bundledParts(metafile: Metafile): Part[];
  export function licenceProblems(parts: readonly Part[], metafile: Metafile): string[];
  export function notices(parts: readonly Part[]): string;
}
