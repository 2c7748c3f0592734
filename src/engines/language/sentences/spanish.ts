import { type SentenceRules, words } from './rules.ts';

export const SPANISH: Partial<SentenceRules> = {
  starters:
    words(`a ahora al algunas algunos ante antes aquel aquella así aunque ayer bajo cada como con
    cuando cuándo cómo de del desde después donde dos durante dónde e el ella ellas ellos en entonces
    entre era eran es esa esas ese eso esos esta estas este esto estos está están finalmente fue fueron
    ha hacia han hasta hay hoy la las lo los luego mediante mi mis muchas muchos muy más no nosotros
    nuestra nuestro nunca o otra otras otro otros para pero por porque pues que quién qué se según si
    siempre sin sino sobre son su sus sí también tampoco todas todo todos tras tres tu tus tú un una
    unas unos usted ustedes varias varios y ya yo él`),
  titles:
    words(`admón arq cap cf cnel d da dr dra dras drs dña ej excma excmo fr gral ilma ilmo ing lic
    licda mons mr mrs ms mt mtra mtro p.ej pbro prof profa sgto sr sra sras sres srta srtas sta sto tte
    vs`),
  numbered:
    words(`§ apdo art arts cap ext fig lun mar mié jue vie sáb dom no nos nº n° núm núms p piso
    pp pág págs párr párrf t tel tomo vol`),
};
