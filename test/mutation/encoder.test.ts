import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readAttributes, writeAttributes } from "../../src/nfs4/fattr.ts";
import type { fattr4 } from "../../src/nfs4/types.ts";
import { captureFiles, FIXTURE_CAPTURES, SHARED_CAPTURES } from "../support/capture-files.ts";
import { toHex } from "../support/hex.ts";
import { exchangesOf, kindOf } from "./exchanges.ts";
import { readTraffic } from "./read-traffic.ts";
import { framesOf } from "./real-traffic.ts";
import { decodeMessage, encodeMessage, type RpcCompound } from "./rpc-compound.ts";

/**
 * What others' software sent, decoded and encoded, gives the same bytes: else a misreading of the RFC that decoder and
 * encoder share would pass in every test that is made of our own messages.
 */

/** Not whole: bytes are missing, or the file is for benchmarks. */
const LEFT_OUT = /snap200|dropped|rotC|big_meta/;

const folders = [FIXTURE_CAPTURES, SHARED_CAPTURES];
const files = new Map(folders.flatMap(captureFiles).map((path) => [basename(path).replace(/\.gz$/, ""), path]));
const whole = [...files].filter(([name]) => !LEFT_OUT.test(name));

/** Operations seen, by kind of body: what this test says nothing of. */
const seen = new Set<string>();

test.each(whole)("%s", async (_, path) => {
  const bytes = readFileSync(path);
  const traffic = readTraffic(await framesOf(path.endsWith(".gz") ? gunzipSync(bytes) : bytes));
  let bodies = 0;
  for (const exchange of exchangesOf(traffic)) {
    for (const part of ["call", "reply"] as const) {
      const message = exchange[part];
      if (message === null) continue;
      const decoded = decodeMessage(message.bytes, kindOf(exchange, part));
      if (decoded === null) throw new Error(`not understood: ${toHex(message.bytes)}`);
      bodies++;
      for (const { operation } of decoded.operations) seen.add(`${decoded.kind} ${operation.name}`);
      if (!isSame(encodeMessage(decoded), message.bytes))
        expect(toHex(encodeMessage(decoded))).toBe(toHex(message.bytes));
      checkAttributes(decoded);
    }
  }
  expect(bodies).toBeGreaterThan(1);
});

test("most of what the captures can show was among them", () => {
  expect(seen.size).toBeGreaterThan(70);
});

/** Byte by byte: `toEqual` on megabytes takes minutes. */
function isSame(bytes: Uint8Array, others: Uint8Array): boolean {
  return Buffer.compare(bytes, others) === 0;
}

/** The attributes in a fattr4, which the operations' declarations take for an opaque. RFC 8881 §5 */
function checkAttributes({ operations }: RpcCompound): void {
  for (const fattr of operations.flatMap(({ value }) => attributesIn(value))) {
    const { known, unread, rest, trouble } = readAttributes(fattr);
    expect({ unread, rest: rest.length, trouble }).toEqual({ unread: [], rest: 0, trouble: null });
    const written = writeAttributes(known);
    expect(toHex(written.attr_vals)).toBe(toHex(fattr.attr_vals));
    // Trailing words of zeros say nothing.
    expect(written.attrmask).toEqual(withoutZeros(fattr.attrmask));
  }
}

function attributesIn(value: unknown): fattr4[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [];
  if ("attrmask" in value && "attr_vals" in value) return [value as fattr4];
  return Object.values(value).flatMap(attributesIn);
}

function withoutZeros(words: readonly number[]): number[] {
  return words.slice(0, words.findLastIndex((word) => word !== 0) + 1);
}
