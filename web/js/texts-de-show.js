/* texts-de-show.js - the words of the segment card, the tape, the player and of
 * downloads in German. */
import { duration, stamp } from './format.js';

const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const bytesOf = (n) => plural(n, 'Byte', 'Bytes');
const OF = { client: 'des Clients', server: 'des Servers' };

export const card = {
  empty: 'Wähle einen Pfeil, um seinen Header Feld für Feld und Byte für Byte zu sehen.',
  close: 'Segment schließen (Escape)',
  previous: 'Voriges Segment (k)',
  next: 'Nächstes Segment (j)',
  loading: 'Die Bytes werden gelesen…',
  parts: { ip: 'IP-Header', tcp: 'TCP-Header', option: 'TCP-Optionen', payload: 'Nutzdaten' },
  count: bytesOf,
  pick: 'Zeige auf ein Feld oder Byte, um zu sehen, was es in diesem Segment bedeutet. Im '
    + 'Header und in '
    + 'den Bytes gehen die Pfeiltasten.',
  header: 'Header, Feld für Feld',
  notSet: (names) => `nicht gesetzt: ${names}`,
  more: (bytes) => `${plural(bytes, 'weiteres Byte', 'weitere Bytes')} zeigen`,
  annotate: 'Alles erklären',
  annotateLong: 'Die Bedeutung jedes Feldes unter den Header schreiben',
  variants: 'Welche Bytes',
  variant: {
    sent: 'Wie gesendet',
    arrived: (copy, many) => (many ? `Kopie ${copy}, wie angekommen` : 'Wie angekommen'),
  },
  place: ({ part, from, to, width, first, last }) => [
    `${part}, ${width === 1 ? `Bit ${from}` : `Bits ${from}–${to}`}`, plural(width, 'Bit', 'Bits'),
    first === last ? `Byte ${first} des Pakets` : `Bytes ${first}–${last} des Pakets`,
  ].join(' · '),
  inHeader: (value) => `im Header ${value}`,
  since: {
    first: (host) => `Das erste Segment ${OF[host] ?? host} auf dieser Verbindung.`,
    loading: (n) => `Vergleich mit Segment ${n}…`,
    same: (n) => `Alle Felder wie in Segment ${n}.`,
    some: ({ n, changed, fresh, gone }) => [
      changed > 0 && `${plural(changed, 'Feld', 'Felder')} verändert`,
      fresh > 0 && `${fresh} neu`,
      gone.length > 0 && `weg: ${gone.join(', ')}`,
    ].filter(Boolean).join(' · ').concat(` seit Segment ${n} dieser Seite`),
    arrived: (count) => `${plural(count, 'Feld', 'Felder')} anders als gesendet`,
  },
  mark: {
    changed: (n) => `anders als in Segment ${n}`, new: (n) => `nicht in Segment ${n}`,
    damaged: () => 'anders als gesendet',
  },
  was: {
    changed: (value, n) => `In Segment ${n} war es ${value}.`,
    new: (n) => `Segment ${n} hatte es nicht.`,
    same: (n) => `Wie in Segment ${n}.`,
    damaged: (value) => `Gesendet wurde ${value}.`,
    damagedBytes: 'Nicht alle seine Bytes sind, wie sie gesendet wurden.',
    added: 'So wurde es nicht gesendet.',
  },
  sent: 'gesendet', arrived: 'angekommen', took: 'unterwegs', answers: 'antwortet auf',
  repeats: 'wiederholt', window: 'Fenster', length: 'Nutzdaten',
  relative: (n) => `relativ ${n}`, absolute: (n) => `absolut ${n}`,
  level: 'im selben Augenblick: Auf dem Loopback gibt es keinen Weg zwischen den Hosts',
  lost: 'auf der Leitung verloren', held: 'auf der Leitung angehalten', flying: 'noch nicht',
  by: { person: () => 'von Hand', rule: (name) => `durch ${name}`, link: () => 'zufällig' },
  changed: 'verändert', counted: 'gezählt', checksum: 'Prüfsumme', origin: 'gemacht',
  forged: 'von Hand oder von einer Regel, im Namen dieses Hosts',
  saved: 'nicht zu beobachten: aus dem Kernel des Servers gelesen bei',
  checksums: {
    partial: 'unvollständig: Zwischen zwei Sockets einer Maschine rechnet der Kernel sie '
      + 'nicht aus, '
      + 'weil kein Kabel etwas beschädigen kann',
    bad: 'falsch: Der Empfänger wirft es wortlos weg',
  },
  segment: (n) => `Segment ${n}`,
};

export const tape = {
  label: 'Belegte Sequenznummern',
  title: { client: 'Die Nummern des Clients', server: 'Die Nummern des Servers' },
  nothing: 'hat kein Segment gesendet, das eine Nummer belegt',
  sum: ({ count, first, last, next, acked }) => [
    `${plural(count, 'Nummer', 'Nummern')} belegt, ${count > 1 ? `${first} bis ${last}` : first}`,
    acked === null ? 'keine bestätigt'
      : acked === next ? 'alle bestätigt' : `bestätigt bis ${acked}`,
    `die nächste ist ${next}`,
  ].join(' · '),
  note: 'SYN und FIN belegen je eine Nummer, jedes Byte eine, ein ACK keine.',
  which: (k, all, { client, server }) => `Verbindung ${k} von ${all}: ${client} – ${server}`,
  before: 'Die Verbindung davor', after: 'Die nächste Verbindung',
  folded: ({ segments, count, follow, mark }) => {
    const sign = mark ? `${mark} ` : '';
    if (!follow) return [`${sign}noch ${segments}-mal`, `${sign}+${segments}`, `+${segments}`];
    return [
      `⋯ ${segments} Segmente · ${bytesOf(count)} ⋯`, `⋯ ${segments} Segmente ⋯`,
      `⋯ ${segments} ⋯`, `⋯${segments}`,
    ];
  },
  block: ({ n, kind, count, mark }) => {
    const name = mark ? `${mark} ${n}` : `${n}`;
    if (kind !== 'data') return [`${name} ${kind}`, name, `${n}`];
    return [
      `${name} · ${bytesOf(count)}`, `${name} · ${count} B`, `${name} · ${count}`, name, `${n}`,
    ];
  },
  fates: {
    arrived: '', lost: ', unterwegs verloren', held: ', auf der Leitung angehalten',
    flying: ', noch nicht angekommen',
  },
  says: {
    block: ({ n, host, count, from, last, what, repeats, fate, by }) => [
      `Segment ${n} ${OF[host]} belegt ${plural(count, 'Nummer', 'Nummern')}, `
        + `${count === 1 ? from : `${from} bis ${last}`} (${what.join(', ')})`,
      repeats ? `, noch einmal, wie Segment ${repeats}` : '', fate,
      by ? `; bestätigt von Segment ${by}` : '; nicht bestätigt', '.',
    ].join(''),
    piece: { SYN: () => 'SYN', FIN: () => 'FIN', data: bytesOf },
    fold: ({ segments, count, from, last, follow }) => (follow
      ? `${segments} Segmente mit ${bytesOf(count)}, Nummern ${from} bis ${last}; `
        + 'drücken, um jedes zu sehen.'
      : `Nummern ${from} bis ${last} noch ${segments}-mal gesendet; drücken, um jedes zu sehen.`),
    ack: ({ ns, at, host, before }) => `${ns.length === 1 ? `Segment ${ns[0]} bestätigt`
      : `Die Segmente ${ns.join(', ')} bestätigen`} alles ${OF[host]} vor ${at}`
      + `${before ? `, ${before}` : ''}.`,
    lostAck: 'kam aber nicht an',
  },
};

export const save = {
  button: 'Herunterladen',
  label: 'Diesen Lauf herunterladen',
  items: {
    svg: { name: 'Bild, SVG', hint: 'beliebig groß; für jedes Zeichenprogramm' },
    png: { name: 'Bild, PNG', hint: 'für Folien und Nachrichten' },
    text: { name: 'Text', hint: 'die Leiter, 80 Spalten' },
    mermaid: { name: 'Mermaid', hint: 'ein Sequenzdiagramm für Markdown' },
    json: { name: 'Ganzer Lauf, JSON', hint: 'öffnet sich hier wieder, auch ohne das Programm' },
    pcapng: { name: 'Mitschnitt, pcapng', hint: 'für Wireshark' },
    link: { name: 'Link kopieren', hint: 'zu diesem Lauf und Schritt' },
    print: { name: 'Drucken', hint: 'das Diagramm und was daneben steht' },
  },
  done: { saved: (name) => `Gesichert als ${name}.`, link: 'Der Link ist kopiert.' },
  failed: {
    picture: 'Dieser Browser kann kein so großes Bild zeichnen; nimm das SVG.',
    link: (address) => `Der Link lässt sich hier nicht kopieren. Er ist ${address}`,
  },
  live: 'wenn der Lauf beendet ist',
  here: 'das haben nur Läufe des Programms',
};

export const file = {
  open: 'Gesicherten Lauf öffnen',
  drop: 'Gesicherten Lauf hier ablegen',
  alone: {
    title: 'Das Programm ist nicht hier',
    text: 'Das sind die bloßen Dateien der Seite, kein Handshake lässt sich starten: Dafür '
      + 'braucht es '
      + 'das Programm, mit „handshake serve“. Als JSON gesicherte Läufe öffnen sich hier ganz.',
    inviteTitle: 'Kein Lauf ist offen',
    invite: 'Öffne einen gesicherten Lauf oder lege seine Datei hier ab: Er wird gezeichnet, '
      + 'wie er war.',
  },
  reopen: 'Dieser Lauf ist nicht in dieser Seite: Öffne seine Datei noch einmal.',
  elsewhere: 'Nur Dateien neben dieser Seite lassen sich über die Adresse öffnen.',
  missing: (name, status) => `${name} ist nicht zu lesen: Status ${status}.`,
  unreadable: (name) => `${name} ist nicht zu lesen.`,
  fault: (name, why) => `${name} ist kein gesicherter Lauf: ${why}.`,
  large: (megabytes) => `größer als ${megabytes} MB`,
  faults: {
    json: 'kein JSON',
    run: 'ohne id oder Liste der Ereignisse',
    many: (most) => `mehr als ${most} Ereignisse`,
    event: (place, what) => `Ereignis ${place} ${what}`,
    shape: (name) => `hat kein rechtes „${name}“`,
    order: 'steht nicht in der Reihe',
    begin: 'ist nicht der Anfang eines Laufs',
  },
};

export const ladder = {};
export const mermaid = { wire: 'die Leitung', data: bytesOf };

export const player = {
  label: 'Abspielen',
  range: 'Augenblick des Laufs',
  buttons: {
    first: 'Zum Anfang (Pos1)',
    previous: 'Zum vorigen Segment (Umschalt + Pfeil links)',
    back: 'Ein Ereignis zurück (Pfeil links)',
    play: 'Abspielen (Leertaste)',
    pause: 'Anhalten (Leertaste)',
    forward: 'Ein Ereignis vor (Pfeil rechts)',
    next: 'Zum nächsten Segment (Umschalt + Pfeil rechts)',
    last: 'Zum Ende: der ganze Lauf (Ende)',
  },
  move: 'Durch den Lauf gehen',
  goLive: 'Zurück zu dem, was jetzt geschieht (Ende)',
  isLive: 'Was zu sehen ist, geschieht jetzt',
  where: (at, count) => `${at} von ${count}`,
  gap: (ns, { shortened }) => `+${duration(ns)}${shortened ? ', verkürzt' : ''}`,
  value: (at, count, t, sentence) => `Ereignis ${at} von ${count}, ${stamp(t)}. ${sentence}`,
  pace: 'Tempo',
  evenGroup: 'Gleiche Schritte: Pausen verkürzt oder gedehnt',
  trueGroup: 'Wahre Zeit: wie gemessen',
  even: (perSecond) => `${plural(perSecond, 'Ereignis', 'Ereignisse')}/s`,
  voice: 'Vorlesen',
  voices: {
    all: 'Liest jedes Ereignis', slow: 'Liest Ereignisse langsam', segments: 'Liest nur Segmente',
    none: 'Liest nichts',
  },
};

export const then = {
  badge: (t) => `Bei ${stamp(t)}`,
  text: 'Der Lauf, wie er in diesem Augenblick stand; sein Ende kommt noch.',
};
