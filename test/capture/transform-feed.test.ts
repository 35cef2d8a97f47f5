import { Transform } from "node:stream";
import { describe, expect, it } from "vitest";
import { TransformFeed } from "../../src/capture/transform-feed.ts";

/** Doubles what it gets; fails on "!" and, if so told, at the end. */
function doubling(failsAtEnd = false): Transform {
  return new Transform({
    transform(piece: Buffer, _, done) {
      if (piece.toString() === "!") return done(new Error("bang"));
      this.push(piece);
      this.push(piece);
      done();
    },
    flush(done) {
      this.push("end");
      done(failsAtEnd ? new Error("too early") : null);
    },
  });
}

const bytes = (text: string) => new TextEncoder().encode(text);
const taken = (feed: TransformFeed) => feed.take().map((piece) => Buffer.from(piece).toString());

describe("TransformFeed", () => {
  it("collects the output of each piece", async () => {
    const feed = new TransformFeed(doubling());
    await feed.write(bytes("a"));
    expect(taken(feed)).toEqual(["a", "a"]);
    await feed.write(bytes("b"));
    await feed.end();
    expect(taken(feed)).toEqual(["b", "b", "end"]);
    expect(taken(feed)).toEqual([]);
  });

  it("keeps the output that came before an error, and stays failed", async () => {
    const feed = new TransformFeed(doubling());
    await feed.write(bytes("a"));
    await expect(feed.write(bytes("!"))).rejects.toThrow("bang");
    expect(taken(feed)).toEqual(["a", "a"]);
    await expect(feed.write(bytes("b"))).rejects.toThrow("bang");
    await expect(feed.end()).rejects.toThrow("bang");
  });

  it("reports an error at the end", async () => {
    const feed = new TransformFeed(doubling(true));
    await expect(feed.end()).rejects.toThrow("too early");
  });
});
