/* proxy.test.mjs - the configurations of deploy/ in front of the program: TLS, a
 * password, Host passed on, streams as they happen. nginx and Caddy themselves;
 * what is not installed is left out. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startServer, until } from './server.mjs';

const DEPLOY = new URL('../../deploy/', import.meta.url);
const NAME = 'lab.example.org';
const SECRET = '0123456789abcdef0123456789abcdef';
const PASSWORD = `Basic ${Buffer.from('class:correct horse').toString('base64')}`;
const WRONG = `Basic ${Buffer.from('class:wrong').toString('base64')}`;
const COOKIE = `handshake_lab=${SECRET}`;

const find = (program) =>
  (process.env.PATH ?? '').split(':').concat('/usr/sbin')
    .map((folder) => join(folder, program)).find((path) => existsSync(path));

/** A port that nobody has at the moment. */
const freePort = () =>
  new Promise((done) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** A certificate for NAME, signed by itself. */
function makeCertificate(dir) {
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
    '-nodes', '-days', '2', '-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`,
    '-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')], { stdio: 'ignore' });
  return readFileSync(join(dir, 'cert.pem'));
}

/** The text with each replacement made; what is not there fails the test. */
function adapt(file, changes) {
  let text = readFileSync(new URL(file, DEPLOY), 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${file} does not say "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

function nginx(dir, port, plain, upstream) {
  const hash = execFileSync('openssl', ['passwd', '-6', 'correct horse']).toString().trim();
  writeFileSync(join(dir, 'htpasswd'), `class:${hash}\n`, { mode: 0o644 });
  const site = adapt('nginx.conf', [
    ['  listen [::]:80;\n', ''], ['  listen [::]:443 ssl;\n', ''],
    ['listen 80;', `listen 127.0.0.1:${plain};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['/etc/ssl/certs/lab.example.org.pem', join(dir, 'cert.pem')],
    ['/etc/ssl/private/lab.example.org.key', join(dir, 'key.pem')],
    ['/etc/nginx/handshake-lab.htpasswd', join(dir, 'htpasswd')],
    ['http://127.0.0.1:8080', `http://127.0.0.1:${upstream}`],
    ['CHOOSE-A-SECRET', SECRET],
  ]);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${dir}/${kind};`).join(' ');
  writeFileSync(join(dir, 'nginx.conf'),
    `daemon off; pid ${dir}/pid; error_log stderr error; worker_processes 1;\n` +
    `${process.getuid() === 0 ? 'user root;' : ''}\n` +
    `events {}\nhttp { access_log off; ${temp}\n${site}\n}\n`);
  return [find('nginx'), ['-p', dir, '-e', 'stderr', '-c', join(dir, 'nginx.conf')]];
}

function caddy(dir, port, plain, upstream) {
  const hash = execFileSync(find('caddy'), ['hash-password', '--plaintext', 'correct horse'],
    { env: { ...process.env, HOME: dir } }).toString().trim();
  const site = adapt('Caddyfile', [
    ['lab.example.org {\n',
      `{\n\tadmin off\n\thttp_port ${plain}\n\thttps_port ${port}\n\tdefault_bind 127.0.0.1\n}\n` +
      `${NAME} {\n\ttls ${dir}/cert.pem ${dir}/key.pem\n`],
    ['127.0.0.1:8080 {', `127.0.0.1:${upstream} {`],
    ['HASH-OF-THE-PASSWORD', hash], ['CHOOSE-A-SECRET', SECRET],
  ]);
  writeFileSync(join(dir, 'Caddyfile'), site);
  return [find('caddy'), ['run', '--adapter', 'caddyfile', '--config', join(dir, 'Caddyfile')]];
}

for (const [program, configure] of Object.entries({ nginx, caddy })) {
  describe(program, { skip: !find(program) && `${program} is not installed` }, () => {
    let dir, lab, proxy, port, plain, ca, said = '';

    before(async () => {
      dir = mkdtempSync(join(tmpdir(), 'handshake-proxy-'));
      ca = makeCertificate(dir);
      lab = await startServer({ args: ['--allow-host', NAME] });
      port = await freePort();
      plain = await freePort();
      const [path, args] = configure(dir, port, plain, lab.port);
      proxy = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir } });
      proxy.stderr.setEncoding('utf8').on('data', (text) => (said += text));
      await until(`${program} to listen`, async () => {
        assert.equal(proxy.exitCode, null, said);
        return connects(port);
      });
    });
    after(async () => {
      if (proxy?.exitCode === null) {
        const gone = new Promise((done) => proxy.on('exit', done));
        proxy.kill('SIGTERM');
        await gone;
      }
      await lab?.stop();
      rmSync(dir, { recursive: true });
    });

    const open = (path, options, on) =>
      https.request({ host: '127.0.0.1', port, path, ca, servername: NAME, agent: false,
        ...options, headers: { Host: `${NAME}:${port}`, ...options.headers } }, on);
    const ask = (path, { body, ...options } = {}) =>
      new Promise((done, fail) => {
        const req = open(path, options, (res) => {
          const pieces = [];
          res.on('data', (piece) => pieces.push(piece));
          res.on('end', () => done({ status: res.statusCode, headers: res.headers,
            text: Buffer.concat(pieces).toString() }));
        });
        req.on('error', fail);
        req.end(body);
      });
    const asPage = (more = {}) =>
      ({ Cookie: COOKIE, 'Content-Type': 'application/json', Origin: `https://${NAME}:${port}`,
        'Sec-Fetch-Site': 'same-origin', ...more });

    test('no password, or a wrong one, is 401 and gives nothing away', async () => {
      for (const headers of [{}, { Authorization: WRONG }, { Cookie: 'handshake_lab=x' },
        { Cookie: `handshake_lab=${SECRET}x` }, { Authorization: 'Bearer x' }]) {
        const answer = await ask('/', { headers });
        assert.equal(answer.status, 401);
        assert.equal(answer.headers['set-cookie'], undefined);
        assert.doesNotMatch(answer.text, /Handshake Lab.*<script/s);
      }
    });

    test('the password shows the page and gives the cookie that does from then on', async () => {
      const first = await ask('/', { headers: { Authorization: PASSWORD } });
      assert.equal(first.status, 200);
      assert.match(first.text, /Handshake Lab/);
      const [cookie] = first.headers['set-cookie'];
      assert.match(cookie, /^handshake_lab=[0-9a-f]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
      const second = await ask('/', { headers: { Cookie: `a=b; ${cookie.split(';')[0]}` } });
      assert.equal(second.status, 200);
    });

    test('a run by POST, as the page sends it', async () => {
      const answer = await ask('/api/runs', { method: 'POST', headers: asPage(),
        body: JSON.stringify({ scenario: 'open', wait: true }) });
      assert.equal(answer.status, 201, answer.text);
      assert.equal(JSON.parse(answer.text).verdict.code, 'established');
    });

    test('the key of a room reaches the program beside the cookie', async () => {
      const made = await ask('/api/rooms', { method: 'POST', headers: asPage(), body: '{}' });
      const { id, key } = JSON.parse(made.text);
      assert.ok(id && key, made.text);
      const path = `/api/rooms/${id}`;
      const refused = await ask(path, { method: 'DELETE', headers: asPage() });
      const taken = await ask(path, { method: 'DELETE',
        headers: asPage({ Authorization: `Bearer ${key}` }) });
      assert.ok([401, 403].includes(refused.status), refused.text);
      assert.equal(taken.status, 204, taken.text);
    });

    test('another site\'s page is refused as without a proxy', async () => {
      const answer = await ask('/api/runs', { method: 'POST',
        headers: asPage({ Origin: 'https://evil.example' }), body: '{"scenario":"open"}' });
      assert.equal(answer.status, 403);
    });

    test('events come when they happen: the held SYN before it is let go', async () => {
      const begun = await ask('/api/runs', { method: 'POST', headers: asPage(),
        body: JSON.stringify({ scenario: 'open', link: 'wire', hold: true }) });
      assert.equal(begun.status, 201, begun.text);
      const { id } = JSON.parse(begun.text);
      let seen = '', ended = false;
      const stream = open(`/api/runs/${id}/events`, { headers: { Cookie: COOKIE } }, (res) => {
        res.on('data', (piece) => (seen += piece));
        res.on('end', () => (ended = true));
      });
      stream.end();
      await until('the SYN', () => /"kind":"segment"/.test(seen));
      assert.ok(!ended);
      assert.doesNotMatch(seen, /"phase":"end","verdict"/);
      const freed = await ask(`/api/runs/${id}/reset`, { method: 'POST', headers: asPage() });
      assert.equal(freed.status, 200, freed.text);
      await until('the end', () => ended);
      assert.match(seen, /"kind":"run","phase":"end"/);
    });

    test('plain HTTP leads to TLS', async () => {
      const text = await new Promise((done) => {
        const socket = net.connect(plain, '127.0.0.1', () =>
          socket.write(`GET /x HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`));
        let got = '';
        socket.on('data', (bytes) => (got += bytes));
        socket.on('close', () => done(got));
      });
      assert.match(text, /^HTTP\/1.1 30[18] /);
      assert.match(text, new RegExp(`^Location: https://${NAME}`, 'mi'));
    });
  });
}

function connects(port) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.on('error', () => done(false));
  });
}
