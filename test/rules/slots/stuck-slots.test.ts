import { describe, expect, test } from "vitest";
import { bad, good } from "../../support/rule-stories.ts";
import { op, type Scenario, type SendOptions, type Session, type Step, scenario } from "../../support/scenario.ts";

const MISORDERED = 10063;
const BADSESSION = 10052;

/** The same misordered request `times` times, 20 s apart; frames of the first call and of the last exchange. */
function stick(
  wire: Scenario,
  session: Session,
  seq: number,
  times: number,
  ...how: [steps?: readonly Step[], options?: SendOptions]
): number[] {
  const frames: number[] = [];
  for (let attempt = 0; attempt < times; attempt++) {
    const call = session.slot(0).send(seq, ...how);
    frames.splice(1, 2, call.frame, call.fail(MISORDERED));
    wire.wait(20);
  }
  return frames;
}

bad("misordered-loop", "the client insists on a wrong sequence id", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 2);
  const good = session.slot(0).send(3);
  const answer = good.ok();
  const first = session.slot(0).send(9);
  first.fail(MISORDERED);
  wire.wait(20);
  const [, call, reply] = stick(wire, session, 9, 2);
  session.slot(1).exchange(1);
  return {
    severity: "error",
    fault: "client",
    slot: 0,
    seq: 9,
    frames: [good.frame, answer, first.frame, call!, reply!],
  };
});

bad("misordered-loop", "the server refuses the right one", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 3);
  stick(wire, session, 4, 3);
  return { fault: "server", confidence: "certain", slot: 0, seq: 4 };
});

bad(
  "misordered-loop",
  "a server that knows the session, but not its slots, refuses the retry of what was lost",
  (wire) => {
    const session = wire.session();
    session.slot(0).exchange(1, 3);
    session.slot(0).send(4);
    session.connection.close("rst");
    stick(wire, session, 4, 3, undefined, { on: wire.connect() });
    return { severity: "error", confidence: "likely", fault: "server", slot: 0, seq: 4 };
  },
);

bad("misordered-loop", "nobody can tell on a slot that was never understood", (wire) => {
  const session = wire.adopted();
  session.slot(0).exchange(1, 3);
  stick(wire, session, 7, 3);
  return { fault: "unknown" };
});

bad("misordered-loop", "told once, when it is over", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 3);
  stick(wire, session, 9, 7);
  session.slot(0).exchange(4);
  return { fault: "client", slot: 0, seq: 9, occurrences: 1 };
});

describe("a loop's story", () => {
  const told = (wire: Scenario) =>
    wire.wire
      .findings()
      .find(({ rule }) => rule.id === "misordered-loop")
      ?.message.split("; ")
      .slice(1);

  test("other requests on a new connection, after the old one was lost", () => {
    const wire = scenario();
    const session = wire.session();
    session.slot(0).exchange(1, 3);
    wire.wait(2);
    const lost = session.connection.close("rst");
    const on = wire.connect();
    stick(wire, session, 4, 3, [op.putrootfh()], { on });
    stick(wire, session, 4, 2, [op.putrootfh(), op.getattr()], { on });
    const good = expect.stringMatching(/^last good was seq 3 \(frame \d+\), 2\.0 s before$/);
    const since = new RegExp(
      `^since then its connection was lost \\(frame ${lost}\\), .* was opened \\(frame \\d+\\)$`,
    );
    expect(told(wire)).toEqual(["2 requests lost to it", good, expect.stringMatching(since)]);
  });

  test("an answer that never came, and another connection", () => {
    const wire = scenario();
    const session = wire.session();
    const spare = wire.connect();
    session.slot(1).exchange(1, 1, undefined, { on: spare });
    session.slot(0).exchange(1, 3);
    const hanging = session.slot(0).send(4);
    stick(wire, session, 5, 3, undefined, { on: spare });
    const since = new RegExp(`since then .* was used instead, seq 4 was never answered \\(frame ${hanging.frame}\\)$`);
    expect(told(wire)).toEqual(["1 request lost to it", expect.any(String), expect.stringMatching(since)]);
  });

  test("nothing happened, or nothing good was seen", () => {
    const wire = scenario();
    const session = wire.session();
    session.slot(0).exchange(1, 3);
    stick(wire, session, 9, 3);
    expect(told(wire)?.[1]).toMatch(/ before$/);
    const fresh = scenario();
    stick(fresh, fresh.session(), 9, 3);
    expect(told(fresh)?.[1]).toBe("no good exchange of the slot was seen before");
  });
});

good("misordered-loop", "twice, then it goes on", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 3);
  stick(wire, session, 9, 2);
  session.slot(0).exchange(4);
});

good("misordered-loop", "three times at once", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1, 3);
  for (let attempt = 0; attempt < 3; attempt++) session.slot(0).send(9).fail(MISORDERED);
});

bad("slot-not-lowest", "a higher slot while a lower one rests", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.wait(1);
  const call = session.slot(3).send(1);
  call.ok();
  session.slot(3).exchange(2, 5);
  return { severity: "note", confidence: "certain", fault: "client", frames: [call.frame], occurrences: 1 };
});

good("slot-not-lowest", "the lower ones are busy", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.wait(1);
  const first = session.slot(0).send(2);
  const second = session.slot(1).send(1);
  session.slot(2).exchange(1);
  second.ok();
  first.ok();
});

good("slot-not-lowest", "the lower one became free a moment before", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(1).exchange(1);
});

bad("slot-starvation", "both slots for two seconds", (wire) => {
  const session = wire.session({ slots: 2 });
  const first = session.slot(0).send(1);
  const second = session.slot(1).send(1);
  wire.wait(2);
  const reply = first.ok();
  second.ok();
  return { severity: "note", confidence: "certain", fault: "none", frames: [second.frame, reply] };
});

bad("slot-starvation", "the server's target lowers what may be used", (wire) => {
  const session = wire.session({ slots: 8 });
  session.slot(0).send(1).ok([], { highest: 7, target: 0 });
  const call = session.slot(0).send(2);
  wire.wait(3);
  const reply = call.ok([], { highest: 7, target: 0 });
  return { frames: [call.frame, reply] };
});

bad("slot-starvation", "until the capture ends", (wire) => {
  const session = wire.session({ slots: 2 });
  session.slot(0).send(1);
  const last = session.slot(1).send(1);
  wire.wait(40);
  wire.session({ slots: 64 }).slot(0).exchange(1);
  return { frames: [last.frame], occurrences: 1 };
});

good("slot-starvation", "one slot stays free", (wire) => {
  const session = wire.session({ slots: 3 });
  const calls = [0, 1].map((slot) => session.slot(slot).send(1));
  wire.wait(5);
  for (const call of calls) call.ok();
});

good("slot-starvation", "a request and its retry take one slot", (wire) => {
  const session = wire.session({ slots: 3 });
  const other = wire.connect();
  const first = session.slot(0).send(1);
  const again = session.slot(0).send(1, undefined, { on: other });
  const second = session.slot(1).send(1);
  wire.wait(5);
  for (const call of [first, again, second]) call.ok();
});

good("slot-starvation", "the connection was lost before a second had passed", (wire) => {
  const session = wire.session({ slots: 2 });
  for (const slot of [0, 1]) session.slot(slot).send(1);
  session.connection.close("rst");
  wire.wait(60);
  const on = wire.connect();
  for (const slot of [0, 1]) session.slot(slot).exchange(1, 1, undefined, { on });
});

bad("leaked-slot", "no reply for two minutes, and nobody else was served", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const call = session.slot(0).send(2);
  wire.wait(120);
  wire.session().slot(0).exchange(1);
  return { severity: "error", confidence: "certain", fault: "unknown", frames: [call.frame], slot: 0, seq: 2 };
});

bad("leaked-slot", "the reply came after all", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1);
  wire.wait(100);
  const reply = call.ok();
  return { severity: "note", fault: "none", frames: [call.frame, reply], slot: 0, seq: 1 };
});

good("leaked-slot", "the server served others on that connection: silent-drop", (wire) => {
  const session = wire.session();
  session.slot(0).send(1);
  wire.wait(120);
  session.slot(1).exchange(1);
});

good("leaked-slot", "within the lease", (wire) => {
  const session = wire.session();
  session.slot(0).send(1);
  wire.wait(80);
  wire.session().slot(0).exchange(1);
});

good("leaked-slot", "the slot was used again", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2);
  session.slot(0).exchange(3);
  wire.wait(120);
  wire.session().slot(0).exchange(1);
});

good("leaked-slot", "the session is gone", (wire) => {
  const session = wire.session();
  session.slot(0).send(1);
  wire.wait(1);
  session.slot(1).send(1).fail(BADSESSION);
  wire.wait(120);
  wire.session().slot(0).exchange(1);
});

/** Traffic on a slot for so many seconds. */
function busy(wire: Scenario, session: Session, slot: number, on = session.connection): void {
  for (let seq = 1; seq < 7; seq++) {
    wire.wait(10);
    session.slot(slot).exchange(seq, seq, undefined, { on });
  }
}

bad("slot-never-used-again", "refused, and left while a higher slot works", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  const call = session.slot(0).send(5);
  call.fail(MISORDERED);
  busy(wire, session, 1);
  return { severity: "note", confidence: "certain", fault: "none", frames: [call.frame], slot: 0, seq: 5 };
});

bad("slot-never-used-again", "lost with its connection", (wire) => {
  const session = wire.session();
  const call = session.slot(0).send(1);
  session.connection.close("rst");
  busy(wire, session, 1, wire.connect());
  return { frames: [call.frame], slot: 0, seq: 1 };
});

good("slot-never-used-again", "its last request was answered", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  busy(wire, session, 1);
});

good("slot-never-used-again", "only lower slots work: fewer are needed", (wire) => {
  const session = wire.session();
  session.slot(1).exchange(1);
  session.slot(1).send(5).fail(MISORDERED);
  busy(wire, session, 0);
});
