/* reach.test.mjs - where other machines find the server: what it tells is what the
 * machine has, and each of those addresses is let in. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import os from 'node:os';
import { test } from 'node:test';
import { ask, post, startServer } from './server.mjs';

/* The machine's own, as Node sees them. */
const owned = Object.values(os.networkInterfaces()).flat().filter(({ internal }) => !internal);
const ofFamily = (family) => owned.filter((each) => each.family === family
  && !/^fe[89ab]/i.test(each.address)).map(({ address }) => address);
const asOrigin = (port) => (address) =>
  (address.includes(':') ? `http://[${address}]:${port}` : `http://${address}:${port}`);

async function reachOf(listen, fn = () => {}) {
  const server = await startServer({ listen });
  try {
    const { json } = await ask(server, '/api/capabilities', { headers: { Host: 'localhost' } });
    await fn(server, json);
    return { ...json, port: server.port, said: server.stdout };
  } finally {
    await server.stop();
  }
}

test('on loopback alone nobody else reaches it', async () => {
  for (const listen of ['127.0.0.1:0', '[::1]:0']) {
    const { addresses, loopback_only: only, said } = await reachOf(listen);
    assert.deepEqual({ addresses, only }, { addresses: [], only: true });
    assert.doesNotMatch(said, /Other machines/);
  }
});

test('on all addresses it tells those of the machine, and lets each in', async () => {
  const told = await reachOf('0.0.0.0:0', async (server, { addresses }) => {
    for (const address of addresses) {
      const headers = { Host: address.slice('http://'.length), Origin: address };
      assert.equal((await post(server, '/api/rooms', {}, headers)).status, 201, address);
      const other = { ...headers, Origin: `${address}0` };
      assert.equal((await post(server, '/api/rooms', {}, other)).status, 403, address);
    }
    const evil = { Host: 'evil.example', Origin: 'http://evil.example' };
    assert.equal((await post(server, '/api/rooms', {}, evil)).status, 403);
  });
  assert.equal(told.loopback_only, false);
  const wanted = ofFamily('IPv4').map(asOrigin(told.port));
  assert.deepEqual([...told.addresses].sort(), wanted.sort());
  for (const address of told.addresses) assert.ok(told.said.includes(address), told.said);
});

test('on :: it tells IPv4 first, IPv6 too, and no link-local one', async () => {
  const { addresses, port } = await reachOf('[::]:0');
  const [v4, v6] = [ofFamily('IPv4'), ofFamily('IPv6')].map((list) => list.map(asOrigin(port)));
  assert.deepEqual([...addresses].sort(), [...v4, ...v6].sort());
  assert.deepEqual(addresses.slice(0, v4.length).sort(), v4.sort());
});

test('on one address of the machine it tells that one', async (t) => {
  const [address] = ofFamily('IPv4');
  if (!address) return t.skip('this machine is on no network');
  const { addresses, port, loopback_only: only } = await reachOf(`${address}:0`);
  assert.deepEqual({ addresses, only }, { addresses: [`http://${address}:${port}`], only: false });
});

/* A network of its own: of four interfaces one leads out, one is down. That the
 * others are up is only so once the kernel has seen their far ends. */
const NETWORK = `set -e
ip link set lo up
for name in p0 p1 p2 p3; do ip link add $name type veth peer name far-$name; done
ip address add 10.1.0.7/24 dev p0
ip address add 192.168.7.9/24 dev p1
ip address add 10.9.9.9/24 dev p2
ip address add 169.254.3.3/16 dev p3
ip -6 address add fd00::5/64 dev p0 nodad
for name in p0 p1 p3; do ip link set $name up; ip link set far-$name up; done
for name in p0 p1 p3; do
  for i in $(seq 1000); do ip link show $name | grep -q 'state UP' && break; sleep 0.02; done
done
ip route add default via 192.168.7.1 dev p1
exec "$0" serve --listen '[::]:8080' --link sockets`;

test('the address that leads out comes first, what is down not at all', async (t) => {
  const isRoot = process.getuid() === 0;
  const unshare = ['unshare', isRoot ? '-n' : '-rn'];
  if (spawnSync(unshare[0], [unshare[1], 'ip', 'link', 'add', 'x', 'type', 'veth']).status !== 0) {
    return t.skip('no network namespace can be made here');
  }
  const program = process.env.HANDSHAKE_BIN ?? 'build/dev/handshake';
  const child = spawn(unshare[0], [unshare[1], 'sh', '-c', NETWORK, program]);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const told = await new Promise((done) => {
    child.on('exit', () => done(said));
    child.stdout.on('data', (bytes) => {
      said += bytes;
      if (/Other machines.*\n/.test(said)) done(said);
    });
  });
  child.kill('SIGTERM');
  assert.match(told, new RegExp('reach it at http://192.168.7.9:8080 or http://10.1.0.7:8080 or '
    + 'http://\\[fd00::5\\]:8080 or http://169.254.3.3:8080\n'));
});
