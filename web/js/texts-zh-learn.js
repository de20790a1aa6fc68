/* texts-zh-learn.js - the words of predicting, practising, teaching in Chinese. */

const WHO = { client: '客户端', server: '服务器' };
const CALLS = { ok: '成功', still: '继续等待' };
const sent = (choice) => {
  const [who, flags] = choice.split(' ');
  return `${WHO[who]}发送 ${flags}`;
};

export const predict = {
  tab: '预测',
  intro: '每个报文段都停在线路上。放行之前，说出将会发生什么；然后由两个内核回答。猜过，哪怕猜错，答案才记得住。',
  begin: '开始并提问', again: '再来一轮',
  needs: '预测需要能扣留报文段的线路。',
  timers: '内核不等你：你思考时它们的定时器在走，重发的内容在这里被丢弃。',
  starting: '正在开始…', waiting: '线路上没有等待的报文段。内核正在工作…',
  about: ({ n, flags, from, to }) => `报文段 ${n}（${flags}）正从${WHO[from]}去往${WHO[to]}。`,
  fate: { label: '你怎么处理它', deliver: '放行', drop: '丢掉' },
  ask: {
    next: () => '它到达了。线路上的下一个报文段是什么？',
    ack: ({ to }) => `它到达了。${WHO[to]}会确认哪个号码？`,
    state: ({ to, before }) => `它到达了。${WHO[to]}的套接字进入哪个状态？现在是 ${before}。`,
    errno: ({ host, call }) => `它到达了。${WHO[host]}的 ${call}() 会怎样？`,
    again: () => '它丢失了。线路上的下一个报文段是什么？',
  },
  choice: { next: sent, again: sent, errno: (choice) => CALLS[choice] ?? `失败，${choice}` },
  sameState: (state) => `${state}，与之前相同`,
  nobody: { next: '谁也不发送', again: '谁也不发送', ack: '没有：不会有应答' },
  other: '其他',
  commit: { deliver: '这是我的猜测：放行', drop: '这是我的猜测：丢掉' },
  released: '由内核回答…', right: '正确。', wrong: '不完全对。',
  truth: (text) => `实际发生：${text}。`,
  quiet: {
    next: '超过一秒没有任何发送：不带数据、SYN 或 FIN 的报文段不会被确认，也没有别的要说。',
    again: '超过三秒没有重发：不占序列号的报文段不会重传，对方也不在等它。',
    ack: '超过一秒没有应答。', state: '到达之后询问了内核，状态与之前相同。',
    errno: '线路安静下来时调用仍未返回：它等的没有来。',
  },
  more: '它还说了什么', goOn: '继续', over: '运行结束了。',
  score: ({ right, all }) => `${all} 题答对 ${right} 题`, showScore: '显示得分',
  yours: '你的猜测', true: '实际发生',
};

export const room = {
  title: '问全班',
  text: '手机打开链接，对每个问题投票；放行报文段时在此显示票数。没有账户，不保存任何内容。',
  open: '打开房间', close: '关闭房间',
  gone: '房间已不存在：程序重新启动过，或两小时无人来访。请打开新的房间。',
  link: '用手机扫描，或打开：', invite: '用手机投票', enlarge: '向全班显示二维码', done: '隐藏二维码',
  code: (link) => `${link} 的二维码`, address: '使用地址',
  why: {
    loopback: '手机打不开这个链接：程序只监听本机。请停止程序，这样启动，再打开本页：',
    offline: '手机打不开这个链接：程序启动时本机没有连接网络。请连上网络后重新启动。',
    container: '程序在容器中运行，可能只知道容器内的地址。如果手机打不开链接，请用机器自己的地址而不是 localhost 打开本页。',
  },
  then: '这样它就知道给手机的链接。同一网络中的人都能打开本页。',
  voters: (n) => `${n} 票`, count: (n, all) => `${n} / ${all}`, live: '投票期间就显示票数',
};

export const vote = {
  title: (id) => `房间 ${id}`, wait: '请等待下一个问题。',
  sent: '已投票。问题关闭前可以修改。', closed: '问题已关闭。', right: '你答对了。', wrong: '这次不对。',
  mine: '你的票',
  gone: '没有（或不再有）这个房间。墙上的二维码通向正确的房间。', lost: '无法连接房间；正在重试…', ask: '哪个房间？', enter: '进入',
};

export const practice = {
  title: '练习',
  intro: '看握手学到的很少；必须说出接下来是什么，或让它发生，学到的很多。这里的一切都来自真实运行，由真实内核裁定。',
  back: '所有练习',
  goals: {
    title: '让它发生',
    text: '每个报文段停在线路上，由你决定：放行、丢弃、延迟、损坏、伪造。内核说达到，才算达到。',
    try: '试一试', met: '已达到', hint: '提示', needs: '目标需要能扣留报文段的线路。',
    shown: '显示那一刻', leave: '离开目标', goal: '目标', open: '尚未达到。',
    over: '运行结束，目标未达到。', again: '再试一次', success: '达到了：内核这么说。',
  },
  fill: {
    title: '填写首部', text: '一个已结束运行的报文段，有些字段留空。',
    start: '填空', check: '检查', show: '显示答案', again: '换一些空',
    blank: (name, n) => `报文段 ${n} 的 ${name}`, score: (right, all) => `${all} 空答对 ${right} 空`,
    columns: { n: '报文段', way: '方向', flags: '标志', len: '字节' },
    right: '正确', wrong: (truth) => `应为 ${truth}`,
  },
  order: {
    title: '排好顺序', text: '一个已结束运行的报文段，已打乱。',
    start: '排序', check: '检查', again: '重新打乱',
    up: (n) => `上移报文段 ${n}`, down: (n) => `下移报文段 ${n}`, name: (letter) => `报文段 ${letter}`,
    true: '正是：它们就是按这个顺序发送的。',
    possible: '可以是这样，但这次运行不是：不等待任何东西的报文段可早可晚。',
    faults: (n) => `有 ${n} 处不可能：`,
    heard: (letter, other) => `${letter} 确认了 ${other}，所以 ${other} 在前。`,
    sent: (letter, other) => `${letter} 是同一方较后的号码，所以 ${other} 在前。`,
  },
  run: { label: '取自', none: '还没有含三个报文段的已结束运行。', fresh: '一次新的握手', making: '运行中…' },
  way: ({ from, to }) => `${WHO[from]} → ${WHO[to]}`,
};

export const goals = {
  'refused': {
    text: '让客户端的 connect() 以 ECONNREFUSED 失败。',
    hint: '监听中的服务器不会拒绝。谁能以它的名义说不？丢弃 SYN，伪造关闭端口的应答。',
  },
  'timeout': {
    text: '让 connect() 以 ETIMEDOUT 失败。',
    hint: '沉默就够了，但要持续：客户端会重试，大约七秒后放弃。',
  },
  'unreachable': { text: '让 connect() 以 EHOSTUNREACH 失败。', hint: '路由器会这么说。“伪造”也能做 ICMP 错误。' },
  'late': { text: '让 connect() 成功，但要在一秒多之后。', hint: '丢掉前两个报文段之一再等待，或者慢一点。' },
  'two-answers': {
    text: '让服务器发送两次 SYN,ACK，并让握手成功。',
    hint: '谁在等什么？服务器会重发，直到听到 ACK，并应答它听到的每个 SYN。',
  },
  'one-sided': {
    text: '让客户端处于 ESTABLISHED 而服务器不是，超过一秒。',
    hint: '客户端需要 SYN,ACK。服务器还缺什么？',
  },
  'data-opens': {
    text: '让数据而不是空的 ACK 使服务器进入 ESTABLISHED。',
    hint: '丢弃最后的 ACK。客户端不知道，会继续。',
  },
  'reset': {
    text: '让 connect() 成功，而客户端之后的调用以 ECONNRESET 失败。',
    hint: 'RST 的号码必须正是客户端期待的下一个。扣住服务器在 SYN,ACK 之后发送的内容，伪造一个 seq 为 server.isn + 1 的。',
  },
  'by-hand': {
    text: '由你完成握手：你自己的报文段使服务器进入 ESTABLISHED。',
    hint: '丢弃客户端的 ACK，以它的名义发送一个：ack 是 server.isn + 1。',
  },
};

const GROUPS = {
  'basics': '基础', 'refused-and-lost': '拒绝、阻断、丢失', 'queues-and-floods': '队列与洪泛',
  'strange-openings': '奇特的开场', 'half-open': '半开、重置、扫描', 'closing': '关闭',
  'options': '选项与中间设备',
};

export const gallery = {
  title: '场景', intro: '按“运行”后由两个真实的内核端点执行，并说明对它们的预期。',
  search: '搜索场景', none: '没有匹配的场景。', group: (id) => GROUPS[id] ?? id,
  count: (n) => `${n} 个场景`, run: '运行', edit: '编辑副本', why: '为什么会这样？',
  next: (title) => `下一个：${title}`, takes: (seconds) => `${seconds} 秒`,
  ip: (version) => `仅 IPv${version}`, notes: '给主讲人', own: '自己写一个',
};

export const editor = {
  title: '场景编辑器',
  intro: '场景就是数据：每台主机调用什么，线路做什么，必须得到什么。边写边检查。',
  document: 'JSON 形式的场景', from: '起点', blank: '空场景',
  open: '打开文件…', save: '存为文件', link: '复制链接', run: '运行',
  copied: '链接已复制。', fine: '没有错误。', checking: '正在检查…',
  faults: (n) => `${n} 处错误：`, goTo: (line) => `第 ${line} 行`,
  reference: '可以写什么', members: '文档', steps: '主机的步骤', rules: '线路的规则',
  ruleWords: '规则是这样的句子：', insert: '插入',
  damaged: '链接已损坏：读不出场景。', tooLong: '文件太长，不是场景。', unchecked: '程序没有应答，无法检查。',
};

export const teaching = {
  label: '教师', words: { n: '备注', p: '投影', r: '重新开始' },
  projector: '投影布局 (p)', projectorOff: '退出投影布局 (p)', reset: '重新开始 (r)',
  notes: '主讲备注 (n)', notesTitle: '给主讲人', noNotes: '这个场景没有备注。',
};
