import { expect, test } from "vitest";
import { analysisWithGap } from "../support/analysis-fixture.ts";
import { documentOf } from "../support/json-document.ts";

test("the owner is readable in `owner` and exact in `ownerHex`", () => {
  const [client] = documentOf(analysisWithGap()).clients;
  expect(client).toMatchObject({ owner: "SEQ13\\x1b[2J", ownerHex: "53455131331b5b324a", addresses: ["127.0.0.1"] });
});
