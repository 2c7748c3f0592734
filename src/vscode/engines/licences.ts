const PERMISSIVE = /^(?:Apache-2\.0|MIT|ISC|Unlicense|CC0-1\.0|BSD\b.*)$/;

/** Whether a licence lets anybody use a model for anything. */
export function isPermissive(licence: string): boolean {
  return PERMISSIVE.test(licence);
}
