import { type SentenceRules, words } from './rules.ts';

export const FRENCH: Partial<SentenceRules> = {
  starters:
    words(`afin ainsi alors après au aucun aucune aussi autre autres aux avant avec bien c ce
    ceci cela cependant ces cet cette chaque chez comme comment d dans de depuis des deux donc du elle
    elles en enfin ensuite entre et grâce il ils j je l la le les leur leurs lorsqu lorsque ma mais
    malgré mes mon même n ne nos notre nous néanmoins on or ou outre où par parmi pendant plus
    plusieurs pour pourquoi puis qu quand que qui quoi s sa sans se selon ses si son sous sur ta tes
    ton tous tout toute toutefois toutes trois très tu un une vers vos votre vous y à ça`),
  titles: words('c.-à-d cf dr drs env ex m me mgr mlle mlles mm mme mmes p.ex pr prof st ste vs'),
  numbered: words('§ al art chap fig l n no nos n° p pp r t tél tel vol'),
};
