// plain.mjs - the files of the page on a web server that knows nothing of the
// program: no routes, no headers of its own, just files.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const WEB = join(import.meta.dirname, '../../../web');
const TYPES = {
  '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** Serve web/ below `under` ("/" or "/some/folder/"), with more files, {name:
 * text}, beside index.html. Resolves to {url, asked, stop()}; asked lists the
 * paths of all requests. */
export function startPlain({ under = '/', more = {} } = {}) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    asked.push(pathname);
    const name = pathname.startsWith(under) ? pathname.slice(under.length) || 'index.html' : null;
    const body = name === null ? null : await contentOf(name, more);
    response.writeHead(body === null ? 404 : 200, { 'Content-Type': TYPES[extname(name ?? '')] ?? 'text/plain' });
    response.end(body ?? 'not found');
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({
      url: `http://127.0.0.1:${server.address().port}`,
      asked,
      stop: () => new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
    }));
  });
}

function contentOf(name, more) {
  if (Object.hasOwn(more, name)) return more[name];
  return readFile(join(WEB, normalize(`/${name}`))).catch(() => null);
}
