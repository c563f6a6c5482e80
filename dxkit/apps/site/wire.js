// How messages of a Jupyter kernel lie in a websocket frame (protocol v1), and nothing about pages.

export const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const text = new TextEncoder();
const words = new TextDecoder();

/** Pack a message: 64-bit little-endian offsets, the channel's name, four JSON parts, buffers. */
export function pack(channel, message, buffers = []) {
  const parts = [
    text.encode(channel),
    ...["header", "parent_header", "metadata", "content"].map((key) =>
      text.encode(JSON.stringify(message[key] ?? {})),
    ),
    ...buffers.map(bytesOf),
  ];
  const count = parts.length + 1; // one offset more than parts: where the last one ends
  let offset = 8 * (1 + count);
  const frame = new Uint8Array(offset + parts.reduce((sum, part) => sum + part.byteLength, 0));
  const view = new DataView(frame.buffer);
  view.setBigUint64(0, BigInt(count), true);
  parts.forEach((part, index) => {
    view.setBigUint64(8 * (index + 1), BigInt(offset), true);
    frame.set(part, offset);
    offset += part.byteLength;
  });
  view.setBigUint64(8 * count, BigInt(offset), true);
  return frame.buffer;
}

/** Unpack a frame into its channel, the parts of the message and its buffers (DataViews). */
export function unpack(frame) {
  const view = new DataView(frame);
  const count = Number(view.getBigUint64(0, true));
  const at = (index) => Number(view.getBigUint64(8 * (index + 1), true));
  const part = (index) => new Uint8Array(frame, at(index), at(index + 1) - at(index));
  const json = (index) => JSON.parse(words.decode(part(index)));
  const buffers = [];
  for (let index = 5; index < count - 1; index += 1) {
    buffers.push(new DataView(frame, at(index), at(index + 1) - at(index)));
  }
  return {
    channel: words.decode(part(0)),
    header: json(1),
    parent_header: json(2),
    metadata: json(3),
    content: json(4),
    buffers,
  };
}

/** A random id; crypto.randomUUID exists on https and localhost only, and this has to run in a LAN. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(buffer) {
  if (buffer instanceof ArrayBuffer) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
