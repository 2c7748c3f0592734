import de from 'cldr-segments-full/segments/de/suppressions.json' with { type: 'json' };
import es from 'cldr-segments-full/segments/es/suppressions.json' with { type: 'json' };
import fr from 'cldr-segments-full/segments/fr/suppressions.json' with { type: 'json' };
import it from 'cldr-segments-full/segments/it/suppressions.json' with { type: 'json' };
import pt from 'cldr-segments-full/segments/pt/suppressions.json' with { type: 'json' };
import ru from 'cldr-segments-full/segments/ru/suppressions.json' with { type: 'json' };

/** The English list of CLDR is not here: "In." and "All." are on it, "Dr." and "Inc." are not. */
const LISTS = new Map(Object.entries({ de, es, fr, it, pt, ru }));

/** The abbreviations that Unicode's CLDR has for a language; none for one that is not here. */
export function abbreviationsOf(code: string): ReadonlySet<string> {
  const list = LISTS.get(code)?.segments.segmentations.SentenceBreak.standard ?? [];
  return new Set(list.map(({ suppression }) => suppression.replace(/\.$/, '')));
}
