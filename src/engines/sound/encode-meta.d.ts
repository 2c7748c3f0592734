/** The tag writers of @audio/encode, which come without types. */
declare module '@audio/encode/meta' {
  type WriteMeta = (
    bytes: Uint8Array,
    options: { meta: Readonly<Record<string, string>> },
  ) => Uint8Array;
  export const flac: WriteMeta;
  export const mp3: WriteMeta;
  export const ogg: WriteMeta;
}
