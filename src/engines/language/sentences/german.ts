import { type SentenceRules, words } from './rules.ts';

export const GERMAN: Partial<SentenceRules> = {
  starters:
    words(`aber alle alles als also am an auch auf aus außerdem bei beim bis da dabei dadurch
    dafür dagegen daher damals damit danach dann darauf daraus darin darum das davon dazu dem den denn
    dennoch der des deshalb die dies diese diesem diesen dieser dieses doch dort du durch ebenfalls
    ein eine einem einen einer eines er es ferner für hier ich ihr ihre ihren im in insgesamt ist
    jede jeder jedes jedoch kein keine man mehr mit nach nicht noch nun nur ob oder schon sehr sein
    seine seit sie sind so sondern trotz trotzdem um und unser unsere unter viele vom von vor wann
    war warum was wegen weil welche welcher welches wenn wer wie wir wo während zu zudem zum zunächst
    zur zwar zwischen über`),
  titles:
    words(`bzw ca d.h dipl dr ev evtl fr frl ggf hc hr hrn ing inkl jur kath mag med nat o.g phil
    prof rer sog st u.a vgl z.b z.t zzgl`),
  numbered: words('§ abb abs anm art bd jg kap nr s str tab tel vers ziff'),
};
