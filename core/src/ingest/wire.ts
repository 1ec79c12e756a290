/**
 * Rows in COPY's binary format: half the bytes of the text format and nothing to parse on the other side.
 * https://www.postgresql.org/docs/current/sql-copy.html (binary format); field formats are those of the types' send functions.
 *
 * All numbers are checked by who writes them: what does not fit is cut off here without a word.
 */
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** The types' numbers in pg_type. */
const OF = { bigint: 20, int: 23, uuid: 2950 };
const TWO_32 = 4294967296;
/** 2000-01-01, from which PostgreSQL counts microseconds. */
const EPOCH = 946_684_800_000;
/** Milliseconds of which the microseconds are exact in a double. */
const EXACT = 9e12;

export class Wire {
  private buffer: Buffer;
  private view: DataView;
  private at: number;
  private rows = 0;
  private readonly columns: number;

  /** `columns`: fields a row; `size`: bytes to begin with. */
  constructor(columns: number, size = 1 << 16) {
    this.columns = columns;
    this.buffer = Buffer.allocUnsafe(size);
    this.view = viewOf(this.buffer);
    this.at = SIGNATURE.copy(this.buffer);
  }

  get length(): number {
    return this.rows;
  }

  /** Begins a row; its fields follow in order. */
  row(): void {
    this.rows++;
    this.room(2);
    this.view.setInt16(this.at, this.columns);
    this.at += 2;
  }

  none(): void {
    this.room(4);
    this.view.setInt32(this.at, -1);
    this.at += 4;
  }

  int(value: number): void {
    this.room(8);
    this.view.setInt32(this.at, 4);
    this.view.setInt32(this.at + 4, value);
    this.at += 8;
  }

  /** Up to 2^53. */
  bigint(value: number): void {
    this.room(12);
    const high = Math.floor(value / TWO_32);
    this.view.setInt32(this.at, 8);
    this.view.setInt32(this.at + 4, high);
    this.view.setUint32(this.at + 8, value - high * TWO_32);
    this.at += 12;
  }

  /** Milliseconds since 1970. */
  time(ms: number): void {
    const since = ms - EPOCH;
    if (since < EXACT && since > -EXACT) {
      this.bigint(since * 1000);
      return;
    }
    this.room(12);
    this.view.setInt32(this.at, 8);
    this.view.setBigInt64(this.at + 4, BigInt(since) * 1000n);
    this.at += 12;
  }

  /** The 16 bytes from `from` on. */
  uuid(bytes: Uint8Array, from = 0): void {
    this.room(20);
    this.view.setInt32(this.at, 16);
    const { buffer } = this;
    const at = this.at + 4;
    for (let i = 0; i < 16; i++) buffer[at + i] = bytes[from + i] ?? 0;
    this.at += 20;
  }

  /**
   * An array of this many elements, which follow: of bigint, int, or uuid with none() for a null. The form is that of array_send
   * (src/backend/utils/adt/arrayfuncs.c). Gives its place, for end().
   */
  array(of: 'bigint' | 'int' | 'uuid', count: number, nulls = false): number {
    this.room(24);
    const start = this.at;
    // An array without elements has no dimension.
    this.view.setInt32(start + 4, count === 0 ? 0 : 1);
    this.view.setInt32(start + 8, nulls ? 1 : 0);
    this.view.setInt32(start + 12, OF[of]);
    this.at += 16;
    if (count === 0) return start;
    this.view.setInt32(start + 16, count);
    this.view.setInt32(start + 20, 1);
    this.at += 8;
    return start;
  }

  /** The array that began at this place has all its elements. */
  end(start: number): void {
    this.view.setInt32(start, this.at - start - 4);
  }

  text(text: string): void {
    // PostgreSQL's text holds no null character.
    const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
    this.room(4 + clean.length * 3);
    const length = this.buffer.write(clean, this.at + 4, 'utf8');
    this.view.setInt32(this.at, length);
    this.at += 4 + length;
  }

  /** Everything since the last time, as one COPY stream in pieces; undefined where there is no row. */
  take(): Buffer[] | undefined {
    if (this.rows === 0) return undefined;
    this.room(2);
    this.view.setInt16(this.at, -1);
    const whole = this.buffer.subarray(0, this.at + 2);
    this.buffer = Buffer.allocUnsafe(Math.max(this.at + 2, 1 << 16));
    this.view = viewOf(this.buffer);
    this.at = SIGNATURE.copy(this.buffer);
    this.rows = 0;
    const pieces: Buffer[] = [];
    for (let from = 0; from < whole.length; from += PIECE) pieces.push(whole.subarray(from, from + PIECE));
    return pieces;
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
    this.view = viewOf(larger);
  }
}

/** Bytes handed to the socket at once. */
const PIECE = 1 << 20;

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
