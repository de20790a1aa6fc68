/* texts-de-compare.js - the words of comparing two runs in German. */
import { duration } from './format.js';

const NAMES = ['A', 'B'];
const OF = { client: 'des Clients', server: 'des Servers' };
const FROM = { client: 'vom Client', server: 'vom Server' };
const HOST = { client: 'Client', server: 'Server' };
const nth = (n) => (n === 1 ? '' : ` (der ${n}.)`);
const again = (n) => (n > 0 ? ` So noch ${n}-mal.` : '');
const results = { ok: 'gelingt', end: 'erfährt das Ende des Stroms' };
const came = (result) => (result === null ? 'wartet noch' : (results[result] ?? result));
const percent = (part) => `${Number((part * 100).toFixed(2))} %`;
const condition = (name, value) => (name.endsWith('_ms') ? `${value} ms` : percent(value));
const round = (x) => (x >= 10 ? String(Number(x.toPrecision(2))) : x.toFixed(1));

export const compare = {
  title: 'Vergleichen',
  intro: 'Zwei Läufe nebeneinander auf einer Skala; was sich unterscheidet, ist markiert und '
    + 'benannt. Ändere eines und sieh, was daraus folgt.',
  cases: {
    title: 'Eines ändern', run: 'Beide starten',
    loss: ['Mit und ohne Verlust', 'Derselbe Handshake, einmal geht sein erstes SYN verloren. '
      + 'Wohin geht die Sekunde, und wer merkt es?'],
    whose: ['Das SYN verloren oder seine Antwort', 'Für den Client sieht beides gleich aus. '
      + 'Was weiß der Server jeweils?'],
    ip: ['IPv4 gegen IPv6', 'Derselbe Austausch über beide. Was ändert sich an TCP selbst?'],
    scale: ['Ohne Fensterskalierung', 'Ein Gerät unterwegs nimmt dem SYN eine Option. Was wird '
      + 'aus jedem Fenster danach?'],
    latency: ['Nah und fern', '5 ms und 50 ms je Richtung. Zähl die Umläufe.'],
    refused: ['Abgewiesen oder Stille', 'Ein geschlossener Port und ein Filter: eine Antwort, und '
      + 'keine.'],
    cookies: ['SYN-Cookies mit und ohne Zeitstempel', 'Was ein Cookie vergisst, und was '
      + 'Zeitstempel für ihn behalten.'],
    abort: ['Geschlossen oder abgebrochen', 'Ein FIN bittet um das Ende, ein RST macht es. Was '
      + 'bleibt jeweils zurück?'],
    ecn: ['ECN vereinbart, ECN verschluckt', 'Zwei Flags im SYN. Was tut der Kernel, wenn jemand '
      + 'sie nicht mag?'],
    ack: ['Das letzte ACK verloren: still oder im Gespräch', 'Der Client sagt danach nichts, '
      + 'oder er sendet Daten. Was bringt den Server zu ESTABLISHED?'],
  },
  own: {
    title: 'Ein eigenes Paar', scenario: 'Szenario', change: 'Was in B anders ist',
    rule: 'Regel', other: 'Das andere Szenario', run: 'Beide starten',
    changes: {
      ip: 'die andere IP-Version', syn: 'das erste SYN geht verloren',
      synack: 'das erste SYN,ACK geht verloren', ack: 'das erste ACK des Clients geht verloren',
      slow: '50 ms je Richtung', twice: 'das SYN kommt zweimal an',
      damaged: 'das erste SYN wird beschädigt',
      wscale: 'keine Fensterskalierung', mss: 'keine MSS', sack: 'kein SACK',
      timestamps: 'keine Zeitstempel', rule: 'eine eigene Regel', scenario: 'ein anderes Szenario',
    },
  },
  kept: {
    title: 'Zwei vorhandene Läufe', a: 'Lauf A', b: 'Lauf B', open: 'Vergleichen',
    few: 'Es gibt noch keine zwei Läufe. Starte ein Paar oder einen Lauf im Labor.',
    alone: 'Öffne zuerst zwei gespeicherte Läufe: mit dem Knopf im Labor, oder zieh sie auf die '
      + 'Seite.',
  },
  needs: 'Braucht die Leitung (wire).',
  back: 'Andere Paare', swap: 'A und B tauschen', lab: 'Im Labor öffnen',
  with: (title) => `Vergleichen mit ${title}`,
  scales: {
    label: 'Maßstab der Zeit', steps: 'Schritt für Schritt', clock: 'Eine Uhr', true: 'Wahr',
    about: {
      steps: 'Was in beiden gleich ist, steht nebeneinander; der schnellere Lauf wartet auf den '
        + 'anderen. Jede Falte sagt, wie lang sie für ihren Lauf war.',
      clock: 'Gleiche Höhe ist gleiche Zeit seit dem Beginn des Laufs, gestaucht.',
      true: 'Gleiche Höhe ist gleiche Zeit seit dem Beginn des Laufs, maßstäblich.',
    },
  },
  pictures: 'Beide Sequenzdiagramme', side: 'Welcher Lauf zu sehen ist',
  picture: (name, title, n) => `${name}, ${title}: Sequenzdiagramm mit ${n} Segmenten.`,
  over: 'der Lauf war vorbei',
  figures: {
    title: 'Auf einen Blick', label: 'Zahlen beider Läufe', none: 'keine',
    head: ['Größe', 'A', 'B', 'B gegen A'],
    connect: 'connect() dauerte',
    client: 'Client ESTABLISHED nach', server: 'Server ESTABLISHED nach',
    segments: 'Segmente gesendet', repeats: 'wiederholt', lost: 'verloren',
    whole: 'der Lauf dauerte',
    more: (n) => (n > 0 ? `${n} mehr` : `${-n} weniger`),
    times: (x) => (x >= 1 ? `${round(x)}-mal so lang` : `${round(1 / x)}-mal kürzer`),
    same: 'gleich',
  },
  list: {
    title: 'Was sich unterscheidet',
    count: (n) => (n === 1 ? 'ein Unterschied' : `${n} Unterschiede`),
    none: 'Nichts, außer was in jedem Lauf anders ist: Anfangsnummern, Ports, Zeitstempel, '
      + 'Mikrosekunden.',
    noise: 'Anfangsnummern, gewählte Ports, Zeitstempel und Mikrosekunden sind in jedem Lauf '
      + 'anders und stehen nicht hier.',
    groups: {
      setup: 'Wie sie begannen', outcome: 'Wie sie endeten', wire: 'Auf der Leitung',
      calls: 'Aufrufe', states: 'Zustände', counters: 'Was die Kernel zählten',
    },
  },
  setup: { scenario: 'Szenario', link: 'Verbindung', ip: 'IP-Version', kernel: 'Kernel' },
  path: {
    latency_ms: 'Laufzeit', jitter_ms: 'Schwankung', loss: 'Verlust', duplicate: 'Verdopplung',
    reorder: 'Vertauschung',
  },
  fates: {
    arrived: 'angekommen', dropped: 'verloren', held: 'angehalten', flying: 'unterwegs',
    damaged: 'beschädigt', changed: 'umgeschrieben',
  },
  aspects: {
    fate: 'was daraus wurde', flags: 'Flags', ttl: 'TTL', repeats: 'Wiederholung',
    forged: 'gefälscht', window: 'Fenster', text: 'Daten', bytes: 'Bytes',
  },
  yes: 'ja', no: 'nein',
  says: {
    setup: ({ what, a, b }) => `${compare.setup[what]}: A ${a}, B ${b}`,
    path: ({ from, name, a, b }) => `${compare.path[name]}${from ? ` ${FROM[from]}` : ''}: `
      + `A ${condition(name, a)}, B ${condition(name, b)}`,
    rule: ({ side, text }) => `Nur ${NAMES[side]} hat die Regel „${text}“.`,
    only: ({ side, segment, again: n }) => `Nur in ${NAMES[side]}: Segment ${segment.n}, `
      + `${segment.flags.join(',')} ${FROM[segment.from]}`
      + `${segment.of ? `, wiederholt Segment ${segment.of}` : ''}`
      + `${segment.forged ? ', gefälscht' : ''}.${again(n)}`,
    later: ({ side, ns, again: n }) =>
      `${NAMES[side]} brauchte bis hierher ${duration(ns)} länger.${again(n)}`,
    segment: ({ step: { a, b } }, aspects, n) =>
      `${a.flags.join(',')} ${FROM[a.from]} (Segment ${a.n === b.n ? a.n : `${a.n} und ${b.n}`}): `
      + `${aspects.join('; ')}.${again(n)}`,
    option: (option, a, b) => {
      if (a === null || b === null) return `${option} nur in ${a === null ? 'B' : 'A'}`;
      return `${option}: A ${a}, B ${b}`;
    },
    result: ({ host, name, nth: k, a, b }) =>
      `${name}() ${OF[host]}${nth(k)}: A ${came(a)}, B ${came(b)}`,
    took: ({ host, name, nth: k, a, b }) =>
      `${name}() ${OF[host]}${nth(k)} dauerte: A ${duration(a)}, B ${duration(b)}`,
    onlyCall: ({ host, names, side }) =>
      `Nur in ${NAMES[side]} ruft der ${HOST[host]} ${names.map((name) => `${name}()`).join(', ')}`,
    states: ({ host, a, b }) =>
      `${HOST[host]}: A ${a.join(' → ') || 'keine'}; B ${b.join(' → ') || 'keine'}`,
    counter: ({ host, counter, meaning, a, b }) =>
      `${counter} ${OF[host]}: A +${a}, B +${b}${meaning ? ` (${meaning})` : ''}`,
  },
  marks: { same: 'gleich', differs: 'anders', only: (side) => `nur in ${NAMES[side]}` },
  sheet: {
    title: 'Die beiden Segmente', close: 'Schließen', all: 'Alle Felder zeigen',
    none: 'kein solches Segment', segment: (n, flags) => `Segment ${n}, ${flags}`,
    loading: 'Liest die Bytes…', asArrived: 'wie es ankam', fields: 'Felder',
    head: ['Feld', 'A', 'B'],
    alike: 'Jedes Feld ist gleich, bis auf das, was in jedem Lauf anders ist.',
    differs: 'anders', expected: 'in jedem Lauf anders',
    parts: { ip: 'IP-Kopf', tcp: 'TCP-Kopf', option: 'Optionen', payload: 'Daten' },
  },
};
