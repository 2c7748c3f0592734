/** A piece of Markdown as it is shown while it is spoken. */
export interface Written {
  readonly text: string;
  readonly heading: boolean;
  /** A line ends behind it, or a paragraph. */
  readonly end: 'none' | 'line' | 'paragraph';
}

/**
 * Markdown without its marks and the space behind it, in lines: what is being written has no end yet, so that no parser can read it as a
 * whole, and a mark that is not closed stays as it is.
 */
export function writtenLines(markdown: string): readonly Written[] {
  return markdown
    .split(/(?<=\n)(?!\s*\n|$)/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const body = line.replace(/^\s*\n/, '').trimEnd();
      const heading = /^\s*#{1,6}\s+/;
      const breaks = line.slice(line.trimEnd().length).split('\n').length - 1;
      return {
        text: unmarked(body.replace(heading, '')),
        heading: heading.test(body),
        end: breaks === 0 ? 'none' : breaks === 1 ? 'line' : 'paragraph',
      };
    });
}

function unmarked(line: string): string {
  return line
    .replace(/^\s*[-*+]\s+/, '• ')
    .replace(/^\s*>\s?/, '')
    .replace(/!?\[([^\]]*)\]\([^)\s]*\)/g, '$1')
    .replace(/(\*\*|__|`)(.+?)\1/g, '$2');
}
