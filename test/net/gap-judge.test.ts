import { describe, expect, test } from "vitest";
import { SILENT_PATIENCE_MICROS, SKEWED_PATIENCE_FRAMES, SKEWED_PATIENCE_MICROS } from "../../src/net/gap-judge.ts";
import { Conversation } from "../support/conversation.ts";

const gap = (missing: number): object => ({ missing, why: "gap" });

describe("a hole the receiver acknowledged is the capture's", () => {
  test("the answer to what waits is delivered after it", () => {
    const wire = new Conversation().handshake().fromClient("call1").clientUnseen("call2").fromClient("call3");
    expect(wire.clientStream()).toEqual(["call1"]);
    wire.fromServer("reply3");
    expect(wire.sink.log).toEqual(["0.0 call1", "0.0 gap 5", "0.0 call3", "0.1 reply3"]);
    expect(wire.network.counters).toMatchObject({ gaps: 1, gapBytes: 5, lostThenFilled: 0 });
    expect(wire.sink.connections[0]!.halves[0]).toMatchObject({ delivered: 15, missingBytes: 5 });
  });

  test("acknowledged before more came: the stream goes on at once", () => {
    const wire = new Conversation().handshake().fromClient("one").clientUnseen("two").fromServer();
    expect(wire.clientStream()).toEqual(["one"]);
    wire.fromClient("three");
    expect(wire.clientStream()).toEqual(["one", gap(3), "three"]);
  });

  test("a bare acknowledgement is acted upon with the next segment that carries something", () => {
    const wire = new Conversation().handshake().clientUnseen("one").fromClient("two").fromServer();
    expect(wire.clientStream()).toEqual([]);
    wire.fromClient("three");
    expect(wire.clientStream()).toEqual([gap(3), "twothree"]);
  });

  test("a frame recorded just behind the bare acknowledgement of it still counts", () => {
    const wire = new Conversation().handshake();
    const late = wire.packet(wire.client, wire.server, { payload: "one" });
    wire.fromClient("two").fromServer().push(late).fromClient("three");
    expect(wire.clientStream()).toEqual(["onetwothree"]);
    expect(wire.network.counters.gaps).toBe(0);
  });

  test("an acknowledgement of a part of the hole proves nothing of the rest", () => {
    const wire = new Conversation().handshake().clientUnseen("one").clientUnseen("two").fromClient("three");
    wire.fromServer("r", { acks: 3 }).fromClient("four", { acks: 1 });
    expect(wire.clientStream()).toEqual([]);
    wire.fromServer("r", { acks: 6 });
    expect(wire.clientStream()).toEqual([gap(6), "threefour"]);
  });

  test("several holes at once", () => {
    const wire = new Conversation().handshake();
    for (let round = 0; round < 3; round++) wire.clientUnseen("lost").fromClient("seen");
    wire.fromServer("r");
    expect(wire.clientStream()).toEqual([gap(4), "seen", gap(4), "seen", gap(4), "seen"]);
  });

  test("bytes acknowledged at the very end, never captured", () => {
    const wire = new Conversation().handshake().fromClient("one").clientUnseen("two").fromServer();
    wire.network.finish();
    expect(wire.clientStream()).toEqual(["one", gap(3)]);
  });

  test("a single number at the end may have been a FIN", () => {
    const wire = new Conversation().handshake().fromClient("one").clientUnseen("?").fromServer();
    wire.network.finish();
    expect(wire.clientStream()).toEqual(["one"]);
  });

  test("an acknowledgement too far ahead is not believed", () => {
    const wire = new Conversation()
      .handshake()
      .fromClient("one")
      .fromServer("r", { acks: 2 ** 30 + 100 });
    wire.network.finish();
    expect(wire.clientStream()).toEqual(["one"]);
  });

  test("a FIN behind a hole waits for it", () => {
    const wire = new Conversation().handshake().clientUnseen("one").fromClient("", { flags: "FA" });
    expect(wire.clientStream()).toEqual([]);
    wire.fromServer("", { flags: "FA" });
    expect(wire.clientStream()).toEqual([gap(3)]);
    expect(wire.sink.connections[0]!.ended).toBe("fin");
  });
});

describe("a hole that is filled was the network's", () => {
  test("soon: the segments were reordered", () => {
    const wire = new Conversation().handshake();
    const late = wire.packet(wire.client, wire.server, { payload: "one" });
    wire.fromClient("two").push(late).fromServer();
    expect(wire.clientStream()).toEqual(["onetwo"]);
    expect(wire.network.counters).toMatchObject({ outOfOrderSegments: 1, lostThenFilled: 0, retransmittedSegments: 0 });
  });

  test("later: lost, and sent again", () => {
    const wire = new Conversation().handshake();
    wire.clientUnseen("one").fromClient("two").fromServer("", { acks: 0 }).wait(200_000);
    wire.fromClient("one", { at: 0 }).fromServer();
    expect(wire.clientStream()).toEqual(["onetwo"]);
    expect(wire.network.counters).toMatchObject({ gaps: 0, lostThenFilled: 1, retransmittedSegments: 1 });
    expect(wire.sink.connections[0]!.facts.retransmittedSegments).toBe(1);
  });
});

describe("a capture whose order is not to be trusted", () => {
  /** Merged files: the server's clock is behind, its acknowledgements come before what they acknowledge. */
  function skewed(): Conversation {
    const wire = new Conversation().handshake();
    const early = wire.packet(wire.client, wire.server, { payload: "early" });
    return wire.fromServer("r").push(early);
  }

  test("late frames behind their answer are waited for", () => {
    const wire = skewed();
    const late = wire.packet(wire.client, wire.server, { payload: "late" });
    wire.fromClient("next").fromServer("reply").fromClient("more").push(late);
    expect(wire.clientStream()).toEqual(["earlylatenextmore"]);
    expect(wire.network.counters.gaps).toBe(0);
  });

  test("but not for ever", () => {
    const wire = skewed().clientUnseen("lost").fromClient("next").fromServer("reply");
    wire.wait(SKEWED_PATIENCE_MICROS).fromServer("more");
    expect(wire.clientStream()).toEqual(["early", gap(4), "next"]);
  });

  test("and not for ever by the frame, when frames have no time", () => {
    const wire = skewed().clientUnseen("lost").fromClient("next").fromServer("reply");
    for (let frame = 0; frame <= SKEWED_PATIENCE_FRAMES; frame++) wire.wait(-1000).fromClient(".");
    expect(wire.network.counters.gaps).toBe(1);
  });
});

describe("when only one direction is captured", () => {
  test("a hole is given up when a sender would long have filled it", () => {
    const wire = new Conversation().fromClient("one").clientUnseen("two").fromClient("three");
    expect(wire.clientStream()).toEqual(["one"]);
    wire.wait(SILENT_PATIENCE_MICROS).fromClient("four");
    expect(wire.clientStream()).toEqual(["one", gap(3), "threefour"]);
  });

  test("what the silent direction must have carried is missing, and said so", () => {
    const wire = new Conversation().fromClient("call").serverUnseen("reply").fromClient("call").serverUnseen("reply!");
    wire.fromClient();
    expect(wire.sink.connections[0]!.facts.silentHalf).toBe(1);
    wire.network.finish();
    expect(wire.serverStream()).toEqual([gap(11)]);
  });

  test("a direction that shows up late begins with what was missing", () => {
    const wire = new Conversation().fromClient("call").serverUnseen("reply").fromClient("call").fromServer("seen");
    expect(wire.serverStream()).toEqual([gap(5), "seen"]);
    expect(wire.sink.connections[0]!.facts.silentHalf).toBe(null);
  });
});
