/** Media types of what Sluice itself writes as JSON, so that whoever shows it knows it by more than its name. */
export const TRANSCRIPT_MIME = 'application/vnd.sluice.transcript+json';
export const ENTITIES_MIME = 'application/vnd.sluice.entities+json';
