/* ruletext.js - rules of the wire in the words of the program's grammar
 * (include/handshake/rule.h), put together from choices. Pure. The program
 * reads them; whatever else it understands can be typed. */

/** What can be chosen; the empty choice says nothing. */
export const CHOICES = Object.freeze({
  from: ['', 'client', 'server'],
  flags: ['', 'SYN', 'SYN,ACK', 'ACK', 'PSH,ACK', 'FIN,ACK', 'RST', 'RST,ACK'],
  which: ['', 'nth 1', 'nth 2', 'nth 3', 'nth 1-2', 'first', 'again', 'data', 'empty'],
  action: [
    'drop', 'hold', 'corrupt', 'delay 1300', 'duplicate', 'strip wscale', 'strip mss',
    'rewrite ack=+1000', 'answer RST,ACK', 'answer icmp 3/1', 'answer icmp 3/3', 'pass',
  ],
});

/** {from, flags, which, action} as one rule. */
export function ruleWords({ from = '', flags = '', which = '', action = 'drop' }) {
  return [from, flags, which, action].filter(Boolean).join(' ');
}
