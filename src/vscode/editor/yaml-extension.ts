import type { Vscode } from '../vscode.ts';

/**
 * Whether the YAML extension is there: by the schema that package.json gives it, it completes and explains
 * keys and values itself, and nothing is to be said twice.
 */
export function hasYamlExtension({ extensions }: Vscode): boolean {
  return extensions.getExtension('redhat.vscode-yaml')?.isActive === true;
}
