/* texts-de-hand.js - the words of the wire in hand in German. */

const plural = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const decision = (sign, name, key, keyName, long) => ({ sign, name, key, keyName, long });
const HOST = { Client: 'Clients', Server: 'Servers', client: 'Clients', server: 'Servers' };

export const hand = {
  hold: 'Anhalten',
  holdLong: 'Jedes Segment in der Mitte der Leitung anhalten, bis du entscheidest',
  noHold: 'Nur die Leitung kann Segmente anhalten; wähle sie als Verbindung',
  decisions: {
    deliver: decision('▶', 'Zustellen', '␣', 'Leertaste', 'Ankommen lassen'),
    drop: decision('✕', 'Weg', 'd', 'd', 'Von der Leitung nehmen'),
    duplicate: decision('×2', 'Doppelt', '2', '2', 'Zweimal ankommen lassen'),
    corrupt: decision('≠', 'Schaden', 'x', 'x', 'Ein Bit kippen, sodass die Prüfsumme falsch ist'),
    delay: decision('◷', 'Später', 'l', 'l', 'In 1,5 s ankommen lassen'),
  },
  decide: (name, n) => `${name}: Segment ${n}`,
  group: (n, flags) => `Segment ${n}, ${flags}, wird auf der Leitung angehalten`,
  tries: (n, open) => `${open ? '▾' : '▸'} ${n}-mal erneut versucht`,
  waiting: 'Dieses Segment wartet auf der Leitung. Was soll mit ihm geschehen?',
  decided: 'Entschieden; unterwegs.',
  answer: 'Eine Antwort darauf fälschen',
  show: (n) => `${plural(n, 'Wiederholung', 'Wiederholungen')} zeigen, die währenddessen kamen`,
  hide: (n) => `${plural(n, 'Wiederholung', 'Wiederholungen')} falten, die währenddessen kamen`,
};

export const wire = {
  tab: 'Leitung',
  title: 'Die Leitung in deinen Händen',
  live: 'Änderungen gelten sofort, für alles, was von nun an gesendet wird.',
  before: 'Bedingungen und Regeln, die jetzt gesetzt werden, gehen in den nächsten Lauf ein.',
  never: 'Die gewählte Verbindung liegt nicht in der Hand des Programms: nichts ist zu ändern.',
  holding: 'Anhalten', from: { client: 'Client → Server', server: 'Server → Client' },
  swallow: 'Wiederholungen des Angehaltenen schlucken',
  conditions: {
    latency_ms: 'Latenz, ein Weg', jitter_ms: 'Schwankung', loss: 'Verlust',
    duplicate: 'Verdopplung', reorder: 'Umordnung',
  },
  conditionsTitle: 'Bedingungen, beide Wege',
  seed: 'Startwert (gleicher Wert, gleiches Los)',
  reset: 'Leitung zurücksetzen',
  stop: 'Diesen Lauf beenden',
};

export const rules = {
  title: 'Regeln: die erste passende entscheidet',
  none: 'Keine Regel: Jedes Segment geht durch.',
  later: 'Keine Regel für den nächsten Lauf: Alles geht durch, bis auf das, was sein Szenario '
    + 'sagt.',
  add: 'Regel hinzufügen',
  free: 'Die Regel in Worten',
  hint: 'Oben wählen, oder tippen: client SYN nth 1 drop · server with ACK delay 200 jitter 50 · '
    + 'data contains "hello" corrupt',
  remove: (words) => `Regel ${words} entfernen`,
  labels: { from: 'Von', flags: 'Flags', which: 'Welches davon', action: 'Was tun' },
  any: { from: 'beliebig', flags: 'jedes Segment', which: 'jedes' },
  choices: {
    from: { client: 'vom Client', server: 'vom Server' },
    which: {
      'nth 1': 'das erste', 'nth 2': 'das zweite', 'nth 3': 'das dritte',
      'nth 1-2': 'die ersten zwei', 'first': 'nicht wiederholt', 'again': 'wiederholt',
      'data': 'mit Daten', 'empty': 'ohne Daten',
    },
    action: {
      'corrupt': 'beschädigen', 'delay 1300': '1,3 s verzögern',
      'strip wscale': 'Fensterskalierung entfernen', 'strip mss': 'MSS entfernen',
      'rewrite ack=+1000': 'Ack verfälschen', 'answer RST,ACK': 'mit RST,ACK antworten',
      'answer icmp 3/1': 'Host unerreichbar antworten',
      'answer icmp 3/3': 'Port unerreichbar antworten', 'pass': 'durchlassen',
    },
  },
};

export const forge = {
  tab: 'Fälschen',
  title: 'Ein Segment von Hand machen',
  live: 'Es kommt sofort an, und der Kernel antwortet wirklich. Was leer bleibt, wird passend '
    + 'gewählt.',
  later: 'Ein Lauf muss leben: Starte einen mit Anhalten.',
  kind: { label: 'Was', segment: 'TCP-Segment', icmp: 'ICMP-Fehler' },
  to: { label: 'Kommt an bei', client: 'dem Client', server: 'dem Server' },
  folds: { ip: 'IP-Header', many: 'Viele auf einmal' },
  none: 'keine',
  checksums: { '': 'richtig', 'wrong': 'falsch', 'chosen': 'gewählt' },
  checksumDigits: 'Prüfsumme in hexadezimalen Ziffern',
  comesToBoth: (counted, value) => `= ${counted} (absolut ${value})`,
  plusOf: {
    seq: 'Sequence Number: die Zahl, oder was dazukommt',
    ack: 'Acknowledgment Number: die Zahl, oder was dazukommt',
  },
  bases: {
    '': 'passend', 'absolute': 'absolut',
    'seq': 'Sequence Number: gezählt ab', 'ack': 'Acknowledgment Number: gezählt ab',
  },
  fits: 'passt',
  chosen: 'wählt die Leitung',
  unheard: 'noch nicht gehört',
  send: ({ kind, flags }, host) => {
    const what = kind === 'icmp' ? 'ICMP-Fehler' : flags.join(',') || 'Segment ohne Flags';
    return `${what} an den ${host} senden`;
  },
  icmp: {
    4: {
      '3/0': 'Netz unerreichbar', '3/1': 'Host unerreichbar', '3/2': 'Protokoll unerreichbar',
      '3/3': 'Port unerreichbar', '3/4': 'Fragmentierung nötig', '3/9': 'Netz verboten',
      '3/10': 'Host verboten', '3/13': 'Verkehr verboten', '11/0': 'Hop-Grenze erreicht',
      '12/0': 'Parameterfehler',
    },
    6: {
      '1/0': 'keine Route', '1/1': 'verboten', '1/3': 'Adresse unerreichbar',
      '1/4': 'Port unerreichbar', '2/0': 'Paket zu groß', '3/0': 'Hop-Grenze erreicht',
    },
  },
};

export const gauges = {
  label: 'Timer und Warteschlangen der Kernel',
  empty: 'Noch lauscht niemand.', never: 'In diesem Lauf lauschte niemand.',
  noTimer: 'Kein Wiederholungstimer des Handshakes läuft.',
  unseen: 'Die Warteschlangen sind auf dieser Verbindung nicht zu beobachten.',
  timer: (host, flags) => `${host}: ${flags} erneut in`,
  nominal: (text, tries) => `nominell ${text}${tries > 1 ? ` · ${tries} gesendet` : ''}`,
  due: 'jetzt',
  unknown: 'hier nicht bekannt',
  queue: { syn: (host) => `SYN-Schlange des ${HOST[host] ?? host}`, accept: () => 'Accept-Sc'
    + 'hlange' },
  long: { syn: 'Anfragen in SYN-RECEIVED', accept: 'Verbindungen, die auf accept() warten' },
  count: (now, limit, full) => `${now} von ${limit}${full ? ' · voll' : ''}`,
  most: (n) => `höchstens ${n}`,
};

export const machine = {
  label: 'Was diese Maschine erlaubt',
  choose: 'Verbindung zwischen den Hosts',
  links: { wire: 'Leitung', loopback: 'Loopback', sockets: 'Sockets' },
  using: (name, why) => `${name}: ${why}.`,
  lacking: (name, why) => `${name} ist nicht zu haben: ${why}.`,
  refused: (name, why) => `hier nicht zu haben: ${why}`,
  access: {
    local: 'Nur Programme auf diesem Rechner erreichen diesen Server. Es gibt keine Konten: '
      + 'Jedes von ihnen kann alle Läufe starten, ändern und löschen.',
    owned: 'Wer diesen Server erreicht, kann Läufe starten und allen zusehen. Keine Konten: '
      + 'Ändern und löschen kann einen Lauf nur der Browser, der ihn startete.',
    hidden: 'Wer diesen Server erreicht, kann Läufe starten. Es gibt keine Konten: '
      + 'Sehen, ändern und löschen kann einen Lauf nur der Browser, der ihn startete.',
  },
  sections: {
    access: 'Wer was darf', links: 'Verbindungen, die beste zuerst',
    sandbox: 'Sandbox dieses Programms',
  },
  on: 'ja', off: 'nein', copy: 'Kopieren', copied: 'Kopiert',
};
