import { describe, expect, test } from "vitest";
import { rules } from "../../../src/rules/index.ts";
import { twinOf } from "../../../src/rules/twin.ts";
import { ruleLike } from "../../support/analysis-fixture.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { op } from "../../support/scenario.ts";
import { resultOf } from "../../support/scenario-operations.ts";

// The stories of the fore channel are told of callbacks too, by test/support/rule-stories.ts: here is what they lack.

const BAD_STATEID = 10025;
const NOENT = 2;

bad("backchannel-reply-op-mismatch", "the results of another callback", (wire) => {
  const session = wire.session({ flags: 2 });
  const call = session.connection.callback([session.callbackSequence(0, 1), op.recall()]);
  const foreign = [session.callbackSequence(0, 1), op.recallAny()].map((step) => resultOf(step));
  return { severity: "error", fault: "client", frames: [call.frame, call.results(0, foreign)], slot: 0, seq: 1 };
});

good("backchannel-status-not-listed", "an error of CB_RECALL", (wire) => {
  const session = wire.session({ flags: 2 });
  session.connection.callback([session.callbackSequence(0, 1), op.recall()]).ok([0, BAD_STATEID]);
});

bad("backchannel-status-not-listed", "an error that only operations of the fore channel have", (wire) => {
  const session = wire.session({ flags: 2 });
  const call = session.connection.callback([session.callbackSequence(0, 1), op.recall()]);
  return { severity: "warning", fault: "client", frames: [call.frame, call.ok([0, NOENT])] };
});

describe("a twin", () => {
  test("accuses the other party of the same thing", () => {
    const original = ruleLike({ fault: "client", supersedes: ["seq-misordered"], options: { idleSeconds: 60 } });
    expect(twinOf(original)).toMatchObject({
      id: "backchannel-seq-gap",
      derivedFrom: "seq-gap",
      channel: "back",
      fault: "server",
      rfc: "RFC 8881 2.10.6.1, 20.9.3",
      supersedes: ["backchannel-seq-misordered"],
      options: { idleSeconds: 60 },
      title: "Callbacks: sequence id jumped ahead",
      help: { todo: "Look for requests that the server counted and did not send." },
    });
  });

  test("does not take over who is known to break the other rule", () => {
    const original = ruleLike({});
    expect(original.help.seenIn).toBeDefined();
    expect(twinOf(original).help.seenIn).toBeUndefined();
    expect(twinOf(original, { seenIn: "somebody else" }).help.seenIn).toBe("somebody else");
  });

  test("has an id of its own", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("is told in the words of the back channel", () => {
    const twins = rules.filter(({ derivedFrom }) => derivedFrom !== undefined);
    const texts = twins.flatMap(({ id, title, help }) =>
      Object.values({ title, ...help }).map((text) => `${id}: ${text}`),
    );
    expect(texts.filter((text) => /\bSEQUENCE\b|\bCOMPOUND\b|\bs[ar]_|mount/.test(text))).toEqual([
      expect.stringContaining("on the client, unmount or force a new session"),
    ]);
  });
});
