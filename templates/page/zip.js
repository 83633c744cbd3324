/* A zip file made in the page: the pictures as they are, stored and not compressed, for PNG does not shrink. */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/* Date and time as MS-DOS wrote them, in two times sixteen bits. */
function dosTime(moment) {
  const day = ((moment.getFullYear() - 1980) << 9) | ((moment.getMonth() + 1) << 5) | moment.getDate();
  return ((day << 16) | (moment.getHours() << 11) | (moment.getMinutes() << 5) | (moment.getSeconds() >> 1)) >>> 0;
}

/* Pack files, [{name, bytes}], into a Blob. */
function zip(files, moment) {
  const parts = [], directory = [];
  let offset = 0, directorySize = 0;
  for (const { name, bytes } of files) {
    const label = new TextEncoder().encode(name);
    /* What the entry and the directory say alike: version, UTF-8 names, stored, time, sum, both sizes, name. */
    const common = new DataView(new ArrayBuffer(26));
    common.setUint16(0, 20, true);
    common.setUint16(2, 0x0800, true);
    common.setUint32(6, dosTime(moment), true);
    common.setUint32(10, crc32(bytes), true);
    common.setUint32(14, bytes.length, true);
    common.setUint32(18, bytes.length, true);
    common.setUint16(22, label.length, true);
    parts.push(Uint32Array.of(0x04034b50), common, label, bytes);
    const rest = new DataView(new ArrayBuffer(14));
    rest.setUint32(10, offset, true);
    directory.push(Uint32Array.of(0x02014b50), Uint16Array.of(20), common, rest, label);
    offset += 30 + label.length + bytes.length;
    directorySize += 46 + label.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, directorySize, true);
  end.setUint32(16, offset, true);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
