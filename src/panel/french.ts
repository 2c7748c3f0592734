import { type PanelText, PROVEN } from './english.ts';
import { amount, count, gap, percent, rate, size, speed } from './format.ts';

/** Before a colon and inside guillemets; before ; ! and ? it is narrow. */
const SPACE = '\u00a0';
const COLON = `${SPACE}:`;

/** French has a singular for 0 and 1. */
function plural(value: number, one: string, more: string): string {
  return `${count(value)}${SPACE}${value < 2 ? one : more}`;
}

function failures(failed: number): string {
  return plural(failed, 'échec', 'échecs');
}

function madeOf(done: number, total: number, failed: number): string {
  return `${count(done)} sur ${count(total)}${failed > 0 ? `, ${failures(failed)}` : ''}`;
}

/** The panel's words in French. */
export const french: PanelText = {
  runs: 'Exécutions',
  progress: 'Progression',
  of: (done, total) => `${count(done)} sur ${count(total)}`,
  percent,
  failed: failures,
  done: (done) => plural(done, 'terminé', 'terminés'),
  left: (time) => `reste ${time}`,
  took: (time) => `en ${time}`,
  rate: (perSecond) => {
    const { value, unit } = rate(perSecond);
    return `${value}/${{ second: 's', minute: 'min', hour: 'h' }[unit]}`;
  },
  workers: (workers, waiting) =>
    `${count(workers)}${SPACE}${workers > 1 ? 'workers' : 'worker'}${waiting > 0 ? `, ${count(waiting)} en attente` : ''}`,
  silence: (seconds) => `Aucune sortie depuis ${count(seconds)}${SPACE}s`,
  attempt: (attempt) => `La tentative ${count(attempt)} a échoué. Une autre suit.`,
  loading: 'chargement',
  atOnce: (items) => `${count(items)} à la fois`,
  atOnceMenu: 'Éléments à la fois',
  changeAtOnce: (items) => `Éléments à la fois${COLON} ${count(items)}…`,
  widened: (items) => `${count(items)} ${items === 1 ? 'élément' : 'éléments'} à la fois.`,
  waits: 'attend de la mémoire',
  waitsHint: (needs, free) => `A besoin de ${size(needs)} de mémoire, ${size(free)} sont libres.`,
  place: (place) => (place === 1 ? 'suivant' : `${count(place)}e`),
  moved: (title, place, of) =>
    `${title}${COLON} place ${count(place)} sur ${count(of)} dans la file.`,

  runState: {
    running: 'en cours',
    paused: 'en pause',
    cancelling: 'annulation en cours',
    done: 'terminée',
    failed: 'en échec',
    cancelled: 'annulée',
    interrupted: 'interrompue',
  },
  itemState: {
    queued: 'en file',
    running: 'en cours',
    waiting: 'en attente',
    done: 'terminé',
    failed: 'en échec',
    cancelled: 'annulé',
    skipped: 'déjà fait',
  },

  pause: 'Mettre l’exécution en pause',
  resume: 'Reprendre l’exécution',
  cancelRun: 'Annuler l’exécution',
  retryFailed: 'Réessayer les éléments en échec',
  goOn: 'Poursuivre cette exécution',
  runAgain: 'Exécuter à nouveau',
  openResults: 'Ouvrir les résultats',
  openLog: 'Ouvrir le journal',
  copyCommandLine: 'Copier la ligne de commande',
  openBatch: 'Ouvrir le fichier de lot',
  cancelItem: 'Annuler l’élément',
  retryItem: 'Réessayer l’élément',
  moveUp: 'Monter dans la file',
  moveDown: 'Descendre dans la file',
  moveFirst: 'Placer en tête de la file',
  moveLast: 'Placer à la fin de la file',
  openInput: 'Ouvrir l’entrée',
  revealOutput: 'Afficher la sortie dans le journal',
  more: 'Autres actions',
  actionsOf: (name) => `Actions${COLON} ${name}`,
  openSource: (place) => `Ouvrir ${place}`,

  finishItem: 'Arrêter et garder le meilleur',
  iteration: (iteration) => `itération ${count(iteration)}`,
  aboveBound: (of) => (of < PROVEN ? 'optimal, c’est prouvé' : `${gap(of)} au-dessus de la borne`),
  lowerBound: 'borne inférieure',
  curves: (names, best, above) =>
    `Progrès du meilleur résultat${COLON} ${names}. Meilleur${COLON} ${amount(best)}${above === undefined ? '' : `, ${gap(above)} au-dessus de la borne inférieure`}.`,
  chartActions: 'Graphique',
  againstTime: 'Selon le temps',
  againstIterations: 'Selon les itérations',
  saveChart: (kind) => `Enregistrer les courbes en ${kind}…`,
  saveSchedule: (kind) => `Enregistrer l’ordonnancement en ${kind}…`,
  bestSchedule: (title) => `Meilleur ordonnancement${COLON} ${title}`,
  gantt: (tasks, machines, end) =>
    `Ordonnancement de ${plural(tasks, 'tâche', 'tâches')} sur ${plural(machines, 'machine', 'machines')}, terminé à ${amount(end)}.`,
  taskAt: (task, machine, from, to) => `${task} sur ${machine}${COLON} de ${from} à ${to}`,
  machinesShown: (shown, of) => `${count(shown)} machines sur ${count(of)}`,
  showTable: 'Afficher les machines en tableau',
  hideTable: 'Masquer le tableau',
  algorithm: 'Recherche',
  best: 'Meilleur',
  mean: 'Moyenne',
  gap: 'Écart',
  machine: 'Machine',
  tasks: 'Tâches',
  busy: 'Occupée',
  until: 'Jusqu’à',

  play: 'Écouter le résultat',
  listen: 'Écouter',
  playRecording: 'Écouter l’enregistrement',
  pausePlaying: 'Pause',
  playNamed: (name) => `Écouter ${name}`,
  open: 'Ouvrir le résultat',
  openNamed: (name) => `Ouvrir ${name}`,
  showPreview: (name) => `Aperçu de ${name}`,
  hidePreview: (name) => `Masquer l’aperçu de ${name}`,
  previewOf: (name) => `Contenu de ${name}`,
  previewCut: 'Seul le début est affiché.',
  previewEmpty: 'Le fichier est vide.',
  fetching: 'Lecture…',

  player: 'Lecteur',
  playSound: 'Lire',
  pauseSound: 'Pause',
  playAgain: 'Réécouter',
  goOnPlaying: 'Reprendre la lecture',
  sentenceBefore: 'Phrase précédente',
  sentenceAfter: 'Phrase suivante',
  previousResult: 'Résultat précédent',
  nextResult: 'Résultat suivant',
  closePlayer: 'Fermer le lecteur',
  position: 'Position',
  positionOf: (time, length) => `${time} sur ${length}`,
  positionSoFar: (time, length) => `${time} sur ${length} pour l’instant`,
  said: 'Ce qui est dit',
  entity: {
    person: 'Personne',
    place: 'Lieu',
    organisation: 'Organisation',
    date: 'Date',
    time: 'Heure',
    duration: 'Durée',
    money: 'Somme',
    percent: 'Pourcentage',
    number: 'Nombre',
    email: 'Adresse e-mail',
    url: 'Adresse web',
  },
  notSpoken: 'Ce passage n’a pas pu être prononcé.',
  firstSound: 'le premier son arrive bientôt',
  loadingModel: 'chargement',
  nextSound: 'en attente de la phrase suivante',
  pressPlay: 'appuyez sur Lire pour écouter',
  notMade: 'Le son n’a pas été terminé.',
  volume: 'Volume',
  volumeOf: (value) => `Volume ${percent(value)}`,
  mute: 'Muet',
  speed: 'Vitesse',
  speedOf: (value) => `Vitesse ${speed(value)}×`,
  times: (value) => `${speed(value)}×`,
  showItem: (title) => `Afficher ${title}`,
  cannotPlay: 'Ce son ne peut pas être lu ici.',

  stems: (stems) => `${count(stems)} pistes`,
  mixer: 'Table de mixage',
  playStems: 'Écouter les pistes',
  pauseStems: 'Mettre les pistes en pause',
  stemsRead: (read, stems) => `Lecture des pistes${COLON} ${count(read)} sur ${count(stems)}`,
  stemVolume: (stem) => `Volume de ${stem}`,
  soloLetter: 'S',
  soloOf: (stem) => `Solo${COLON} ${stem}`,
  muteLetter: 'M',
  muteOf: (stem) => `Muet${COLON} ${stem}`,
  cannotDecode: (stem) => `La piste ${stem} ne peut pas être lue ici.`,
  tooLongToMix: (minutes) =>
    `Ces pistes sont trop longues pour être mixées ici${COLON} ensemble, elles durent plus de ${count(minutes)} minutes. Chacune peut être écoutée seule.`,

  search: 'Rechercher dans les exécutions',
  clearSearch: 'Effacer la recherche',
  filter: 'Filtrer',
  filtered: (name) => `Filtre${COLON} ${name}`,
  filters: {
    all: 'Tout',
    running: 'En cours',
    failed: 'En échec',
    done: 'Terminés',
  },
  nothingMatches: (query) => `Rien ne correspond à «${SPACE}${query}${SPACE}».`,
  nothingWith: {
    all: 'Il n’y a rien ici.',
    running: 'Rien n’est en cours.',
    failed: 'Rien n’a échoué.',
    done: 'Rien n’est encore terminé.',
  },
  showAll: 'Tout afficher',
  found: (runs, items) =>
    `${plural(runs, 'exécution', 'exécutions')}, ${plural(items, 'élément', 'éléments')}`,

  runLabel: (name, state, done, total, failed) =>
    `${name}, ${state}, ${madeOf(done, total, failed)}`,
  itemLabel: (number, title, state) => `${count(number)}, ${title}, ${state}`,

  runEnded: (name, state, done, total, failed) =>
    `${name}, ${state}${COLON} ${madeOf(done, total, failed)}.`,
  itemFailed: (number, title, message) =>
    `L’élément ${count(number)}, ${title}, a échoué${COLON} ${message}`,
  itemsFailed: (failed) => `${plural(failed, 'élément', 'éléments')} en échec.`,

  intro: 'Lancez un lot et voyez chaque résultat dès qu’il existe.',
  introPage:
    'Rien n’a encore tourné. Saisissez des consignes ci-dessus ou exécutez un fichier de lot.',
  lost: 'La connexion est perdue. Nouvelle tentative…',
  notReached: 'Le serveur est injoignable.',
  prompts: 'Consignes',
  promptsHint: {
    both: 'Saisissez des consignes, une par ligne. Chacune devient un texte, lu à voix haute.',
    speak: 'Saisissez des textes, un par ligne. Chacun est lu tel quel.',
    write: 'Saisissez des consignes, une par ligne. Chacune devient un texte.',
  },
  work: 'Ce qui est produit',
  works: {
    both: 'Rédiger et lire',
    speak: 'Lire tel quel',
    write: 'Rédiger seulement',
  },
  voice: 'Voix',
  anyVoice: 'Meilleure voix',
  format: 'Format du son',
  generateCount: (prompts: number) => (prompts > 1 ? `Générer (${count(prompts)})` : 'Générer'),
  batchFile: 'Ou exécuter un fichier de lot',
  runIt: 'Exécuter',
  runExample: 'Exécuter l’exemple',
  startLesson: 'Commencer une leçon',
  generate: 'Générer de l’audio',
  speakDocuments: 'Lire des documents à voix haute',
  separateStems: 'Séparer les pistes',
  optimiseSchedule: 'Optimiser un ordonnancement',
  runCommand: 'Exécuter sur des fichiers',
  runBatch: 'Exécuter un fichier de lot',
  newBatch: 'Écrire un nouveau fichier de lot',
  checkSetup: 'Vérifier l’installation',
  hintTopic: 'sujet',
  hintPrompts: 'consignes',
  hintDocuments: 'Markdown',
  hintSongs: 'morceaux',
  hintTasks: 'tâches',
  hintProgram: 'tout programme',
  hintBatch: '.batch.yaml',
  hintTemplate: 'modèle',
  need: { voice: 'Voix', text: 'Texte', transcription: 'Transcription' },
  needs: (need) => `${need}${COLON}`,
  engineReady: (name) => `${name}, prêt`,
  chooseEngine: 'choisir un moteur',
  restricted: `Cette fenêtre est en mode restreint. Un lot lance des programmes${SPACE}: rien ne s’exécute tant que vous n’approuvez pas cet espace de travail.`,
  trust: 'Gérer l’approbation',
  noFolder: `Ouvrez d’abord un dossier${SPACE}: les fichiers de lot et les résultats s’y trouvent.`,
  openFolder: 'Ouvrir un dossier',
};
