import { describe, expect, test } from "vitest";
import { handleOf, idOf } from "../../../src/server/fs/handle.ts";
import { integer, random } from "../../support/random.ts";
import { refusalOf, StatelessServer } from "../../support/server-context.ts";

describe("handles", () => {
  test.each([1, 2, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER])("of %i lead back to it", (id) => {
    expect(idOf(handleOf(id))).toBe(id);
  });

  test("a handle may lie anywhere in a message", () => {
    const message = new Uint8Array(64);
    message.set(handleOf(77), 13);
    expect(idOf(message.subarray(13, 29))).toBe(77);
  });

  test.each([0, 1, 15, 17, 128])("%i bytes are none", (length) => {
    expect(refusalOf(() => idOf(new Uint8Array(length)))).toBe("NFS4ERR_BADHANDLE");
  });

  test("with any bit changed they are bad", () => {
    for (const id of [1, 12_345, 0x1_0000_0001]) {
      for (let bit = 0; bit < 128; bit++) {
        const handle = handleOf(id);
        handle[bit >> 3] = (handle[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(
          refusalOf(() => idOf(handle)),
          `bit ${bit}`,
        ).toBe("NFS4ERR_BADHANDLE");
      }
    }
  });

  test("fuzz: no changed handle leads to another object", () => {
    const next = random(7);
    const server = new StatelessServer();
    const { fileSystem } = server;
    const files = Array.from({ length: 50 }, (_, index) => fileSystem.handleOf(server.add(server.root, `${index}`)));
    for (let round = 0; round < 20_000; round++) {
      const handle = (files[integer(next, 0, 49)] as Uint8Array).slice();
      for (let i = integer(next, 1, 3); i > 0; i--) handle[integer(next, 0, 15)] = integer(next, 0, 255);
      const isUnchanged = files.some((file) => Buffer.compare(file, handle) === 0);
      if (!isUnchanged) expect(refusalOf(() => fileSystem.resolve(handle))).toMatch(/BADHANDLE|STALE/);
    }
  });
});
