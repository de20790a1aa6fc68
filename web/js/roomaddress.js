/* roomaddress.js - under which address phones can open a room. Pure. */

const LOCAL = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** What can be offered to phones: {list, why}. The address this page was opened by
 * comes first, if others can open it; why is null, or what stands in their way:
 * "loopback", "offline", or "container", where the program knows its inside alone.
 * @type {(at: {origin: string, hostname: string}, caps: Lab.Capabilities | null) =>
 *   {list: string[], why: string | null}} */
export function phoneAddresses({ origin, hostname }, caps) {
  const own = LOCAL.test(hostname) ? [] : [origin];
  const list = [...new Set([...own, ...(caps?.addresses ?? [])])];
  return { list, why: own.length > 0 ? null : obstacle(list, caps) };
}

/** @type {(list: string[], caps: Lab.Capabilities | null) => string | null} */
function obstacle(list, caps) {
  if (list.length === 0) return caps?.loopback_only === false ? 'offline' : 'loopback';
  return caps?.container ? 'container' : null;
}

/** The command that lets phones in, on the port this page came from.
 * @type {(at: {port: string}) => string} */
export const openCommand = ({ port }) => `handshake serve --listen 0.0.0.0:${port || 80}`;

/** Where voters open a room. As src/http/room_code.c has it.
 * @type {(address: string, id: string) => string} */
export const linkAt = (address, id) => `${address}/#vote/${id}`;
