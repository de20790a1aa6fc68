/* reporter.mjs - what a run of many tests says: each failure at once by name, at the
 * end each whole, then node's own counts. A log that is cut still shows what failed. */

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/* A test's failure as its writer would want to read it. */
function told({ name, details }) {
  const cause = details.error?.cause ?? details.error;
  const what = cause?.stack ?? String(cause);
  return `\nFAILED ${name} (${seconds(details.duration_ms)})\n${what}\n`;
}

/* Suites and files only repeat that something in them failed. */
const repeats = ({ details }) =>
  details.type === 'suite' || details.error?.failureType === 'subtestsFailed';

export default async function* report(source) {
  const failures = [];
  const counts = [];
  for await (const { type, data } of source) {
    if (type === 'test:fail' && !repeats(data)) {
      failures.push(data);
      yield `not ok - ${data.name}\n`;
    }
    if (type === 'test:stderr') yield data.message;
    if (type === 'test:diagnostic') counts.push(data);
  }
  for (const failure of failures) yield told(failure);
  for (const { message } of counts.filter(({ nesting }) => nesting === 0)) yield `# ${message}\n`;
}
