/** A text of `Translate` as it is, `{0}` and so on filled in: a terminal speaks English. */
export function english(message: string, ...values: (string | number | boolean)[]): string {
  return message.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)]));
}
