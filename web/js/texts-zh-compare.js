/* texts-zh-compare.js - the words of comparing two runs in Chinese. */
import { duration } from './format.js';

const NAMES = ['A', 'B'];
const HOST = { client: '客户端', server: '服务器' };
const nth = (n) => (n === 1 ? '' : `（第 ${n} 次）`);
const again = (n) => (n > 0 ? `此后还有 ${n} 次。` : '');
const results = { ok: '成功', end: '得知流已结束' };
const came = (result) => (result === null ? '仍在等待' : (results[result] ?? result));
const percent = (part) => `${Number((part * 100).toFixed(2))} %`;
const condition = (name, value) => (name.endsWith('_ms') ? `${value} ms` : percent(value));
const round = (x) => (x >= 10 ? String(Number(x.toPrecision(2))) : x.toFixed(1));

export const compare = {
  title: '比较',
  intro: '两次运行以同一刻度并排显示，不同之处均有标记和说明。只改一处，看看会带来什么。',
  cases: {
    title: '只改一处', run: '运行两者',
    loss: ['有丢失与无丢失', '同一次握手，其中一次丢失第一个 SYN。那一秒花在哪里，谁会察觉？'],
    whose: ['丢的是 SYN，还是它的应答', '在客户端看来两者一样。服务器各知道些什么？'],
    ip: ['IPv4 与 IPv6', '同样的交换经由两者。TCP 本身有什么不同？'],
    scale: ['没有窗口扩大', '中间设备从 SYN 中去掉一个选项。之后的每个窗口会怎样？'],
    latency: ['近与远', '单程 5 ms 与 50 ms。数一数往返次数。'],
    refused: ['被拒绝与无回音', '关闭的端口与过滤器：一个有应答，一个没有。'],
    cookies: ['SYN cookie：有无时间戳', 'cookie 忘记了什么，时间戳又替它记住了什么。'],
    abort: ['关闭与中止', 'FIN 请求结束，RST 直接结束。各自留下什么？'],
    ecn: ['ECN 协商成功与被吞掉', 'SYN 中的两个标志。有人不喜欢它们时内核怎么办？'],
    ack: ['最后的 ACK 丢失：沉默或继续说', '客户端此后什么也不说，或者发送数据。是什么让服务器进入 ESTABLISHED？'],
  },
  own: {
    title: '自选一对', scenario: '场景', change: 'B 中有何不同', rule: '规则', other: '另一个场景',
    run: '运行两者',
    changes: {
      ip: '另一个 IP 版本', syn: '第一个 SYN 丢失', synack: '第一个 SYN,ACK 丢失',
      ack: '客户端的第一个 ACK 丢失', slow: '单程 50 ms', twice: 'SYN 到达两次',
      damaged: '第一个 SYN 损坏', wscale: '没有窗口扩大', mss: '没有 MSS', sack: '没有 SACK',
      timestamps: '没有时间戳', rule: '自己的规则', scenario: '另一个场景',
    },
  },
  kept: {
    title: '已有的两次运行', a: '运行 A', b: '运行 B', open: '比较',
    few: '还没有两次可比较的运行。请运行上面的一对，或在实验室中开始一次。',
    alone: '请先打开两个已保存的运行：用实验室中的按钮，或拖放到页面上。',
  },
  needs: '需要 wire 链路。',
  back: '其他组合', swap: '交换 A 和 B', lab: '在实验室中打开',
  with: (title) => `与“${title}”比较`,
  scales: {
    label: '时间刻度', steps: '逐步对齐', clock: '同一时钟', true: '真实比例',
    about: {
      steps: '两者相同之处并排；较快的一方等待另一方。每处折叠写明它对该次运行有多长。',
      clock: '同一高度即各自开始后的同一时刻，经过压缩。',
      true: '同一高度即各自开始后的同一时刻，按真实比例。',
    },
  },
  pictures: '两个时序图', side: '显示哪次运行',
  picture: (name, title, n) => `${name}，${title}：含 ${n} 个报文段的时序图。`,
  over: '运行已结束',
  figures: {
    title: '一览', label: '两次运行的数字', none: '无', head: ['项目', 'A', 'B', 'B 相对 A'],
    connect: 'connect() 用时', client: '客户端 ESTABLISHED 于', server: '服务器 ESTABLISHED 于',
    segments: '发送的报文段', repeats: '重发', lost: '丢失', whole: '运行用时',
    more: (n) => (n > 0 ? `多 ${n}` : `少 ${-n}`),
    times: (x) => (x >= 1 ? `${round(x)} 倍` : `1/${round(1 / x)}`),
    same: '相同',
  },
  list: {
    title: '不同之处', count: (n) => `${n} 处不同`,
    none: '除了每次运行都会变的以外没有不同：初始序列号、端口、时间戳、微秒。',
    noise: '初始序列号、内核选的端口、时间戳和微秒每次都不同，不在此列出。',
    groups: {
      setup: '如何开始', outcome: '如何结束', wire: '在线路上', calls: '调用', states: '状态',
      counters: '内核计数',
    },
  },
  setup: { scenario: '场景', link: '链路', ip: 'IP 版本', kernel: '内核' },
  path: {
    latency_ms: '延迟', jitter_ms: '抖动', loss: '丢失', duplicate: '重复', reorder: '乱序',
  },
  fates: {
    arrived: '到达', dropped: '丢失', held: '扣住', flying: '在途', damaged: '损坏', changed: '改写',
  },
  aspects: {
    fate: '结果', flags: '标志', ttl: 'TTL', repeats: '重发', forged: '伪造', window: '窗口',
    text: '数据', bytes: '字节',
  },
  yes: '是', no: '否',
  says: {
    setup: ({ what, a, b }) => `${compare.setup[what]}：A ${a}，B ${b}`,
    path: ({ from, name, a, b }) => `${from ? `${HOST[from]}方向的` : ''}${compare.path[name]}：`
      + `A ${condition(name, a)}，B ${condition(name, b)}`,
    rule: ({ side, text }) => `只有 ${NAMES[side]} 有规则“${text}”。`,
    verdict: (a, b) => `A：${a}。B：${b}。`,
    only: ({ side, segment, again: n }) => `只在 ${NAMES[side]} 中：报文段 ${segment.n}，`
      + `${HOST[segment.from]}的 ${segment.flags.join(',')}`
      + `${segment.of ? `，重发报文段 ${segment.of}` : ''}`
      + `${segment.forged ? '，伪造' : ''}。${again(n)}`,
    later: ({ side, ns, again: n }) =>
      `到此为止 ${NAMES[side]} 多用了 ${duration(ns)}。${again(n)}`,
    segment: ({ step: { a, b } }, aspects, n) =>
      `${HOST[a.from]}的 ${a.flags.join(',')}（报文段 ${a.n === b.n ? a.n : `${a.n} 与 ${b.n}`}）：`
      + `${aspects.join('；')}。${again(n)}`,
    aspect: (name, a, b) => `${name}：A ${a}，B ${b}`,
    option: (option, a, b) => {
      if (a === null || b === null) return `${option} 只在 ${a === null ? 'B' : 'A'} 中`;
      return `${option}：A ${a}，B ${b}`;
    },
    result: ({ host, name, nth: k, a, b }) =>
      `${HOST[host]}的 ${name}()${nth(k)}：A ${came(a)}，B ${came(b)}`,
    took: ({ host, name, nth: k, a, b }) =>
      `${HOST[host]}的 ${name}()${nth(k)} 用时：A ${duration(a)}，B ${duration(b)}`,
    onlyCall: ({ host, names, side }) =>
      `只在 ${NAMES[side]} 中：${HOST[host]}调用 ${names.map((name) => `${name}()`).join('、')}`,
    states: ({ host, a, b }) =>
      `${HOST[host]}：A ${a.join(' → ') || '无'}；B ${b.join(' → ') || '无'}`,
    counter: ({ host, counter, meaning, a, b }) =>
      `${HOST[host]}的 ${counter}：A +${a}，B +${b}${meaning ? `（${meaning}）` : ''}`,
  },
  marks: { same: '相同', differs: '不同', only: (side) => `只在 ${NAMES[side]} 中` },
  sheet: {
    title: '两个报文段', close: '关闭', all: '显示所有字段', none: '没有对应的报文段',
    segment: (n, flags) => `报文段 ${n}，${flags}`, loading: '正在读取字节…', asArrived: '到达时的样子',
    fields: '字段', head: ['字段', 'A', 'B'], alike: '除了每次运行都会变的以外，所有字段相同。',
    differs: '不同', expected: '每次运行都不同',
    parts: { ip: 'IP 首部', tcp: 'TCP 首部', option: '选项', payload: '数据' },
  },
};
