/**
 * A histogram as HdrHistogram's tools take it: compressed V2 in base64. The specification is HdrHistogram's own (`V2CompressedEncoding`): a
 * cookie, the length of what follows, both big-endian, then the V2 encoding as a zlib stream.
 */

/** The compressed V2 encoding's cookie, with the bits that stand for its word size. */
const COMPRESSED = 0x1c849304 | 0x10;

/** @param {string} encoded  V2, not compressed, in base64 @returns {Promise<string>} */
export async function compressed(encoded) {
  const raw = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
  // "deflate" is zlib's format here, header and checksum and all.
  const stream = new Blob([raw]).stream().pipeThrough(new CompressionStream("deflate"));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  const bytes = new Uint8Array(8 + packed.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, COMPRESSED);
  view.setInt32(4, packed.length);
  bytes.set(packed, 8);
  return btoa([...bytes].map((byte) => String.fromCharCode(byte)).join(""));
}
