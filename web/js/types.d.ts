/* types.d.ts - the shapes that the page's modules hand to each other, for the
 * types in their comments: `@param {Lab.State} state`. Read by tsc alone, it is
 * no part of the served page. */

/* A wish rises as a custom event, with what it is about. */
interface Event {
  readonly detail?: any;
}

declare namespace Lab {
  type Host = 'client' | 'server';
  type Link = 'wire' | 'loopback' | 'sockets';
  type IpVersion = 4 | 6;

  interface Endpoint { address: string; port?: number }

  interface Verdict { code: string; text: string }

  interface Expectation { what: string; met: boolean; seen?: string; where?: string }

  /* ---- events, as the program tells them ---- */

  interface EventBase {
    id: number;
    t_ns: number;
    kind: string;
    sentence: string;
    sentence_rel?: string; // with relative sequence numbers
  }

  interface RunEvent extends EventBase {
    kind: 'run';
    phase: 'begin' | 'end';
    run?: string;
    scenario?: string;
    link?: Link;
    hosts?: Record<Host, Endpoint>;
    kernel?: string;
    wall?: string;
    verdict?: Verdict;
    expect?: Expectation[];
  }

  interface CallEvent extends EventBase {
    kind: 'call';
    phase: 'begin' | 'end';
    host: Host;
    name: string;
    args: string;
    on?: string;
    begin?: number; // of an end: id of its begin
    took_ns?: number;
    result?: number | null;
    errno?: string | null;
    meaning?: string | null;
  }

  interface TcpOption { kind: number; name: string; value?: unknown; [more: string]: unknown }

  interface Say { text: string; text_rel?: string; rfc?: string }

  interface SegmentEvent extends EventBase {
    kind: 'segment';
    n: number;
    from: Host;
    to: Host;
    flags: string[];
    seq: number;
    ack: number;
    seq_rel: number | null;
    ack_rel: number | null;
    window: number;
    window_scaled: number;
    len: number;
    text?: string;
    options: TcpOption[];
    checksum_ok: boolean | null;
    hex: string;
    of?: number | null; // the segment it repeats
    answers?: number | null;
    forged?: boolean;
    saved?: boolean; // kept by a kernel, never seen on the way
    says: Say[];
  }

  type Fate = 'held' | 'arrived' | 'dropped';

  interface CopyEvent extends EventBase {
    kind: 'copy';
    n: number;
    copy?: number;
    fate: Fate;
    by: string;
    rule?: string;
    action?: string;
    changed?: string;
  }

  interface StateEvent extends EventBase {
    kind: 'state';
    host: Host;
    socket: string;
    peer?: string | null;
    old: string;
    new: string;
    cause?: number;
  }

  interface CounterEvent extends EventBase {
    kind: 'counter';
    host: Host;
    counter: string;
    delta: number;
    meaning?: string;
    cause?: number;
  }

  interface MessageEvent extends EventBase { kind: 'message'; host: Host; text: string }

  interface IcmpEvent extends EventBase {
    kind: 'icmp';
    type: number;
    code: number;
    meaning: string;
    n?: number;
    from: Host;
    to: Host;
  }

  /* An event of any kind, for who looks at what several have. */
  type AnyEvent = EventBase & { n?: number; changed?: string };

  type Event =
    | RunEvent | CallEvent | SegmentEvent | CopyEvent | StateEvent | CounterEvent | MessageEvent
    | IcmpEvent;

  /* ---- what a run has shown so far (model.js) ---- */

  interface Moment { id: number; t: number }

  interface Copy {
    copy: number;
    fate: Fate;
    id: number;
    t: number;
    held: Moment | null;
    by: string;
    rule?: string;
    action?: string;
    changed?: string;
  }

  interface Segment extends SegmentEvent { copies: Copy[] }

  interface Call {
    id: number;
    t: number;
    host: Host;
    name: string;
    args: string;
    on?: string;
    end: CallEvent | null;
  }

  interface Span { id: number; t: number; state: string; cause?: number; end: Moment | null }

  interface Socket {
    key: string;
    host: Host;
    socket: string;
    peer: string | null;
    listener: boolean;
    spans: Span[];
  }

  /* When the kernel of a host first said ESTABLISHED. */
  interface Established extends Moment { host: Host; cause?: number }

  interface Disagreement { host: Host; from: Established; to: Established | null }

  /* The model of all events, and models after so many of them (moments.js). */
  interface History { whole: Model; marks: readonly Model[] }

  interface Goto {
    id?: number;
    by?: number;
    of?: 'event' | 'segment';
    to?: 'first' | 'last';
  }

  interface Model {
    begin: RunEvent | null;
    end: RunEvent | null;
    last: Event | null;
    segments: Segment[];
    calls: Call[];
    sockets: Socket[];
    messages: MessageEvent[];
    icmp: IcmpEvent[];
    counters: CounterEvent[];
  }

  /* ---- what the program answers ---- */

  interface Run {
    id: string;
    title: string;
    scenario: string;
    link: Link;
    phase: 'running' | 'ended';
    wall?: string;
    ip?: IpVersion;
    verdict?: Verdict;
    expect?: Expectation[];
    events: Event[];
  }

  interface Scenario {
    id: string;
    title: string;
    group: string;
    summary: string;
    seconds?: number;
    ip?: IpVersion;
    needs?: string[];
    long?: { seconds: number } | null;
    teaches?: string[];
    why?: string;
    next?: string;
    rfc?: string[];
    whole?: boolean; // all there is to say of it is here
  }

  interface Ability { name: string; on: boolean; why?: string; how?: string[] }

  interface Capabilities {
    alone?: boolean; // there is no program
    loopback_only?: boolean;
    owned_runs?: boolean; // changing a run needs its key
    private_runs?: boolean; // reading, too
    addresses?: string[]; // where other machines reach it, the likeliest first
    kernel: string;
    container: string | null;
    link: Link;
    links: Ability[];
    sandbox: Ability[];
    features: Ability[];
  }

  interface Field {
    part: 'ip' | 'tcp' | 'option' | 'payload';
    name: string;
    bit_offset: number;
    bit_width: number;
    value: string;
    value_rel?: string;
    meaning: string;
    meaning_rel?: string;
    rfc?: string;
  }

  interface Detail { n: number; hex: string; fields: Field[]; [more: string]: unknown }

  type Conditions = Record<
    'latency_ms' | 'jitter_ms' | 'loss' | 'duplicate' | 'reorder', number>;

  interface Wire {
    hold: Record<Host, boolean>;
    swallow: boolean;
    seed: number;
    path: Record<Host, Conditions>;
    rules: unknown[];
    [more: string]: unknown;
  }

  interface StartBody {
    scenario: string | object | null;
    options: Partial<Conditions>
      & { ip: IpVersion; seed?: number; long?: boolean; rules?: string[] };
    link?: Link;
    hold?: boolean;
  }

  /* ---- the page's state (store.js) ---- */

  interface RunFile {
    run: Run;
    details: Record<number, Detail>;
    about: Scenario | null;
    address: string | null; // "?run=open.json"
  }

  /* What is known of a run besides its events, for who writes it down. */
  interface About { title: string; scenario: string; summary?: string; relative?: boolean }

  /* What happened at a moment, as a line of text (ladderrows.js). */
  interface Row {
    t: number;
    ids: number[];
    kind: 'call' | 'message' | 'counter' | 'state' | 'icmp' | 'segment';
    host: Host;
    states: Partial<Record<Host, string>>;
    call?: Call;
    end?: CallEvent | null;
    begins?: boolean;
    segment?: Segment;
    copy?: Copy | null;
    sent?: boolean;
    text?: string;
    name?: string;
    delta?: number;
    icmp?: IcmpEvent;
  }

  interface Route {
    view: string;
    args: string[];
    run: string | null;
    moment: number | null;
    step: number | null;
  }

  interface OpenRun {
    id: string;
    title: string;
    scenario: string;
    link: Link;
    phase: 'running' | 'ended';
    fresh?: boolean; // begun by this page
    file?: RunFile | null; // where it came out of
  }

  interface Action { type: string; [more: string]: any }

  interface Store {
    state(): State;
    subscribe(each: (state: State) => void): void;
    dispatch(action: Action): void;
  }

  /* Words in another language: some of those of texts.js, each of its kind. */
  type Loose<T> = T extends (...args: any[]) => infer R ? (...args: any[]) => R
    : T extends readonly unknown[] ? T
      : T extends object ? { [K in keyof T]?: Loose<T[K]> } : T;
  type Translation = Loose<typeof import('./texts.js').english>;

  /* What a component's mount() returns; update() is called with each new state. */
  interface Component { update(state: State, args?: string[]): void }

  interface State {
    view: { name: string; args: string[] };
    scenarios: Scenario[];
    scenario: string | null;
    ip: IpVersion;
    caps: Capabilities | null;
    link: Link | null;
    hold: boolean;
    conditions: Conditions;
    rules: string[];
    seed: number | null;
    long: boolean;
    runs: any[];
    starting: boolean;
    started: string | null;
    run: OpenRun | null;
    events: Event[];
    whole: Model;
    marks: readonly Model[];
    model: Model;
    moment: number | null;
    playing: boolean;
    pace: string;
    voice: string;
    step: number | null;
    pointed: number | null;
    details: Record<number, Detail>;
    panel: string;
    relative: boolean;
    scale: 'squeezed' | 'true' | 'even';
    wire: Wire | null;
    decided: Record<number, string | undefined>;
    unfolded: number[];
    origin: number | null;
    answering: { n: number; at: number } | null;
    connection: string;
    projector: boolean;
    notes: boolean;
    goal: { id: string; run: string } | null;
    goalsMet: string[];
    files: Record<string, RunFile>;
    told: string | null;
    problem: string | null;
  }
}
