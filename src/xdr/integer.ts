import type { Cursor } from "./cursor.ts";
import type { Sink } from "./sink.ts";
import { FixedType } from "./type.ts";

function checkInteger(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) throw new RangeError(`${value} is not a ${name}`);
}

class Uint32Type extends FixedType<number> {
  read(cursor: Cursor): number {
    return cursor.u32();
  }

  write(sink: Sink, value: number): void {
    checkInteger(this.name, value, 0, 0xffff_ffff);
    sink.u32(value);
  }
}

class Int32Type extends FixedType<number> {
  read(cursor: Cursor): number {
    return cursor.i32();
  }

  write(sink: Sink, value: number): void {
    checkInteger(this.name, value, -0x8000_0000, 0x7fff_ffff);
    sink.u32(value);
  }
}

class Uint64Type extends FixedType<bigint> {
  read(cursor: Cursor): bigint {
    return cursor.u64();
  }

  write(sink: Sink, value: bigint): void {
    if (value !== BigInt.asUintN(64, value)) throw new RangeError(`${value} is not a ${this.name}`);
    sink.u64(value);
  }
}

class Int64Type extends FixedType<bigint> {
  read(cursor: Cursor): bigint {
    return cursor.i64();
  }

  write(sink: Sink, value: bigint): void {
    if (value !== BigInt.asIntN(64, value)) throw new RangeError(`${value} is not a ${this.name}`);
    sink.u64(value);
  }
}

export const uint32 = new Uint32Type("uint32_t", 4);
export const int32 = new Int32Type("int32_t", 4);
export const uint64 = new Uint64Type("uint64_t", 8);
export const int64 = new Int64Type("int64_t", 8);
