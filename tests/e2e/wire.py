"""The formats of Prometheus' remote read, written by hand: enough to be a server, and to spoil one.

snappy block format, protobuf, CRC-32C, XOR chunks and the frames of a streamed answer.
"""
import struct

# --- snappy, block format ---------------------------------------------------------------------


def snappy_compress(data):
    """Literals alone: valid, if not small."""
    out = bytearray(uvarint(len(data)))
    for at in range(0, len(data), 65536):
        piece = data[at:at + 65536]
        out += bytes([61 << 2]) + struct.pack("<H", len(piece) - 1) + piece
    return bytes(out)


def snappy_uncompress(data):
    _, at = read_uvarint(data, 0)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            size = tag >> 2
            if size >= 60:
                width = size - 59
                size = int.from_bytes(data[at:at + width], "little")
                at += width
            out += data[at:at + size + 1]
            at += size + 1
            continue
        if tag & 3 == 1:
            size, offset = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[at]
            at += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            size, offset = (tag >> 2) + 1, int.from_bytes(data[at:at + width], "little")
            at += width
        for _ in range(size):
            out.append(out[-offset])
    return bytes(out)


# --- protobuf ---------------------------------------------------------------------------------


def uvarint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def read_uvarint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def field_int(number, value):
    return uvarint(number << 3) + uvarint(value & (1 << 64) - 1)


def field_double(number, value):
    return uvarint(number << 3 | 1) + struct.pack("<d", value)


def field_bytes(number, value):
    if isinstance(value, str):
        value = value.encode()
    return uvarint(number << 3 | 2) + uvarint(len(value)) + value


def fields(data):
    """(number, value) of each field of a message; values are ints or bytes."""
    at = 0
    while at < len(data):
        key, at = read_uvarint(data, at)
        if key & 7 == 0:
            value, at = read_uvarint(data, at)
        elif key & 7 == 1:
            value, at = data[at:at + 8], at + 8
        else:
            size, at = read_uvarint(data, at)
            value, at = data[at:at + size], at + size
        yield key >> 3, value


def read_request(body):
    """(matchers, start_ms, end_ms, accepted types) of the first query of a ReadRequest; matchers are
    (name, operator, value)."""
    operators = ["=", "!=", "=~", "!~"]
    matchers, start, end, accepted = [], 0, 0, []
    for number, value in fields(snappy_uncompress(body)):
        if number == 2:
            accepted += [value] if isinstance(value, int) else list(value)
        if number != 1:
            continue
        for name, part in fields(value):
            if name == 1:
                start = part
            elif name == 2:
                end = part
            elif name == 3:
                matcher = dict(fields(part))
                matchers.append((matcher.get(2, b"").decode(), operators[matcher.get(1, 0)],
                                 matcher.get(3, b"").decode()))
    return matchers, start, end, accepted


# --- CRC-32C (Castagnoli) ---------------------------------------------------------------------


def _crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_CRC_TABLE = _crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC_TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


# --- XOR chunks -------------------------------------------------------------------------------


class _Bits:
    def __init__(self):
        self.value, self.length = 0, 0

    def write(self, value, width):
        self.value = self.value << width | value & (1 << width) - 1
        self.length += width

    def bytes(self):
        padding = -self.length % 8
        return (self.value << padding).to_bytes((self.length + padding) // 8, "big")


def _write_time(bits, dod):
    if dod == 0:
        bits.write(0b0, 1)
        return
    for prefix, prefix_width, width in ((0b10, 2, 14), (0b110, 3, 17), (0b1110, 4, 20)):
        if -(1 << width - 1) + 1 <= dod <= 1 << width - 1:
            bits.write(prefix, prefix_width)
            bits.write(dod, width)
            return
    bits.write(0b1111, 4)
    bits.write(dod, 64)


def _write_value(bits, xor):
    if xor == 0:
        bits.write(0, 1)
        return
    leading = min(64 - xor.bit_length(), 31)
    trailing = (xor & -xor).bit_length() - 1
    significant = 64 - leading - trailing
    bits.write(0b11, 2)
    bits.write(leading, 5)
    bits.write(significant & 63, 6)
    bits.write(xor >> trailing, significant)


def _float_bits(value):
    return value if isinstance(value, int) else struct.unpack(">Q", struct.pack(">d", value))[0]


def xor_chunk(samples):
    """The bytes of a chunk of (milliseconds, value); an int is taken as the bits of its double."""
    bits = _Bits()
    time, value = samples[0][0], _float_bits(samples[0][1])
    head = struct.pack(">H", len(samples)) + uvarint((time << 1) ^ (time >> 63))
    bits.write(value, 64)
    delta = 0
    for number, (next_time, next_value) in enumerate(samples[1:], 1):
        next_value = _float_bits(next_value)
        next_delta = next_time - time
        if number == 1:
            for byte in uvarint(next_delta):
                bits.write(byte, 8)
        else:
            _write_time(bits, next_delta - delta)
        _write_value(bits, next_value ^ value)
        time, value, delta = next_time, next_value, next_delta
    return head + bits.bytes()


def steady_chunk(start_ms, step_ms, count, value):
    """The same for a value that never changes: two bits a sample, so that millions are cheap."""
    head = struct.pack(">H", count) + uvarint((start_ms << 1) ^ (start_ms >> 63))
    head += struct.pack(">d", value) + uvarint(step_ms)
    return head + bytes((1 + 2 * (count - 2) + 7) // 8)


# --- messages ---------------------------------------------------------------------------------


def labels_message(labels):
    return b"".join(field_bytes(1, field_bytes(1, name) + field_bytes(2, value))
                    for name, value in sorted(labels.items()))


def chunk_message(start_ms, end_ms, data, encoding=1):
    return field_bytes(2, field_int(1, start_ms) + field_int(2, end_ms) + field_int(3, encoding)
                       + field_bytes(4, data))


def frame(message):
    return uvarint(len(message)) + struct.pack(">I", crc32c(message)) + message


def chunked_response(labels, chunks):
    """One frame of a streamed answer: a series with its chunk messages."""
    return frame(field_bytes(1, labels_message(labels) + b"".join(chunks)) + field_int(2, 0))


def samples_response(series):
    """The body of an unstreamed answer: [(labels, [(ms, value)])]."""
    result = b""
    for labels, samples in series:
        message = labels_message(labels)
        for time, value in samples:
            message += field_bytes(2, field_double(1, value) + field_int(2, time))
        result += field_bytes(1, message)
    return snappy_compress(field_bytes(1, result))
