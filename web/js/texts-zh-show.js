/* texts-zh-show.js - the words of the wire in hand, the card, the player and of
 * downloads in Chinese. */
import { duration, stamp } from './format.js';

const decision = (sign, name, key, keyName, long) => ({ sign, name, key, keyName, long });
const WHO = { client: '客户端', server: '服务器' };

export const hand = {
  hold: '扣留',
  holdLong: '每个报文段停在线路中间，等你决定',
  noHold: '只有线路能扣留报文段；请选它作为链路',
  decisions: {
    deliver: decision('▶', '放行', '␣', '空格', '让它到达'),
    drop: decision('✕', '丢弃', 'd', 'd', '从线路上拿掉'),
    duplicate: decision('×2', '加倍', '2', '2', '让它到达两次'),
    corrupt: decision('≠', '损坏', 'x', 'x', '翻转一位，使校验和出错'),
    delay: decision('◷', '延迟', 'l', 'l', '让它 1.5 秒后到达'),
  },
  decide: (name, n) => `${name}报文段 ${n}`,
  group: (n, flags) => `报文段 ${n}（${flags}）被扣留在线路上`,
  tries: (n, open) => `${open ? '▾' : '▸'} 又试了 ${n} 次`,
  waiting: '这个报文段在线路上等待。该怎么处理它？',
  decided: '已决定；在途中。',
  answer: '伪造对它的应答',
  show: (n) => `显示等待期间发送的 ${n} 次重复`,
  hide: (n) => `折叠等待期间发送的 ${n} 次重复`,
};

export const wire = {
  tab: '线路',
  title: '线路在你手中',
  live: '改动立即生效，作用于此后发送的报文段。',
  before: '现在设定的条件和规则用于下一次运行。',
  never: '所选链路不在程序手中：什么都不能扣留或改变。',
  holding: '扣留', from: { client: '客户端 → 服务器', server: '服务器 → 客户端' },
  swallow: '吞掉被扣留者的重传',
  conditions: {
    latency_ms: '单程时延', jitter_ms: '抖动', loss: '丢包', duplicate: '重复', reorder: '乱序',
  },
  conditionsTitle: '双向条件',
  seed: '种子（相同种子，相同命运）',
  reset: '重置线路',
  stop: '停止此运行',
};

export const rules = {
  title: '规则：第一条匹配的说了算',
  none: '没有规则：所有报文段通过。',
  later: '下一次运行没有规则：除场景所述之外全部通过。',
  add: '添加规则',
  free: '用文字写规则',
  remove: (words) => `删除规则 ${words}`,
  labels: { from: '发送方', flags: '标志', which: '其中哪个', action: '做什么' },
  any: { from: '任何一方', flags: '任何报文段', which: '每一个' },
  choices: {
    from: { client: '客户端的', server: '服务器的' },
    which: {
      'nth 1': '第一个', 'nth 2': '第二个', 'nth 3': '第三个', 'nth 1-2': '前两个',
      'first': '非重复', 'again': '重复', 'data': '带数据', 'empty': '不带数据',
    },
    action: {
      'corrupt': '损坏', 'delay 1300': '延迟 1.3 秒', 'strip wscale': '去掉窗口缩放',
      'strip mss': '去掉 MSS', 'rewrite ack=+1000': '改错确认号',
      'answer RST,ACK': '以 RST,ACK 应答', 'answer icmp 3/1': '应答主机不可达',
      'answer icmp 3/3': '应答端口不可达', 'pass': '放行',
    },
  },
};

export const forge = {
  tab: '伪造',
  title: '手工制作报文段',
  live: '它立即到达，内核真实应答。留空的部分会合适地选取。',
  later: '需要有正在进行的运行：打开“扣留”开始一个。',
  kind: { label: '种类', segment: 'TCP 报文段', icmp: 'ICMP 错误' },
  to: { label: '到达', client: '客户端', server: '服务器' },
  folds: { ip: 'IP 首部', many: '一次多个' },
  none: '无',
  checksums: { '': '正确', 'wrong': '错误', 'chosen': '指定' },
  checksumDigits: '十六进制校验和',
  comesToBoth: (counted, value) => `= ${counted}（绝对 ${value}）`,
  plusOf: { seq: 'Sequence Number：数值，或加上多少', ack: 'Acknowledgment Number：数值，或加上多少' },
  icmp: {
    4: {
      '3/0': '网络不可达', '3/1': '主机不可达', '3/2': '协议不可达', '3/3': '端口不可达',
      '3/4': '需要分片', '3/9': '网络被禁止', '3/10': '主机被禁止', '3/13': '通信被禁止',
      '11/0': '超过跳数', '12/0': '参数问题',
    },
    6: {
      '1/0': '无路由', '1/1': '被禁止', '1/3': '地址不可达', '1/4': '端口不可达', '2/0': '包过大',
      '3/0': '超过跳数',
    },
  },
  bases: { '': '合适的', 'absolute': '绝对' },
  fits: '合适', chosen: '由线路选取', unheard: '尚未听到',
  send: ({ kind, flags }, host) => {
    const what = kind === 'icmp' ? 'ICMP 错误' : flags.join(',') || '无标志报文段';
    return `向${host}发送 ${what}`;
  },
};

export const gauges = {
  label: '内核的定时器与队列',
  empty: '还没有监听者。', never: '这次运行中没有监听者。',
  noTimer: '没有握手重传定时器在运行。',
  unseen: '在此链路上不可观察监听队列。',
  timer: (host, flags) => `${host}重发 ${flags}`,
  nominal: (text, tries) => `标称 ${text}${tries > 1 ? ` · 已发 ${tries} 次` : ''}`,
  due: '现在', unknown: '此处未知',
  queue: { syn: (host) => `${host}的 SYN 队列`, accept: () => 'accept 队列' },
  long: { syn: '处于 SYN-RECEIVED 的请求', accept: '等待 accept() 的连接' },
  count: (now, limit, full) => `${now} / ${limit}${full ? ' · 已满' : ''}`,
  most: (n) => `最多 ${n}`,
};

export const machine = {
  label: '本机允许什么',
  choose: '主机之间的链路',
  links: { wire: '线路', loopback: '环回', sockets: '套接字' },
  using: (name, why) => `${name}: ${why}.`,
  lacking: (name, why) => `${name} 不可用：${why}。`,
  refused: (name, why) => `此处不可用：${why}`,
  access: {
    local: '只有本机上的程序能连接此服务器。没有账户：它们都可以启动、更改和删除任何运行。',
    owned: '能连接此服务器的人都可以启动运行并观看所有运行。没有账户：只有启动某次运行的浏览器才能更改或删除它。',
    hidden: '能连接此服务器的人都可以启动运行。没有账户：只有启动某次运行的浏览器才能观看、更改或删除它。',
  },
  sections: { access: '谁可以做什么', links: '链路，最好的在前', sandbox: '本程序的沙箱' },
  on: '是', off: '否', copy: '复制', copied: '已复制',
};

export const card = {
  tab: '报文段',
  empty: '选择一个箭头，逐字段、逐字节查看它的首部。',
  title: (segment) => `报文段 ${segment.n}`,
  way: ({ from, to }) => `${WHO[from] ?? from} → ${WHO[to] ?? to}`,
  close: '关闭报文段 (Escape)', previous: '上一个报文段 (k)', next: '下一个报文段 (j)',
  loading: '正在读取字节…',
  parts: { ip: 'IP 首部', tcp: 'TCP 首部', option: 'TCP 选项', payload: '数据' },
  count: (bytes) => `${bytes} 字节`,
  pick: '指向一个字段或字节，查看它在这个报文段中的含义。在首部和字节中可用方向键移动。',
  header: '首部，逐字段',
  notSet: (names) => `未置位：${names}`,
  more: (bytes) => `再显示 ${bytes} 字节`,
  annotate: '全部注释', annotateLong: '在首部下方写出每个字段的含义',
  variants: '显示哪些字节',
  variant: { sent: '发送时', arrived: (copy, many) => (many ? `第 ${copy} 份到达时` : '到达时') },
  inHeader: (value) => `首部中为 ${value}`,
  since: {
    first: (host) => `${WHO[host] ?? host}在此连接上的第一个报文段。`,
    loading: (n) => `正在与报文段 ${n} 比较…`,
    same: (n) => `所有字段与报文段 ${n} 相同。`,
    some: ({ n, changed, fresh, gone }) => [
      `与本方报文段 ${n} 相比`, changed > 0 && `${changed} 个字段改变`, fresh > 0 && `${fresh} 个新增`,
      gone.length > 0 && `消失：${gone.join(', ')}`,
    ].filter(Boolean).join(' · '),
    arrived: (count) => `${count} 个字段与发送时不同`,
  },
  mark: {
    changed: (n) => `自报文段 ${n} 起改变`, new: (n) => `报文段 ${n} 中没有`, damaged: () => '与发送时不同',
  },
  was: {
    changed: (value, n) => `在报文段 ${n} 中为 ${value}。`, new: (n) => `报文段 ${n} 中没有它。`,
    same: (n) => `与报文段 ${n} 相同。`, damaged: (value) => `发送时为 ${value}。`,
    damagedBytes: '并非所有字节都与发送时相同。', added: '发送时不是这样。',
  },
  sent: '发送', arrived: '到达', took: '途中', answers: '应答', repeats: '重复', window: '窗口',
  length: '数据', relative: (n) => `相对 ${n}`, absolute: (n) => `绝对 ${n}`,
  level: '同一时刻：环回链路在主机之间没有路程',
  lost: '在线路上丢失', held: '被扣留在线路上', flying: '尚未',
  by: { person: () => '手动', rule: (name) => `由${name}`, link: () => '随机' },
  changed: '已改动', counted: '计数', checksum: '校验和', origin: '制作',
  forged: '手工或由规则，以此主机的名义',
  saved: '不可观察：读自服务器内核，时间',
  checksums: {
    partial: '不完整：同一台机器的两个套接字之间，内核不计算它，因为没有电缆会损坏什么',
    bad: '错误：接收方会默默丢弃它',
  },
  segment: (n) => `报文段 ${n}`,
};

export const tape = {
  label: '已用的序列号',
  title: { client: '客户端的序列号', server: '服务器的序列号' },
  nothing: '没有发送占用序列号的报文段',
  sum: ({ count, first, last, next, acked }) => [
    `占用 ${count} 个，${count > 1 ? `${first} 至 ${last}` : first}`,
    acked === null ? '均未确认' : acked === next ? '全部确认' : `确认到 ${acked}`,
    `下一个是 ${next}`,
  ].join(' · '),
  note: 'SYN 和 FIN 各占一个序列号，每字节数据占一个，ACK 不占。',
  which: (k, all, { client, server }) => `连接 ${k} / ${all}：${client} – ${server}`,
  before: '上一个连接', after: '下一个连接',
  block: ({ n, kind, count, mark }) => {
    const name = mark ? `${mark} ${n}` : `${n}`;
    if (kind !== 'data') return [`${name} ${kind}`, name, `${n}`];
    return [`${name} · ${count} 字节`, `${name} · ${count} B`, `${name} · ${count}`, name, `${n}`];
  },
  folded: ({ segments, count, follow, mark }) => {
    const sign = mark ? `${mark} ` : '';
    if (!follow) return [`${sign}又 ${segments} 次`, `${sign}+${segments}`, `+${segments}`];
    return [
      `⋯ ${segments} 个报文段 · ${count} 字节 ⋯`, `⋯ ${segments} 个报文段 ⋯`, `⋯ ${segments} ⋯`,
      `⋯${segments}`,
    ];
  },
  fates: {
    arrived: '', lost: '，在线路上丢失', held: '，被扣在线路上', flying: '，尚未到达',
  },
  says: {
    block: ({ n, host, count, from, last, what, repeats, fate, by }) => [
      `${WHO[host]}的报文段 ${n} 占用 ${count} 个序列号，`
        + `${count === 1 ? from : `${from} 至 ${last}`}（${what.join('，')}）`,
      repeats ? `，重复报文段 ${repeats}` : '', fate, by ? `；由报文段 ${by} 确认` : '；未确认', '。',
    ].join(''),
    piece: { SYN: () => 'SYN', FIN: () => 'FIN', data: (count) => `${count} 字节` },
    fold: ({ segments, count, from, last, follow }) => (follow
      ? `${segments} 个报文段，共 ${count} 字节，序列号 ${from} 至 ${last}；按下可逐个查看。`
      : `序列号 ${from} 至 ${last} 又发送了 ${segments} 次；按下可逐个查看。`),
    ack: ({ ns, at, host, before }) =>
      `报文段 ${ns.join('、')} 确认${WHO[host]} ${at} 之前的全部${before ? `，${before}` : ''}。`,
    lostAck: '但没有到达',
  },
};

export const save = {
  button: '下载', label: '下载此运行',
  items: {
    svg: { name: '图片，SVG', hint: '可缩放；任何绘图程序可打开' },
    png: { name: '图片，PNG', hint: '用于幻灯片和消息' },
    text: { name: '文本', hint: '梯形图，80 列' },
    mermaid: { name: 'Mermaid', hint: '用于 Markdown 的时序图' },
    json: { name: '完整运行，JSON', hint: '可在此重新打开，无需程序' },
    pcapng: { name: '抓包，pcapng', hint: '用于 Wireshark' },
    link: { name: '复制链接', hint: '指向此运行和步骤' },
    print: { name: '打印', hint: '时序图和旁边的内容' },
  },
  done: { saved: (name) => `已保存为 ${name}。`, link: '链接已复制。' },
  failed: {
    picture: '此浏览器无法绘制这么大的图片；请用 SVG。',
    link: (address) => `此处无法复制链接。链接是 ${address}`,
  },
  live: '运行结束后', here: '只有程序的运行才有',
};

export const file = {
  open: '打开保存的运行', drop: '把保存的运行拖到这里',
  alone: {
    title: '程序不在这里',
    text: '这些只是页面文件，无法开始握手：那需要程序，用“handshake serve”。保存为 JSON 的运行可以完整打开。',
    inviteTitle: '没有打开的运行',
    invite: '打开一个保存的运行，或把文件拖到这里：会照原样绘制。',
  },
  reopen: '该运行不在此页面中：请重新打开它的文件。',
  elsewhere: '只能通过地址打开与页面同处的文件。',
  missing: (name, status) => `无法读取 ${name}：状态 ${status}。`,
  unreadable: (name) => `无法读取 ${name}。`,
  fault: (name, why) => `${name} 不是保存的运行：${why}。`,
  large: (megabytes) => `大于 ${megabytes} MB`,
  faults: {
    json: '不是 JSON', run: '没有 id 或事件列表', many: (most) => `超过 ${most} 个事件`,
    event: (place, what) => `第 ${place} 个事件${what}`, shape: (name) => `没有合适的“${name}”`,
    order: '次序不对', begin: '不是运行的开头',
  },
};

export const player = {
  label: '播放器', range: '运行中的时刻',
  buttons: {
    first: '到开头 (Home)', previous: '到上一个报文段 (Shift + 左)', back: '后退一个事件 (左)',
    play: '播放 (空格)', pause: '暂停 (空格)', forward: '前进一个事件 (右)',
    next: '到下一个报文段 (Shift + 右)', last: '到结尾：整个运行 (End)',
  },
  move: '在运行中移动', live: '实时',
  goLive: '回到正在发生的 (End)', isLive: '所示正在发生',
  where: (at, count) => `${at} / ${count}`,
  gap: (ns, { shortened }) => `+${duration(ns)}${shortened ? '，已缩短' : ''}`,
  value: (at, count, t, sentence) => `事件 ${at} / ${count}，${stamp(t)}。${sentence}`,
  pace: '速度', evenGroup: '均匀步长：间隔缩短或拉长', trueGroup: '真实时间：照测得的',
  even: (perSecond) => `每秒 ${perSecond} 个事件`,
  voice: '朗读',
  voices: { all: '朗读每个事件', slow: '慢速朗读事件', segments: '只朗读报文段', none: '不朗读' },
};

export const then = {
  badge: (t) => `在 ${stamp(t)}`, text: '运行在此时刻的样子；结局尚未到来。',
};
