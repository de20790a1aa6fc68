/* fieldlabels.js - the name of a field as its cell has room for it. Pure.
 *
 * A label is never cut: where the full name does not fit, the RFC's own short
 * one stands there, and in the narrowest cells its letters one below the
 * other, as the RFC's figures have the flags. */

/* Shorter names, longest first. */
const SHORT = {
  'Version': ['Ver', 'V'],
  'Header Length': ['IHL'],
  'DSCP': ['DS'],
  'ECN': ['EC'],
  'Total Length': ['Length'],
  'Identification': ['Id'],
  'Reserved Flag': ['R'],
  'Fragment Offset': ['Frag. Offset', 'Offset'],
  'Protocol': ['Proto'],
  'Header Checksum': ['Checksum'],
  'Source Address': ['Source'],
  'Destination Address': ['Destination'],
  'Payload Length': ['Length'],
  'Next Header': ['Next'],
  'Hop Limit': ['Hops'],
  'Flow Label': ['Flow'],
  'Extension Next Header': ['Next Header', 'Next'],
  'Extension Length': ['Ext. Length', 'Length'],
  'Extension Data': ['Data'],
  'Fragment Reserved': ['Reserved', 'Rsv', 'R'],
  'More Fragments': ['M'],
  'Fragment Identification': ['Identification'],
  'Source Port': ['Src Port'],
  'Destination Port': ['Dst Port'],
  'Sequence Number': ['Sequence', 'Seq'],
  'Acknowledgment Number': ['Acknowledgment', 'Ack'],
  'Data Offset': ['Offset', 'Off'],
  'Reserved': ['Rsv', 'R'],
  'Urgent Pointer': ['Urgent'],
  'Option Kind': ['Kind'],
  'Option Length': ['Length', 'Len'],
  'Window Scale Shift': ['Shift'],
  'SACK Left Edge': ['Left Edge', 'Left'],
  'SACK Right Edge': ['Right Edge', 'Right'],
  'End of Option List': ['EOL'],
  'Option Data': ['Data'],
  'MD5 Digest': ['MD5'],
  'MPTCP Subtype': ['Subtype', 'Sub'],
  'MPTCP Version or Flags': ['V/Flags', 'V/F'],
  'MPTCP Data': ['Data'],
  'Experiment ID': ['ExID'],
  'Fast Open Cookie': ['Cookie'],
  'RNextKeyID': ['RNext'],
  'Padding': ['Pad'],
  'malformed': ['bad'],
};

/** All names of a field, longest first. */
export const namesOf = (name) => [name, ...(SHORT[name] ?? [])];

/** {text, upright}: the longest name that fits into `room`, where measure(text)
 * tells how wide a text is; where none does, the shortest that is readable,
 * with its letters upright. */
export function labelFor(name, room, measure) {
  const names = namesOf(name);
  const fits = names.find((each) => measure(each) <= room);
  return fits ? { text: fits, upright: false } : { text: uprightName(names), upright: true };
}

/** Labels of cells, [{name, bits, room}]. Single bits all stand upright where one
 * of them has to: they are read as one row. */
export function labelsFor(cells, measure) {
  const labels = cells.map(({ name, room }) => labelFor(name, room, measure));
  const isBit = (i) => cells[i].bits === 1;
  if (!labels.some(({ upright }, i) => upright && isBit(i))) return labels;
  return labels.map((label, i) => (isBit(i) ? labelFor(cells[i].name, 0, measure) : label));
}

/* Short enough to stand upright, yet no mere letter where there is more. */
function uprightName(names) {
  return names.find((each) => each.length <= 4) ?? names.at(-1);
}
