import type { Cursor } from "./cursor.ts";
import type { Sink } from "./sink.ts";
import { FixedType } from "./type.ts";

/** FALSE is 0 and TRUE is 1; nothing else is a bool. RFC 4506 §4.4 */
class BoolType extends FixedType<boolean> {
  read(cursor: Cursor): boolean {
    const value = cursor.u32();
    if (value > 1) cursor.fail(`${value} is not a bool`, cursor.position - 4);
    return value === 1;
  }

  write(sink: Sink, value: boolean): void {
    sink.u32(value ? 1 : 0);
  }
}

export const bool = new BoolType("bool", 4);
