const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);
const NAME = Buffer.from('"alerts"');

/**
 * Cuts the text of each alert out of a payload of Alertmanager, and returns the text of the rest, in which the list is
 * empty. A payload of 16 MiB is parsed alert by alert so, and never whole. Nothing is judged: every byte is in one of the
 * texts, so that what is malformed makes one of them malformed.
 */
export function* cutAlerts(body: Buffer): Generator<Buffer, Buffer> {
  const begin = beginOfList(body);
  if (begin === -1) return body;
  let [from, depth, at] = [begin, 0, begin];
  for (; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) at = endOfString(body, at);
    else if (byte === BRACE || byte === BRACKET) depth += 1;
    else if (depth === 0 && byte === BRACKET_END) break;
    else if (byte === BRACE_END || byte === BRACKET_END) depth -= 1;
    else if (depth === 0 && byte === COMMA) {
      yield body.subarray(from, at);
      from = at + 1;
    }
  }
  const last = body.subarray(from, at);
  if (from > begin || last.some((byte) => !BLANKS.has(byte))) yield last;
  return Buffer.concat([body.subarray(0, begin), body.subarray(at)]);
}

/** Where the first alert begins, or -1 where the payload's own object has no list of that name. */
function beginOfList(body: Buffer): number {
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      const end = endOfString(body, at);
      if (depth === 1 && body.subarray(at, end + 1).equals(NAME)) {
        const colon = skipBlanks(body, end + 1);
        const list = body[colon] === COLON ? skipBlanks(body, colon + 1) : -1;
        if (body[list] === BRACKET) return list + 1;
      }
      at = end;
    } else if (byte === BRACE || byte === BRACKET) depth += 1;
    else if (byte === BRACE_END || byte === BRACKET_END) depth -= 1;
  }
  return -1;
}

/** The closing quotation mark, or the end of the body. */
function endOfString(body: Buffer, start: number): number {
  for (let end = body.indexOf(QUOTE, start + 1); end !== -1; end = body.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (body[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return body.length;
}

function skipBlanks(body: Buffer, from: number): number {
  let at = from;
  while (BLANKS.has(body[at] ?? -1)) at += 1;
  return at;
}
