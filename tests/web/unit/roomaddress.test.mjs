// Which link phones are offered, and what is said when none can be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkAt, openCommand, phoneAddresses } from '../../../web/js/roomaddress.js';

const at = (origin) => new URL(origin);
const HERE = at('http://localhost:8080');
const caps = (more) => ({ addresses: [], loopback_only: false, container: null, ...more });
const addresses = ['http://192.168.1.20:8080', 'http://10.0.0.5:8080'];

test('opened on this machine, the addresses the program knows are offered in its order', () => {
  for (const origin of ['http://localhost:8080', 'http://127.0.0.1:8080', 'http://[::1]:8080']) {
    assert.deepEqual(phoneAddresses(at(origin), caps({ addresses })), { list: addresses, why: null });
  }
});

test('the address the page was opened by comes first, and once', () => {
  const { list, why } = phoneAddresses(at(addresses[1]), caps({ addresses }));
  assert.deepEqual({ list, why }, { list: [addresses[1], addresses[0]], why: null });
  const behind = phoneAddresses(at('https://lab.school.example'), caps({ loopback_only: true }));
  assert.deepEqual(behind, { list: ['https://lab.school.example'], why: null });
});

test('what stands in the way is said', () => {
  assert.deepEqual(phoneAddresses(HERE, caps({ loopback_only: true })), { list: [], why: 'loopback' });
  assert.deepEqual(phoneAddresses(HERE, caps({})), { list: [], why: 'offline' });
  assert.equal(phoneAddresses(HERE, caps({ addresses, container: 'docker' })).why, 'container');
  assert.equal(phoneAddresses(at(addresses[0]), caps({ addresses, container: 'docker' })).why, null);
  assert.deepEqual(phoneAddresses(HERE, null), { list: [], why: 'loopback' });
  assert.equal(phoneAddresses(at('http://127.evil.example'), caps({})).why, null);
});

test('the command opens the same port', () => {
  assert.equal(openCommand(at('http://localhost:8081')), 'handshake serve --listen 0.0.0.0:8081');
  assert.equal(openCommand(at('http://localhost')), 'handshake serve --listen 0.0.0.0:80');
  assert.equal(linkAt(addresses[0], 'ab3de'), 'http://192.168.1.20:8080/#vote/ab3de');
});
