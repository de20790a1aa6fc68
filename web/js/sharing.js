/* sharing.js - a scenario in a link: compressed and spelled so that an address
 * can hold it. */

const MARK = '~'; // so that nothing takes it for a scenario's id
const MOST_BYTES = 256 * 1024; // of what a link unpacks to

const spelled = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const read = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')),
  (char) => char.charCodeAt(0));

/** Text -> what stands in the link. */
export async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return MARK + spelled(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** Whether a part of an address is such a text. */
export const isPacked = (part) => part?.startsWith(MARK) ?? false;

/** What stands in the link -> text; null when it is damaged or unpacks to more
 * than a scenario may be. */
export async function unpacked(part) {
  try {
    const stream = new Blob([read(part.slice(MARK.length))]).stream()
      .pipeThrough(new DecompressionStream('deflate-raw'));
    return await bounded(stream.getReader());
  } catch {
    return null;
  }
}

async function bounded(reader) {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > MOST_BYTES) {
      reader.cancel();
      return null;
    }
  }
}
