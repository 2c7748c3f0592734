/** Media types of what Sluice itself writes, so that whoever shows it knows it by more than its name. */
export const TRANSCRIPT_MIME = 'application/vnd.sluice.transcript+json';
export const ENTITIES_MIME = 'application/vnd.sluice.entities+json';
/** Markdown that is read and not edited. */
export const REPORT_MIME = 'text/vnd.sluice.report+markdown';
