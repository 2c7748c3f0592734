/** How a person says an address: the name of its site, or of the mailbox. */
export function siteName(url: string): string {
  if (/^mailto:/i.test(url)) return url.slice('mailto:'.length).replace(/\?.*$/, '');
  if (!URL.canParse(url)) return '';
  const { hostname } = new URL(url);
  return hostname.replace(/^www\./, '');
}
