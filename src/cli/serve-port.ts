/** Where `sluice serve` listens when it is not told. */
export const SERVE_PORT = 7717;
