/* texts-de-learn.js - the words of predicting, practising, teaching in German. */

const WHO = { client: 'der Client', server: 'der Server' };
const TO = { client: 'zum Client', server: 'zum Server' };
const FROM = { client: 'vom Client', server: 'vom Server' };
const OF = { client: 'des Clients', server: 'des Servers' };
const CALLS = { ok: 'gelingt', still: 'wartet weiter' };

const sent = (choice) => {
  const [who, flags] = choice.split(' ');
  return `${WHO[who]} sendet ${flags}`;
};

export const predict = {
  tab: 'Raten',
  intro: 'Jedes Segment hält auf der Leitung an. Sag, was geschehen wird, bevor du es weitergehen '
    + 'lässt; dann antworten die beiden Kernel. Geraten zu haben, auch falsch, lässt die '
    + 'Antwort haften.',
  begin: 'Starten und fragen',
  again: 'Noch eine Runde',
  needs: 'Vorhersagen braucht die Leitung, auf der Segmente anhalten können.',
  timers: 'Die Kernel warten nicht: Während du denkst, laufen ihre Timer; was sie erneut '
    + 'senden, wird '
    + 'hier weggeworfen.',
  starting: 'Der Lauf startet…',
  waiting: 'Nichts wartet auf der Leitung. Die Kernel arbeiten…',
  about: ({ n, flags, from, to }) =>
    `Segment ${n}, ${flags}, ist ${FROM[from]} ${TO[to]} unterwegs.`,
  fate: { label: 'Was du damit tust', deliver: 'Gehen lassen', drop: 'Wegwerfen' },
  ask: {
    next: () => 'Es kommt an. Welches Segment folgt als nächstes?',
    ack: ({ to }) => `Es kommt an. Welche Nummer bestätigt ${WHO[to]}?`,
    state: ({ to, before }) =>
      `Es kommt an. In welchen Zustand geht der Socket ${OF[to]}? Jetzt ist er ${before}.`,
    errno: ({ host, call }) => `Es kommt an. Was wird aus ${call}() ${OF[host]}?`,
    again: () => 'Es geht verloren. Welches Segment folgt als nächstes?',
  },
  choice: {
    next: sent, again: sent, errno: (choice) => CALLS[choice] ?? `scheitert mit ${choice}`,
  },
  sameState: (state) => `${state}, wie zuvor`,
  nobody: {
    next: 'niemand sendet etwas', again: 'niemand sendet etwas', ack: 'keine: es kommt keine '
      + 'Antwort',
  },
  other: 'etwas anderes',
  commit: { deliver: 'Mein Tipp steht: gehen lassen', drop: 'Mein Tipp steht: wegwerfen' },
  released: 'Die Kernel haben das Wort…',
  right: 'Richtig.',
  wrong: 'Nicht ganz.',
  truth: (text) => `Geschehen ist: ${text}.`,
  quiet: {
    next: 'Mehr als eine Sekunde lang wurde nichts gesendet: Was weder Daten noch SYN noch '
      + 'FIN bringt, '
      + 'wird nicht bestätigt, und sonst war nichts zu sagen.',
    again: 'Mehr als drei Sekunden lang wurde nichts erneut gesendet: Was keine Nummer '
      + 'belegt, wird '
      + 'nicht wiederholt, und die andere Seite wartete nicht darauf.',
    ack: 'Mehr als eine Sekunde lang kam keine Antwort.',
    state: 'Der Kernel wurde nach der Ankunft gefragt und nannte denselben Zustand wie zuvor.',
    errno: 'Der Aufruf war noch nicht zurück, als die Leitung verstummte.',
  },
  more: 'Was er noch sagt',
  goOn: 'Weiter',
  over: 'Der Lauf ist zu Ende.',
  score: ({ right, all }) => `${right} von ${all} richtig`,
  showScore: 'Punkte zeigen',
  yours: 'dein Tipp',
  true: 'so war es',
};

export const room = {
  title: 'Eine Klasse fragen',
  text: 'Telefone öffnen einen Link und stimmen über jede Frage ab; die Zahlen erscheinen '
    + 'hier, wenn '
    + 'das Segment weitergeht. Keine Konten, nichts wird gespeichert.',
  open: 'Raum öffnen',
  close: 'Raum schließen',
  gone: 'Den Raum gibt es nicht mehr: Das Programm wurde neu gestartet, oder zwei Stunden lang kam '
    + 'niemand. Öffne einen neuen.',
  link: 'Mit dem Telefon scannen oder öffnen:',
  invite: 'Stimm mit dem Telefon ab',
  enlarge: 'Den Code der ganzen Klasse zeigen',
  done: 'Code ausblenden',
  code: (link) => `QR-Code von ${link}`,
  address: 'Unter der Adresse',
  why: {
    loopback: 'Kein Telefon kann diesen Link öffnen: Das Programm hört nur auf diese Maschine. '
      + 'Beende es, starte es so und öffne diese Seite wieder:',
    offline: 'Kein Telefon kann diesen Link öffnen: Diese Maschine war in keinem Netz, als das '
      + 'Programm startete. Verbinde sie und starte es neu.',
    container: 'Das Programm läuft in einem Container und kennt vielleicht nur Adressen darin. '
      + 'Können Telefone den Link nicht öffnen, dann öffne diese Seite unter der eigenen Adresse '
      + 'der Maschine statt localhost.',
  },
  then: 'Dann kennt sie den Link für Telefone. Wer im selben Netz ist, kann die Seite öffnen.',
  voters: (n) => `${n} ${n === 1 ? 'Stimme' : 'Stimmen'}`,
  count: (n, all) => `${n} von ${all}`,
  live: 'Zahlen schon während der Abstimmung zeigen',
};

export const vote = {
  title: (id) => `Raum ${id}`,
  wait: 'Warte auf die nächste Frage.',
  sent: 'Deine Stimme ist da. Du kannst sie ändern, bis die Frage geschlossen wird.',
  closed: 'Die Frage ist geschlossen.',
  right: 'Du hattest recht.',
  wrong: 'Diesmal nicht.',
  mine: 'deine Stimme',
  gone: 'Diesen Raum gibt es nicht (mehr). Der Code an der Wand führt in den richtigen.',
  lost: 'Der Raum ist nicht erreichbar; neuer Versuch…',
  ask: 'Welcher Raum?',
  enter: 'Eintreten',
};

export const practice = {
  title: 'Üben',
  intro: 'Einem Handshake zuzusehen lehrt wenig; sagen zu müssen, was kommt, oder es '
    + 'herbeizuführen, '
    + 'lehrt viel. Alles hier ist aus echten Läufen gemacht und wird von echten Kerneln '
    + 'entschieden.',
  back: 'Alle Übungen',
  goals: {
    title: 'Führe es herbei',
    text: 'Jedes Segment hält auf der Leitung an, und du entscheidest: zustellen, verwerfen, '
      + 'verzögern, '
      + 'beschädigen, fälschen. Das Ziel ist erreicht, wenn die Kernel es sagen.',
    try: 'Versuchen', met: 'erreicht', hint: 'Ein Hinweis',
    needs: 'Ziele brauchen die Leitung, auf der Segmente anhalten können.',
    shown: 'den Augenblick zeigen', leave: 'Ziel verlassen', goal: 'Ziel',
    open: 'Noch nicht erreicht.', over: 'Der Lauf ist zu Ende, das Ziel nicht erreicht.',
    again: 'Noch einmal', success: 'Erreicht: Die Kernel sagen es.',
  },
  fill: {
    title: 'Den Header ausfüllen',
    text: 'Die Segmente eines beendeten Laufs, einige Felder sind leer.',
    start: 'Lücken füllen', check: 'Prüfen', show: 'Antworten zeigen', again: 'Andere Lücken',
    blank: (name, n) => `${name} von Segment ${n}`,
    score: (right, all) => `${right} von ${all} richtig`,
    columns: { n: 'Segment', way: 'von', flags: 'Flags', len: 'Bytes' },
    right: 'richtig', wrong: (truth) => `es war ${truth}`,
  },
  order: {
    title: 'In die Reihenfolge bringen',
    text: 'Die Segmente eines beendeten Laufs, gemischt.',
    start: 'Ordnen', check: 'Prüfen', again: 'Neu mischen',
    up: (n) => `Segment ${n} nach oben`, down: (n) => `Segment ${n} nach unten`,
    name: (letter) => `Segment ${letter}`,
    true: 'Genau: In dieser Reihenfolge wurden sie gesendet.',
    possible: 'So hätte es sein können, in diesem Lauf war es anders: Was auf nichts wartet, kann '
      + 'früher oder später gesendet werden.',
    faults: (n) => (n === 1 ? 'Eines kann nicht sein:' : `${n} Dinge können nicht sein:`),
    heard: (letter, other) => `${letter} bestätigt ${other}, also kam ${other} zuerst.`,
    sent: (letter, other) =>
      `${letter} hat die späteren Nummern derselben Seite, also kam ${other} zuerst.`,
  },
  run: {
    label: 'Gemacht aus', none: 'Es gibt noch keinen beendeten Lauf mit drei Segmenten.',
    fresh: 'Einem frischen Handshake', making: 'Läuft…',
  },
};

export const goals = {
  'refused': {
    text: 'Lass connect() des Clients mit ECONNREFUSED scheitern.',
    hint: 'Ein Server, der lauscht, lehnt nicht ab. Wer könnte in seinem Namen nein sagen? '
      + 'Verwirf das '
      + 'SYN und fälsche, was ein geschlossener Port antwortet.',
  },
  'timeout': {
    text: 'Lass connect() mit ETIMEDOUT scheitern.',
    hint: 'Stille genügt, aber sie muss dauern: Der Client versucht es erneut und gibt nach '
      + 'etwa sieben '
      + 'Sekunden auf.',
  },
  'unreachable': {
    text: 'Lass connect() mit EHOSTUNREACH scheitern.',
    hint: 'Das würde ein Router sagen. „Fälschen“ macht auch ICMP-Fehler.',
  },
  'late': {
    text: 'Lass connect() gelingen, aber erst nach mehr als einer Sekunde.',
    hint: 'Verliere eines der ersten zwei Segmente und warte, oder sei langsam.',
  },
  'two-answers': {
    text: 'Bring den Server dazu, sein SYN,ACK zweimal zu senden, und lass den Handshake gelingen.',
    hint: 'Wer wartet worauf? Der Server sendet es erneut, bis er das ACK hört, und antwortet '
      + 'auf jedes '
      + 'SYN.',
  },
  'one-sided': {
    text: 'Halte den Client mehr als eine Sekunde ESTABLISHED, während der Server es nicht ist.',
    hint: 'Der Client braucht das SYN,ACK. Was fehlt dem Server noch?',
  },
  'data-opens': {
    text: 'Lass Daten, nicht ein leeres ACK, den Server ESTABLISHED machen.',
    hint: 'Verwirf das letzte ACK. Der Client weiß davon nichts und macht weiter.',
  },
  'reset': {
    text: 'Lass connect() gelingen und einen späteren Aufruf des Clients mit ECONNRESET scheitern.',
    hint: 'Ein RST zählt nur mit genau der Nummer, die der Client als nächste erwartet. Halte '
      + 'zurück, was '
      + 'der Server nach dem SYN,ACK sendet, und fälsche eines mit seq server.isn + 1.',
  },
  'by-hand': {
    text: 'Beende den Handshake selbst: Ein Segment von dir macht den Server ESTABLISHED.',
    hint: 'Verwirf das ACK des Clients und sende eines in seinem Namen: ack ist server.isn + 1.',
  },
};

const GROUPS = {
  'basics': 'Grundlagen',
  'refused-and-lost': 'Abgelehnt, gesperrt, verloren',
  'queues-and-floods': 'Warteschlangen und Fluten',
  'strange-openings': 'Seltsame Eröffnungen',
  'half-open': 'Halb offen, Resets, Scans',
  'closing': 'Schließen',
  'options': 'Optionen und Middleboxes',
};

export const gallery = {
  title: 'Szenarien',
  intro: 'Jedes wird von zwei echten Kernel-Endpunkten ausgeführt und sagt, was es von ihnen '
    + 'erwartet.',
  search: 'Szenarien durchsuchen',
  none: 'Kein Szenario passt.',
  group: (id) => GROUPS[id] ?? id,
  count: (n) => (n === 1 ? '1 Szenario' : `${n} Szenarien`),
  run: 'Starten', edit: 'Kopie bearbeiten', why: 'Warum ist das geschehen?',
  next: (title) => `Weiter: ${title}`, ip: (version) => `nur IPv${version}`,
  notes: 'Für Vortragende', own: 'Eigenes schreiben',
};

export const editor = {
  title: 'Szenario-Editor',
  intro: 'Ein Szenario sind Daten: was jeder Host aufruft, was die Leitung tut, was '
    + 'herauskommen muss. '
    + 'Es wird beim Schreiben geprüft.',
  document: 'Das Szenario als JSON',
  from: 'Beginnen mit', blank: 'einem leeren Szenario',
  open: 'Datei öffnen…', save: 'Als Datei sichern', link: 'Link darauf kopieren', run: 'Ausführen',
  copied: 'Der Link ist kopiert.',
  fine: 'Keine Fehler.', checking: 'Wird geprüft…',
  faults: (n) => (n === 1 ? 'Ein Fehler:' : `${n} Fehler:`),
  goTo: (line) => `Zeile ${line}`,
  reference: 'Was darin stehen darf',
  members: 'Das Dokument', steps: 'Schritte eines Hosts', rules: 'Regeln der Leitung',
  ruleWords: 'Eine Regel ist ein Satz wie diese:',
  insert: 'Einfügen',
  damaged: 'Der Link ist beschädigt: Kein Szenario lässt sich daraus lesen.',
  tooLong: 'Die Datei ist zu lang für ein Szenario.',
  unchecked: 'Das Programm antwortet nicht, nichts lässt sich prüfen.',
};

export const teaching = {
  label: 'Für Lehrende',
  words: { n: 'Notizen', p: 'Projektor', r: 'Neu beginnen' },
  projector: 'Projektor-Ansicht (p)',
  projectorOff: 'Projektor-Ansicht verlassen (p)',
  reset: 'Neu beginnen (r)',
  notes: 'Notizen (n)',
  notesTitle: 'Für Vortragende',
  noNotes: 'Zu diesem Szenario ist nichts notiert.',
};
