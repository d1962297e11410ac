// QR codes (ISO/IEC 18004), byte mode, error correction level M, versions 1 to 10: enough for the address of a second factor. Drawn here, so that
// a secret goes to no other host and no library.

/** Of each version: error correction codewords of a block, then the data codewords of every block (ISO/IEC 18004 table 9, level M). */
const BLOCKS: [number, number[]][] = [
  [10, [16]], [16, [28]], [26, [44]], [18, [32, 32]], [24, [43, 43]], [16, [27, 27, 27, 27]], [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]], [22, [36, 36, 36, 37, 37]], [26, [43, 43, 43, 43, 44]],
];
/** Centres of the alignment patterns (annex E). */
const ALIGNMENT: number[][] = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
const LEVEL_M = 0;

/** The field GF(256) with the polynomial 285. */
const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = value & 128 ? (value << 1) ^ 285 : value << 1;
}
const at = (list: ArrayLike<number>, index: number): number => list[index] ?? 0;
const times = (a: number, b: number): number => (a && b ? at(EXP, at(LOG, a) + at(LOG, b)) : 0);

function correction(data: number[], count: number): number[] {
  let generator = [1];
  for (let root = 0; root < count; root += 1) {
    const next = [...generator, 0];
    generator.forEach((factor, index) => (next[index + 1] = at(next, index + 1) ^ times(factor, at(EXP, root))));
    generator = next;
  }
  const rest = [...data, ...new Array<number>(count).fill(0)];
  data.forEach((_, index) => {
    const lead = at(rest, index);
    generator.forEach((factor, offset) => (rest[index + offset] = at(rest, index + offset) ^ times(factor, lead)));
  });
  return rest.slice(data.length);
}

/** Mode, length, bytes, terminator and padding as codewords; null when they do not fit. */
function dataWords(bytes: Uint8Array, version: number, capacity: number): number[] | null {
  const bits: number[] = [];
  const put = (value: number, width: number) => {
    for (let bit = width - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => put(byte, 8));
  if (bits.length > capacity * 8) return null;
  put(0, Math.min(4, capacity * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words: number[] = [];
  for (let from = 0; from < bits.length; from += 8) words.push(bits.slice(from, from + 8).reduce((word, bit) => word * 2 + bit, 0));
  for (let pad = 0; words.length < capacity; pad += 1) words.push(pad % 2 ? 17 : 236);
  return words;
}

/** Blocks side by side, as the symbol takes them. */
function interleaved(words: number[], version: number): number[] {
  const [checks, sizes] = BLOCKS[version - 1] as [number, number[]];
  let from = 0;
  const blocks = sizes.map((size) => words.slice(from, (from += size)));
  const ends = blocks.map((block) => correction(block, checks));
  const columns = (rows: number[][]) => Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, index) => rows.filter((row) => index < row.length).map((row) => at(row, index))).flat();
  return [...columns(blocks), ...columns(ends)];
}

/** BCH remainder of the format and version information (annexes C and D). */
function remainder(value: number, polynomial: number, degree: number): number {
  let rest = value << degree;
  for (let bit = 31; bit >= degree; bit -= 1) if (rest & (1 << bit)) rest ^= polynomial << (bit - degree);
  return (value << degree) | rest;
}

class QrSymbol {
  readonly size: number;
  readonly dark: boolean[][];
  private readonly fixed: boolean[][];

  constructor(readonly version: number) {
    this.size = 17 + version * 4;
    this.dark = Array.from({ length: this.size }, () => new Array<boolean>(this.size).fill(false));
    this.fixed = Array.from({ length: this.size }, () => new Array<boolean>(this.size).fill(false));
    this.drawPatterns();
  }

  private set(x: number, y: number, dark: boolean): void {
    const [row, kept] = [this.dark[y], this.fixed[y]];
    if (!row || !kept || x < 0 || x >= this.size) return;
    row[x] = dark;
    kept[x] = true;
  }

  private rings(cx: number, cy: number, reach: number): void {
    for (let dy = -reach; dy <= reach; dy += 1) {
      for (let dx = -reach; dx <= reach; dx += 1) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        this.set(cx + dx, cy + dy, reach === 4 ? ring !== 2 && ring !== 4 : ring !== 1);
      }
    }
  }

  private drawPatterns(): void {
    const end = this.size - 1;
    for (let index = 0; index < this.size; index += 1) {
      this.set(6, index, index % 2 === 0);
      this.set(index, 6, index % 2 === 0);
    }
    [[3, 3], [end - 3, 3], [3, end - 3]].forEach(([x = 0, y = 0]) => this.rings(x, y, 4));
    const centres = ALIGNMENT[this.version - 1] ?? [];
    centres.forEach((x) => centres.forEach((y) => {
      const corner = (x === 6 && y === 6) || (x === 6 && y === end - 6) || (x === end - 6 && y === 6);
      if (!corner) this.rings(x, y, 2);
    }));
    this.drawFormat(0);
    if (this.version >= 7) this.drawVersion();
  }

  private drawVersion(): void {
    const bits = remainder(this.version, 0x1f25, 12);
    for (let index = 0; index < 18; index += 1) {
      const dark = ((bits >> index) & 1) === 1;
      const [a, b] = [this.size - 11 + (index % 3), Math.floor(index / 3)];
      this.set(a, b, dark);
      this.set(b, a, dark);
    }
  }

  private drawFormat(mask: number): void {
    const bits = remainder((LEVEL_M << 3) | mask, 0x537, 10) ^ 0x5412;
    const bit = (index: number) => ((bits >> index) & 1) === 1;
    for (let index = 0; index <= 5; index += 1) this.set(8, index, bit(index));
    this.set(8, 7, bit(6));
    this.set(8, 8, bit(7));
    this.set(7, 8, bit(8));
    for (let index = 9; index < 15; index += 1) this.set(14 - index, 8, bit(index));
    for (let index = 0; index < 8; index += 1) this.set(this.size - 1 - index, 8, bit(index));
    for (let index = 8; index < 15; index += 1) this.set(8, this.size - 15 + index, bit(index));
    this.set(8, this.size - 8, true);
  }

  /** Bits run in columns of two, upwards and downwards in turn, past what is fixed. */
  place(words: number[], mask: number): void {
    const isMasked = [
      (x: number, y: number) => (x + y) % 2, (_x: number, y: number) => y % 2, (x: number) => x % 3, (x: number, y: number) => (x + y) % 3,
      (x: number, y: number) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x: number, y: number) => ((x * y) % 2) + ((x * y) % 3),
      (x: number, y: number) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x: number, y: number) => (((x + y) % 2) + ((x * y) % 3)) % 2,
    ][mask]!;
    let index = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      for (let step = 0; step < this.size; step += 1) {
        const y = ((right + 1) & 2) === 0 ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (this.fixed[y]![x]) continue;
          const bit = (at(words, index >> 3) >> (7 - (index & 7))) & 1;
          this.dark[y]![x] = (bit === 1) !== (isMasked(x, y) === 0);
          index += 1;
        }
      }
    }
    this.drawFormat(mask);
  }

  /** How hard it is to read (section 7.8.3). */
  penalty(): number {
    const lines = [...this.dark, ...this.dark.map((_, x) => this.dark.map((row) => row[x] === true))];
    let sum = 0;
    for (const line of lines) {
      const text = line.map((dark) => (dark ? '1' : '0')).join('');
      for (const run of text.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
      sum += 40 * ((text.match(/(?=00001011101|10111010000)/g) ?? []).length);
    }
    for (let y = 1; y < this.size; y += 1) {
      for (let x = 1; x < this.size; x += 1) {
        const four = [this.dark[y]![x], this.dark[y - 1]![x], this.dark[y]![x - 1], this.dark[y - 1]![x - 1]];
        if (four.every((dark) => dark === four[0])) sum += 3;
      }
    }
    const share = this.dark.flat().filter(Boolean).length / this.size ** 2;
    return sum + Math.floor(Math.abs(share * 100 - 50) / 5) * 10;
  }
}

/** Rows of dark and light modules; null for a text of more than about 210 bytes. */
export function qrModules(text: string): boolean[][] | null {
  const bytes = new TextEncoder().encode(text);
  for (let version = 1; version <= BLOCKS.length; version += 1) {
    const words = dataWords(bytes, version, BLOCKS[version - 1]![1].reduce((sum, size) => sum + size, 0));
    if (!words) continue;
    const placed = [0, 1, 2, 3, 4, 5, 6, 7].map((mask) => {
      const symbol = new QrSymbol(version);
      symbol.place(interleaved(words, version), mask);
      return symbol;
    });
    return placed.reduce((best, symbol) => (symbol.penalty() < best.penalty() ? symbol : best)).dark;
  }
  return null;
}

/** One path of an SVG whose unit is a module, with the quiet zone of four around it. */
export function qrPath(modules: boolean[][]): string {
  return modules.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ''))).join('');
}
