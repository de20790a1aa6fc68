/* texts-zh.js - the words of the page in Chinese. Whatever is missing here stays
 * English. */
import { duration } from './format.js';
import { compare } from './texts-zh-compare.js';
import {
  card, file, forge, gauges, hand, machine, player, rules, save, tape, then, wire,
} from './texts-zh-show.js';
import {
  editor, gallery, goals, practice, predict, room, teaching, vote,
} from './texts-zh-learn.js';

const HOST = { client: '客户端', server: '服务器' };

/** @type {Lab.Translation} */
export const texts = {
  hand, wire, rules, forge, gauges, machine, card, tape, save, file, player, then,
  predict, room, vote, practice, goals, gallery, editor, teaching, compare,
  line: '真实的 TCP 握手，随发生随绘制',
  skip: '跳到时序图',
  controls: '运行什么',
  aside: '说明',
  announce: '运行中的事件',
  language: '语言',
  foot: {
    play: '播放，', along: '在运行中移动，按住 Shift 则逐段移动。',
    move: '选择报文段，', open: '打开，', close: '关闭。',
    held: '决定被扣留的报文段。', zoom: '缩放与适应。', teach: '投影、备注、重新开始。',
    measured: '这里没有任何脚本动画：每个数字都是在所示运行中测得的。',
  },
  nav: {
    label: '视图', lab: '实验室', scenarios: '场景', edit: '编辑器', practice: '练习', compare: '比较',
    vote: '投票',
  },
  host: { client: '客户端', server: '服务器' },
  start: '开始握手',
  starting: '正在开始…',
  ip: { label: '互联网协议' },
  scenario: {
    label: '场景', choose: '选择场景', teaches: '注意观察',
    search: '搜索场景', none: '没有匹配的场景。', why: '为什么会这样？',
    takes: (seconds) => `需时 ${seconds} 秒`,
    longForm: (seconds) => `完整形式，${seconds} 秒`,
    next: (title) => `下一个：${title}`,
    choose_link: (need) => `需要 ${need}：请选它作为链路。`,
    needs: (need, why) => `需要 ${need}，此处不可用：${why}。`,
  },
  theme: { auto: '颜色：跟随系统', light: '颜色：浅色', dark: '颜色：深色' },
  numbers: { label: '序列号', relative: '相对', absolute: '绝对' },
  diagram: {
    label: '时序图',
    describe: (title, n) => `${title}：客户端与服务器之间 ${n} 个报文段，时间向下。`
      + '方向键逐段移动，回车打开。',
    time: '时间',
    scales: { label: '时间比例', squeezed: '压缩', true: '真实', even: '均匀' },
    about: {
      squeezed: '时间向下，经过压缩：短间隔放宽，空闲折叠。这里写出的每个时间都是测得的。',
      true: '时间向下，按真实比例。放不下的只计数：拉长图形即可看到。',
      even: '时间以均匀步长向下：显示次序，时长写在旁边。',
    },
    zoom: {
      label: '图形大小', in: '放大 (+)', out: '缩小 (−)', fit: '适应：全部显示 (0)', whole: '适应',
      reset: '恢复通常大小', now: (size) => `${size}：恢复通常大小`,
    },
    timer: (kind, probe, nominal, measured) => [
      `${probe ? '尾部丢失探测' : `${kind} 定时器`}：标称 ${nominal}，实测 ${measured}`,
      `标称 ${nominal}，实测 ${measured}`, `${nominal} / ${measured}`,
    ],
    runs: (nominal) => [`运行中，标称 ${nominal}`, nominal],
    firstData: (rtt) => [`从这里起可以发送数据：一个往返，${rtt}`, `1 RTT：${rtt}`],
    timeWait: (nominal, seen) => [`持续 ${nominal}`, `所见：${seen}`],
    sockets: (n) => `${n} 个套接字`,
    flood: (n, flags, addresses) => (addresses > 1
      ? [`${n} × ${flags}，来自 ${addresses} 个地址`, `${n} × ${flags}`] : [`${n} × ${flags}`]),
    opens: ['打开逐个查看', '打开'],
    relations: {
      ack: (ack, seq, len, ones) => {
        const parts = [...(len > 0 ? [`${len} 字节`] : []), ...ones.map((flag) => `${flag} 占 1`)];
        return [`ack ${ack} =`, `seq ${seq} + ${parts.join(' + ')}`];
      },
      agreed: (names, asked, given) => {
        const said = { 'SACK Permitted': 'SACK', 'Timestamps': '时间戳' };
        const words = names.map((name) => said[name] ?? `窗口缩放 ${asked} / ${given}`);
        return words.length > 0 ? ['双方同意：', ...words] : [];
      },
      refused: (names) => (names.length > 0 ? ['未同意：', ...names] : []),
      sizes: (asked, given) => `MSS ${asked} / ${given}`,
      repeat: (n, gap) => [`再次发送报文段 ${n}，`, `相隔 ${gap}`],
      icmp: (n) => [`关于报文段 ${n}`],
    },
    cluster: (n, flags) => [`${n} 个报文段：${flags.join(' · ')}`, `${n} 个报文段`, `${n}`],
    links: {
      loopback: '在环回链路上报文段发出即到达：箭头是水平的。没有任何停留可供观察，短暂的状态可能缺失。',
      sockets: '途中没有观察：所知的只有系统调用、状态以及内核保留的内容。其余在此不可观察。',
    },
    disagree: (host, ns) => {
      const name = HOST[host] ?? host;
      const time = ns === null ? '' : `：${duration(ns)}`;
      return [
        `只有${name}处于 ESTABLISHED${time}`, `只有${name}处于 ESTABLISHED`,
        `${name}在先${time}`, `${name}在先`,
      ];
    },
    held: '被扣留',
    veil: ['此处经过的内容不可观察', '不可观察'],
    saved: '由服务器内核保留',
    savedTimes: [' · 发送时间在此不可观察', ' · 发送时间不可观察', ' · 何时？'],
    marks: { damaged: '已损坏', changed: '已改动' },
    copies: (n) => (n === 2 ? '两次' : `${n} 次`),
    droppedBy: ({ by, rule, action }) => {
      if (by === 'rule') return `被${rule ?? '规则'}丢弃`;
      if (by === 'person') return '手动丢弃';
      return action ? '随机丢失' : '丢失';
    },
    tries: (n) => `又试了 ${n} 次`,
    flying: '在途中',
    repeats: (n) => `重复 ${n}`,
    forged: '伪造',
    bytes: (n) => `${n} 字节`,
  },
  empty: {
    title: '尚未发送任何内容',
    text: '按“开始握手”。本机内核的两个真实 TCP 端点将建立连接；它们之间的每个报文段、每次系统调用、'
      + '经过的每个状态都会画在这里，并附上测得的时间。',
  },
  captions: { calls: '系统调用', states: '内核状态', wire: '线路', queue: '队列' },
  story: {
    info: '内核测得的数据 (TCP_INFO)',
    tab: '经过', empty: '运行中的每个事件会在这里用一句话讲述。',
    live: '正在运行…',
  },
  terminal: {
    label: '终端',
    title: { client: '客户端终端', server: '服务器终端' },
    empty: { client: '客户端没有输出。', server: '服务器没有输出。' },
  },
  runs: { title: '最近的运行', empty: '还没有运行。', counts: (run) => `${run.segment_count} 个报文段` },
  verdict: {
    label: '运行状况',
    running: '运行中',
    lost: '与程序的连接中断；正在重试…',
    runningText: '正在观察线路…',
    waiting: (n) => `线路上有 ${n} 个报文段在等待：由你决定。`,
    met: '符合预期', unmet: '不符合预期',
    codes: {
      'established': '已建立', 'refused': '被拒绝', 'timed-out': '超时', 'unreachable': '不可达',
      'reset': '被重置', 'half-open': '半开', 'by-hand': '手工', 'failed': '失败', 'cancelled': '已取消',
      'limit': '达到上限', 'error': '错误', 'running': '运行中',
    },
    expectations: (met, all) => `${all} 项预期中满足 ${met} 项`,
    run: (id) => `运行 ${id}`,
  },
  problem: {
    dismiss: '关闭',
    unreachable: '程序没有应答。“handshake serve”还在运行吗？',
    status: (code) => `程序以状态 ${code} 应答，没有说明。`,
  },
};
