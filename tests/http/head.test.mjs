/* head.test.mjs - requests that can be read in two ways are refused, and what
 * follows them is not taken for a request. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { raw, startServer } from './server.mjs';

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const HOST = 'Host: localhost\r\n';
const NEXT = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`;
const get = (headers, end = '\r\n') => `GET /healthz HTTP/1.1\r\n${headers}${end}`;
const send = (headers, body) => `POST /api/runs HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n${headers}\r\n${body}`;

const twofold = {
  'two Content-Lengths': [send('Content-Length: 2\r\nContent-Length: 0\r\n', '{}'), /two headers/],
  'two equal Content-Lengths': [send('Content-Length: 2\r\nContent-Length: 2\r\n', '{}'), /two headers/],
  'Content-Length and Transfer-Encoding': [send('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), /both/],
  'Transfer-Encoding and Content-Length': [send('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'), /both/],
  'a blank before the colon': [send('Transfer-Encoding : chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'), /name has a blank/],
  'a tab before the colon': [send('Content-Length\t: 5\r\nContent-Length: 2\r\n', '{}'), /name has a blank/],
  'another encoding': [send('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), /other than chunked/],
  'two encodings in one': [send('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), /other than chunked/],
  'two Transfer-Encodings': [send('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), /two headers/],
  'two Hosts': [get(HOST + HOST), /two headers/],
  'two Origins': [get(`${HOST}Origin: http://localhost\r\nOrigin: http://localhost\r\n`), /two headers/],
  'LF after the first line': [`GET /healthz HTTP/1.1\n${HOST}\r\n`, /does not end with CR LF/],
  'LF after a header': [get('Host: localhost\nX-Other: y\r\n'), /does not end with CR LF/],
  'LF after the last header': [get('Host: localhost\n'), /empty line|CR LF/],
  'LF as the empty line': [get(HOST, '\n'), /empty line/],
  'LF everywhere': ['GET /healthz HTTP/1.1\nHost: localhost\n\n', /CR LF/],
  'LF that hides a header': [get(`${HOST}X-One: a\nContent-Length: 3\r\n`), /CR LF/],
  'CR alone': [get(`${HOST}X-One: a\rX-Two: b\r\n`), /control character/],
  'NUL in Host': [get('Host: localhost\0.example.com\r\nX-Other: y\r\n'), /NUL/],
  'NUL in the last header': [get('Host: localhost\0.example.com\r\n'), /NUL/],
  'two NULs in Host': [get('Host: localhost\0\0X-Other: y\r\n'), /NUL/],
  'NUL at the end of Host': [get('Host: localhost\0\r\nX-Other: y\r\n'), /NUL/],
  'a line that goes on': [get(`${HOST}X-One: a\r\n b\r\nX-Two: c\r\n`), /goes on in the next/],
};

for (const [what, [text, sentence]] of Object.entries(twofold))
  test(`refused: ${what}`, async () => {
    const got = await raw(server, [text + NEXT]);
    assert.match(got, /^HTTP\/1\.1 400 /);
    assert.match(got, /can be read in two ways/);
    assert.match(got, sentence);
    assert.match(got, /\r\nConnection: close\r\n/i);
    assert.equal(got.match(/HTTP\/1\.1 /g).length, 1, 'one answer, and no more');
  });

test('refused in pieces, too', async () => {
  const text = get('Host: localhost\nX-Other: y\r\n');
  const got = await raw(server, [...text], { gap: 2 });
  assert.match(got, /^HTTP\/1\.1 400 [^]*two ways/);
});

const fine = {
  plain: NEXT,
  'HTTP/1.0 without any header': 'GET /healthz HTTP/1.0\r\n\r\n',
  'headers of all kinds': get(`${HOST}Cookie: a=b; c=d\r\nX-Tight:y\r\nX-Loose: \t q  \r\nX-Empty:\r\nX-Utf8: é\r\n`),
  'a query': `GET /healthz?a=b&c&%64=%00 HTTP/1.1\r\n${HOST}Accept: */*\r\nAccept: text/plain\r\n\r\n`,
  'an empty line before it': `\r\n${NEXT}`,
};

for (const [what, text] of Object.entries(fine))
  test(`taken: ${what}`, async () => {
    const enough = /\r\n\r\n\{.*\}/s;
    assert.match(await raw(server, [text], { enough }), /^HTTP\/1\.1 200 /);
    assert.match(await raw(server, [...text], { gap: 1, enough }), /^HTTP\/1\.1 200 /);
  });

test('taken: many on one connection', async () => {
  const got = await raw(server, [NEXT.repeat(20)], { enough: /^(?:(?!"runs_alive").)*(?:"runs_alive"(?:(?!"runs_alive").)*){20}$/s });
  assert.equal(got.match(/HTTP\/1\.1 200 /g).length, 20);
});

test('what follows a body in chunks is not taken for a request', async () => {
  const chunked = send('Transfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n');
  const got = await raw(server, [chunked + NEXT]);
  assert.match(got, /^HTTP\/1\.1 400 [^]*needs the member `scenario`/);
  assert.equal(got.match(/HTTP\/1\.1 /g).length, 1);
});
