import { FixedType } from "./type.ts";

class VoidType extends FixedType<undefined> {
  read(): undefined {
    return undefined;
  }

  write(): void {}

  override skip(): void {}
}

/** No bytes at all. */
export const voidType = new VoidType("void", 0);
