import { describe, expect, test } from "vitest";
import { FILE_BYTES_MAX, FileData, PAGE_BYTES } from "../../../src/server/fs/file-data.ts";
import { Space } from "../../../src/server/fs/space.ts";
import { integer, pick, random } from "../../support/random.ts";
import { refusalOf } from "../../support/server-context.ts";

const MEBIBYTE = 1024 * 1024;
/** Of files that are compared. */
const SIZE_MAX = 5 * PAGE_BYTES;
const ZEROS = new Uint8Array(SIZE_MAX + PAGE_BYTES * 3);

function fileOf(bytesMax = 64 * MEBIBYTE) {
  const space = new Space(bytesMax);
  return { space, file: new FileData(space) };
}

describe("rows", () => {
  test("nothing is read behind the end, and from nothing", () => {
    const { file } = fileOf();
    file.write(0, Buffer.from("abcdef"));
    expect(Buffer.from(file.read(4, 100)).toString()).toBe("ef");
    expect(file.read(6, 1)).toHaveLength(0);
    expect(file.read(FILE_BYTES_MAX, 10)).toHaveLength(0);
    expect(file.read(2, 0)).toHaveLength(0);
  });

  test("an empty write changes nothing, not even the size", () => {
    const { file } = fileOf();
    file.write(100, new Uint8Array(0));
    expect([file.size, file.used]).toEqual([0, 0]);
  });

  test("what was cut off reads as zeros when the file grows again", () => {
    const { file } = fileOf();
    file.write(0, new Uint8Array(1000).fill(7));
    file.truncate(10);
    file.truncate(1000);
    expect(file.read(0, 1000)).toEqual(new Uint8Array(1000).fill(7, 0, 10));
  });

  test("an aligned page is read without a copy", () => {
    const { file } = fileOf();
    file.write(0, new Uint8Array(2 * PAGE_BYTES).fill(1));
    expect(file.read(PAGE_BYTES, PAGE_BYTES).buffer).toBe(file.read(PAGE_BYTES, 1).buffer);
  });

  test.each([
    ["written over in part", (file: FileData) => file.write(10, new Uint8Array(5))],
    ["written over as a whole", (file: FileData) => file.write(0, new Uint8Array(PAGE_BYTES))],
    ["cut off in its middle", (file: FileData) => file.truncate(1000)],
    ["cleared in part", (file: FileData) => file.deallocate(10, 100)],
    ["gone", (file: FileData) => file.release()],
  ])("what a reply may still carry stays as it was read, though the file is %s", (_, change) => {
    const { file, space } = fileOf();
    file.write(0, new Uint8Array(2 * PAGE_BYTES).fill(7));
    const read = file.read(0, PAGE_BYTES);
    change(file);
    expect(read.every((byte) => byte === 7)).toBe(true);
    expect(file.used).toBe(space.used);
  });

  test("a page that was lent is replaced once, with all that it held", () => {
    const { file } = fileOf();
    file.write(0, new Uint8Array(PAGE_BYTES).fill(7));
    file.read(0, PAGE_BYTES);
    file.write(10, Uint8Array.of(1));
    const { buffer } = file.read(0, 1);
    file.write(11, Uint8Array.of(2));
    expect(file.read(0, 1).buffer).toBe(buffer);
    expect([...file.read(8, 5)]).toEqual([7, 7, 1, 2, 7]);
  });

  test("a small file takes little memory, and a hole none", () => {
    const { space, file } = fileOf();
    file.write(0, new Uint8Array(10));
    expect(file.used).toBe(512);
    file.truncate(FILE_BYTES_MAX);
    expect(space.used).toBe(512);
    file.write(10 * PAGE_BYTES, new Uint8Array(1));
    expect(space.used).toBe(1024);
  });

  test("a file may be so large and no larger", () => {
    const { file } = fileOf();
    file.write(FILE_BYTES_MAX - 1, new Uint8Array(1));
    expect(refusalOf(() => file.write(FILE_BYTES_MAX, new Uint8Array(1)))).toBe("NFS4ERR_FBIG");
    expect(refusalOf(() => file.truncate(FILE_BYTES_MAX + 1))).toBe("NFS4ERR_FBIG");
    expect(refusalOf(() => file.allocate(1, FILE_BYTES_MAX))).toBe("NFS4ERR_FBIG");
    expect(file.size).toBe(FILE_BYTES_MAX);
  });

  test("what is allocated counts as data, and what is deallocated as hole", () => {
    const { file, space } = fileOf();
    file.allocate(PAGE_BYTES, 2 * PAGE_BYTES);
    expect([file.size, space.used, file.nextData(0)]).toEqual([3 * PAGE_BYTES, 2 * PAGE_BYTES, PAGE_BYTES]);
    file.deallocate(PAGE_BYTES, PAGE_BYTES);
    expect([file.size, space.used, file.nextData(0)]).toEqual([3 * PAGE_BYTES, PAGE_BYTES, 2 * PAGE_BYTES]);
    expect(file.nextHole(2 * PAGE_BYTES)).toBe(3 * PAGE_BYTES);
  });
});

describe("space", () => {
  test.each([
    ["write", (file: FileData) => file.write(PAGE_BYTES - 100, new Uint8Array(2 * PAGE_BYTES).fill(9))],
    ["allocate", (file: FileData) => file.allocate(0, 3 * PAGE_BYTES)],
  ])("a %s that does not fit leaves everything as it was", (_, act) => {
    const { space, file } = fileOf(2 * PAGE_BYTES);
    file.write(0, new Uint8Array(700).fill(3));
    const before = [file.size, file.used, space.used, file.nextHole(0)];
    expect(refusalOf(() => act(file))).toBe("NFS4ERR_NOSPC");
    expect([file.size, file.used, space.used, file.nextHole(0)]).toEqual(before);
    expect(file.read(0, 700)).toEqual(new Uint8Array(700).fill(3));
  });

  test("to allocate as much as a file can hold is refused without counting its pages", () => {
    const { file } = fileOf(MEBIBYTE);
    // That would be 67 million.
    expect(refusalOf(() => file.allocate(0, FILE_BYTES_MAX))).toBe("NFS4ERR_NOSPC");
  });

  test("the last byte of memory can be had, over and over", () => {
    const { space, file } = fileOf(PAGE_BYTES);
    file.write(0, new Uint8Array(PAGE_BYTES));
    file.write(0, new Uint8Array(PAGE_BYTES).fill(1));
    expect(space.free).toBe(0);
    expect(refusalOf(() => file.write(PAGE_BYTES, new Uint8Array(1)))).toBe("NFS4ERR_NOSPC");
  });

  test("a file that is gone gives back its memory", () => {
    const { space, file } = fileOf();
    file.write(0, new Uint8Array(3 * PAGE_BYTES));
    file.release();
    expect([space.used, file.size]).toEqual([0, 0]);
  });
});

describe("against plain bytes", () => {
  /** Around the borders of pages, where mistakes live. */
  const position = (next: () => number) =>
    Math.max(0, Math.min(SIZE_MAX, pick(next, [0, 1, 2, 3, 4, 5]) * PAGE_BYTES + integer(next, -3, 3)));

  test.each(Array.from({ length: 12 }, (_, seed) => seed))("seed %i", (seed) => {
    const next = random(seed);
    const { space, file } = fileOf();
    const other = new FileData(space);
    other.write(0, new Uint8Array(1234));
    const model = new PlainFile();
    for (let step = 0; step < 60; step++) {
      const [from, to] = [position(next), position(next)].sort((left, right) => left - right) as [number, number];
      const act = pick(next, ["write", "write", "truncate", "allocate", "deallocate"] as const);
      if (act === "write") {
        const bytes = new Uint8Array(Math.min(to - from, integer(next, 0, 2 * PAGE_BYTES))).fill(step + 1);
        file.write(from, bytes);
        model.write(from, bytes);
      } else if (act === "truncate") {
        file.truncate(to);
        model.truncate(to);
      } else {
        file[act](from, to - from);
        model[act](from, to - from);
      }
      expect(file.size).toBe(model.size);
      expect(space.used).toBe(file.used + other.used);
      const [offset, count] = [position(next), integer(next, 0, SIZE_MAX)];
      expect(Buffer.compare(file.read(offset, count), model.read(offset, count))).toBe(0);
      expectHolesToBeZeros(file, model);
    }
    file.release();
    expect(space.used).toBe(other.used);
  });
});

/** A file as simple as can be. */
class PlainFile {
  #bytes = new Uint8Array(0);

  get size(): number {
    return this.#bytes.length;
  }

  read(offset: number, count: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + count);
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.allocate(offset, bytes.length);
    this.#bytes.set(bytes, bytes.length > 0 ? offset : 0);
  }

  truncate(size: number): void {
    const kept = this.#bytes.subarray(0, size);
    this.#bytes = new Uint8Array(size);
    this.#bytes.set(kept);
  }

  allocate(offset: number, length: number): void {
    if (offset + length > this.size) this.truncate(offset + length);
  }

  deallocate(offset: number, length: number): void {
    this.#bytes.fill(0, offset, Math.min(this.size, offset + length));
  }
}

/** Walks as SEEK does: data and holes take turns up to the end, holes are zeros, and all that is not zero is data. */
function expectHolesToBeZeros(file: FileData, model: PlainFile): void {
  for (let at = 0; at < file.size; ) {
    const data = file.nextData(at) ?? file.size;
    expect(Buffer.compare(model.read(at, data - at), ZEROS.subarray(0, data - at))).toBe(0);
    if (data > at) expect(file.nextHole(at)).toBe(at);
    if (data === file.size) return;
    const hole = file.nextHole(data);
    expect(hole).toBeGreaterThan(data);
    expect(hole).toBeLessThanOrEqual(file.size);
    at = hole;
  }
}
