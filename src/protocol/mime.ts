/** Media types of what Sluice itself writes as JSON, so that whoever shows it knows it by more than its name. */
const OWN = 'application/vnd.sluice.';
export const TRANSCRIPT_MIME = `${OWN}transcript+json`;
export const ENTITIES_MIME = `${OWN}entities+json`;

/** Whether a result is of a form of Sluice's own. */
export function isOwnForm({ mime }: { readonly mime: string }): boolean {
  return mime.startsWith(OWN);
}
