import { type SentenceRules, words } from './rules.ts';

export const ENGLISH: Partial<SentenceRules> = {
  starters: words(`a about above according after again all also although always an and another any
    are as at be because been before being below between both but by can could did do does doing
    done during each either even every everyone everything few finally first for from further has
    have he hence her here hers his how however i if in indeed instead into is it its itself just
    last later let like long many may maybe me meanwhile might millions more moreover most much my
    neither never nevertheless next nobody nor not nothing now of often on once one only or other
    others otherwise our over people perhaps please rather second several shall she should similarly
    since so some someone something sometimes soon still such than that the their then there
    therefore these they third this those though through thus to today together too two under unless
    unlike until up upon very was we well were what whatever when whenever where whereas whether
    which while who whoever whom whose why will with within without would yes yet you your`),
  titles:
    words(`adm amb attn atty brig bro ca capt cf cmdr col comdr cpl dame det dr drs e.g eg esp excl
    fr gen gov hon i.e ie incl insp lt maj messrs mlle mme mmes mr mrs ms msgr ofc pfc pres prof pvt
    rep resp rev revd sen sgt sr supt v viz vs`),
  abbreviations:
    words(`abbr adj adv al anon approx apt assn assoc ave bldg blvd bros co corp dep dept
    dist ed eds esq est fl Ft govt hr hrs inc inst intl jr kg km lb lbs llc ltd mfg mgr misc mt natl oz
    plc rd repr secs sq st ste tel trans transl univ
    Ala Apr Ariz Ark Aug Calif Colo Conn Dec Feb Fla Fri Ga Jan Jul Jun Kan Ky La Mar Md Mich Minn Mo
    Mon Mont Neb Nev Nov Oct Okla Pa Penn Sat Sep Sept Tenn Tex Thu Thur Thurs Tue Tues Va Vt Wed Wis
    Wyo`),
  numbered: words(`§ app art bk cap ch chap chaps chs eq eqs ex fig figs no nos nr n° nº op p pp par
    para pop pt pts sec sect tab ver vers vol vols`),
  capitalInitials: true,
};
