import { expect, test } from "vitest";
import { ObservedSession } from "../../src/session/observed-session.ts";
import { emptyAnalysis, oneSession, sighting } from "../support/analysis-fixture.ts";
import { documentOf } from "../support/json-document.ts";

test("a session id that only ever got BADSESSION is no session", () => {
  const { server } = oneSession();
  const session = new ObservedSession("42616420".repeat(4), server, null, 1, sighting(8), false);
  session.sequenceErrors.set(10052, 1);
  server.sessions.set(session.id, session);
  expect(documentOf(emptyAnalysis({ servers: [server] })).sessions).toHaveLength(1);
});
