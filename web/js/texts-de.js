/* texts-de.js - the words of the page in German. Whatever is missing here stays
 * English. */
import { duration } from './format.js';
import { compare } from './texts-de-compare.js';
import { hand, wire, rules, forge, gauges, machine } from './texts-de-hand.js';
import { card, file, ladder, mermaid, player, save, tape, then } from './texts-de-show.js';
import {
  editor, gallery, goals, practice, predict, room, teaching, vote,
} from './texts-de-learn.js';

const HOST = { client: 'Client', server: 'Server' };
const segments = (n) => `${n} ${n === 1 ? 'Segment' : 'Segmente'}`;

/** @type {Lab.Translation} */
export const texts = {
  hand, wire, rules, forge, gauges, machine, card, tape, save, file, ladder, mermaid, player, then,
  predict, room, vote, practice, goals, gallery, editor, teaching, compare,
  line: 'echte TCP-Handshakes, gezeichnet, während sie geschehen',
  skip: 'Zum Diagramm springen',
  controls: 'Was läuft',
  aside: 'Erklärung',
  announce: 'Ereignisse des Laufs',
  language: 'Sprache',
  foot: {
    play: 'spielt ab,', along: 'gehen durch den Lauf, mit Umschalt von Segment zu Segment.',
    move: 'wählen ein Segment,', open: 'öffnet es,', close: 'schließt es.',
    held: 'entscheiden über ein angehaltenes.', zoom: 'Größe, alles im Bild.',
    teach: 'Projektor, Notizen, neu beginnen.',
    measured: 'Nichts hier folgt einem Drehbuch: Jede Zahl wurde im gezeigten Lauf gemessen.',
  },
  nav: {
    label: 'Ansichten', lab: 'Labor', scenarios: 'Szenarien', edit: 'Editor', practice: 'Üben',
    compare: 'Vergleichen',
    vote: 'Abstimmen',
  },
  start: 'Handshake starten',
  starting: 'Startet…',
  ip: { label: 'Internetprotokoll' },
  scenario: {
    label: 'Szenario', choose: 'Szenario wählen', teaches: 'Worauf zu achten ist',
    search: 'Szenarien durchsuchen', none: 'Kein Szenario passt.', why: 'Warum ist das geschehen?',
    takes: (seconds) => `dauert ${seconds} s`,
    longForm: (seconds) => `Lange Form, ${seconds} s`,
    next: (title) => `Weiter: ${title}`,
    choose_link: (need) => `Braucht ${need}: als Verbindung wählen.`,
    needs: (need, why) => `Braucht ${need}, hier nicht zu haben: ${why}.`,
  },
  theme: { auto: 'Farben: wie das System', light: 'Farben: hell', dark: 'Farben: dunkel' },
  numbers: { label: 'Sequenznummern', relative: 'Relativ', absolute: 'Absolut' },
  diagram: {
    label: 'Sequenzdiagramm',
    describe: (title, n) => `${title}: ${segments(n)} zwischen Client und Server, die Zeit läuft `
      + 'nach unten. Pfeiltasten gehen die Segmente entlang, Enter öffnet eines.',
    time: 'Zeit',
    scales: { label: 'Maßstab der Zeit', squeezed: 'Gestaucht', true: 'Wahr', even: 'Gleich' },
    about: {
      squeezed: 'Die Zeit läuft nach unten, gestaucht: kurze Pausen gedehnt, lange gefaltet. '
        + 'Jede Zeit hier wurde gemessen.',
      true: 'Die Zeit läuft nach unten, maßstäblich. Was keinen Platz hat, ist gezählt: '
        + 'Zieh das Bild auseinander, um es zu sehen.',
      even: 'Die Zeit läuft in gleichen Schritten: zu sehen ist die Reihenfolge, die Dauer '
        + 'steht dabei.',
    },
    zoom: {
      label: 'Größe des Bildes',
      in: 'Größer (+)', out: 'Kleiner (−)', fit: 'Einpassen: alles zeigen (0)', whole: 'Alles',
      reset: 'Zurück zur üblichen Größe',
      now: (size) => `${size}: zurück zur üblichen Größe`,
    },
    timer: (kind, probe, nominal, measured) => {
      const name = probe ? 'Tail Loss Probe' : `Timer für ${kind}`;
      return [
        `${name}: nominell ${nominal}, gemessen ${measured}`,
        `nominell ${nominal}, war ${measured}`,
        `${nominal}, war ${measured}`,
      ];
    },
    runs: (nominal) => [`läuft, nominell ${nominal}`, nominal],
    firstData: (rtt) => [
      `ab hier sind Daten möglich: ein Umlauf, ${rtt}`, `Daten ab hier: 1 RTT, ${rtt}`,
      `1 RTT: ${rtt}`,
    ],
    timeWait: (nominal, seen) => [`dauert ${nominal}`, `gesehen: ${seen}`],
    sockets: (n) => `${n} Sockets`,
    flood: (n, flags, addresses) => (addresses > 1
      ? [`${n} × ${flags} von ${addresses} Adressen`, `${n} × ${flags}`] : [`${n} × ${flags}`]),
    opens: ['öffnen, um jedes zu sehen', 'öffnet'],
    relations: {
      ack: (ack, seq, len, ones) => {
        const parts = [...(len > 0 ? [`${len} ${len === 1 ? 'Byte' : 'Bytes'}`] : []),
          ...ones.map((flag) => `1 für ${flag}`)];
        return [`ack ${ack} =`, `seq ${seq} + ${parts.join(' + ')}`];
      },
      agreed: (names, asked, given) => {
        const said = { 'SACK Permitted': 'SACK', 'Timestamps': 'Zeitstempel' };
        const words = names.map((name) => said[name] ?? `Fensterfaktor ${asked} / ${given}`);
        return words.length > 0 ? ['vereinbart:', ...words] : [];
      },
      refused: (names) => (names.length > 0 ? ['nicht vereinbart:', ...names] : []),
      sizes: (asked, given) => `MSS ${asked} / ${given}`,
      repeat: (n, gap) => [`Segment ${n} noch einmal,`, `${gap} später`],
      icmp: (n) => [`über Segment ${n}`],
    },
    cluster: (n, flags) => [`${segments(n)}: ${flags.join(' · ')}`, segments(n), `${n}`],
    links: {
      loopback: 'Auf dem Loopback kommt ein Segment im selben Augenblick an: Die Pfeile sind '
        + 'waagrecht. Nichts wurde zum Ansehen angehalten, kurze Zustände können fehlen.',
      sockets: 'Unterwegs wurde nichts beobachtet: Aufrufe, Zustände und was die Kernel aufheben '
        + 'ist alles, was man weiß. Der Rest ist hier nicht zu beobachten.',
    },
    disagree: (host, ns) => {
      const name = HOST[host] ?? host;
      const time = ns === null ? '' : `: ${duration(ns)}`;
      return [
        `nur der ${name} ist ESTABLISHED${time}`, `nur der ${name} ist ESTABLISHED`,
        `${name} zuerst${time}`, `${name} zuerst`,
      ];
    },
    held: 'angehalten',
    veil: ['was hier vorbeigeht, ist nicht zu beobachten', 'nicht zu beobachten'],
    saved: 'vom Kernel des Servers aufgehoben',
    savedTimes: [
      ' · wann gesendet, ist hier nicht zu beobachten', ' · gesendet: nicht beobachtbar', ' · '
        + 'wann?',
    ],
    marks: { damaged: 'beschädigt', changed: 'verändert' },
    copies: (n) => (n === 2 ? 'zweimal' : `${n}-mal`),
    droppedBy: ({ by, rule, action }) => {
      if (by === 'rule') return `verworfen: ${rule ?? 'Regel'}`;
      if (by === 'person') return 'von Hand verworfen';
      return action ? 'zufällig verloren' : 'verloren';
    },
    tries: (n) => `${n}-mal erneut versucht`,
    flying: 'unterwegs',
    repeats: (n) => `wiederholt ${n}`,
    forged: 'gefälscht',
    bytes: (n) => `${n} ${n === 1 ? 'Byte' : 'Bytes'}`,
  },
  empty: {
    title: 'Noch wurde nichts gesendet',
    text: '„Handshake starten“ drücken: Zwei echte TCP-Endpunkte des Kernels dieser Maschine '
      + 'öffnen '
      + 'eine Verbindung; jedes Segment, jeder Systemaufruf und jeder Zustand wird hier '
      + 'gezeichnet, '
      + 'mit den gemessenen Zeiten.',
  },
  captions: {
    calls: 'Aufrufe', states: 'Zustand im Kernel', wire: 'die Leitung', queue: 'Schlange',
  },
  story: {
    info: 'Was der Kernel gemessen hat (TCP_INFO)',
    tab: 'Verlauf', empty: 'Hier wird jedes Ereignis des Laufs in einem Satz erzählt.',
    live: 'Der Lauf ist im Gange…',
  },
  terminal: {
    label: 'Terminals',
    title: { client: 'Terminal des Clients', server: 'Terminal des Servers' },
    empty: {
      client: 'Der Client hat nichts ausgegeben.', server: 'Der Server hat nichts ausgegeben.',
    },
  },
  runs: {
    title: 'Letzte Läufe', empty: 'Noch kein Lauf.',
    counts: (run) => segments(run.segment_count),
  },
  verdict: {
    label: 'Stand des Laufs',
    running: 'Läuft',
    lost: 'Die Verbindung zum Programm ist abgerissen; neuer Versuch…',
    runningText: 'Die Leitung wird beobachtet…',
    waiting: (n) => (n === 1
      ? 'Ein Segment wartet auf der Leitung: Entscheide.'
      : `${n} Segmente warten auf der Leitung: Entscheide.`),
    met: 'wie erwartet', unmet: 'nicht wie erwartet',
    codes: {
      'established': 'Verbunden', 'refused': 'Abgelehnt', 'timed-out': 'Zeit abgelaufen',
      'unreachable': 'Unerreichbar', 'reset': 'Zurückgesetzt', 'half-open': 'Halb offen',
      'by-hand': 'Von Hand', 'failed': 'Gescheitert', 'cancelled': 'Abgebrochen',
      'limit': 'Grenze erreicht', 'error': 'Fehler', 'running': 'Läuft',
    },
    expectations: (met, all) => `${met} von ${all} Erwartungen erfüllt`,
    run: (id) => `Lauf ${id}`,
  },
  problem: {
    dismiss: 'Schließen',
    unreachable: 'Das Programm antwortet nicht. Läuft „handshake serve“ noch?',
    status: (code) => `Das Programm antwortete mit Status ${code} ohne Erklärung.`,
  },
};
