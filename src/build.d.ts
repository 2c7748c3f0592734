/** Filled in by the build: the version in package.json. */
declare const SLUICE_VERSION: string;
