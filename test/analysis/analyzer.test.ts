import { describe, expect, test } from "vitest";
import { Analyzer } from "../../src/analysis/analyzer.ts";
import { scenario } from "../support/scenario.ts";

describe("Analyzer", () => {
  test("without a frame it ends quietly", () => {
    const analyzer = new Analyzer();
    analyzer.finish();
    expect(analyzer.engine.findings.all).toEqual([]);
    expect(analyzer.limits().every(({ dropped }) => dropped === 0)).toBe(true);
  });

  test("connections that carry NFSv4 are remembered with their ends, and told when they close", () => {
    const wire = scenario();
    const session = wire.session({ on: wire.connect("10.0.0.9:700") });
    session.slot(0).exchange(1);
    session.connection.close("rst");
    const [connection] = wire.wire.analyzer.connections;
    expect(connection).toMatchObject({
      client: "10.0.0.9:700",
      server: "10.0.0.1:2049",
      handshakeSeen: true,
    });
    expect(connection!.name).toBe("10.0.0.9:700 > 10.0.0.1:2049");
    expect(connection!.closed?.frame).toBe(wire.wire.frames);
  });

  test("a gap is told with its direction and time", () => {
    const wire = scenario();
    const session = wire.session();
    session.slot(0).exchange(1);
    session.slot(0).send(2, undefined, { lost: true }).ok();
    session.slot(0).exchange(3);
    wire.findings();
    const [connection] = wire.wire.analyzer.connections;
    expect(connection!.gaps).toMatchObject([{ sender: "client" }]);
    expect(connection!.gaps[0]!.to).toBeGreaterThan(connection!.gaps[0]!.from);
    expect(wire.wire.analyzer.evidence.gaps).toBe(1);
  });

  test("the same frames give the same findings", () => {
    const story = () => {
      const wire = scenario();
      const session = wire.session();
      session.slot(0).exchange(1);
      session.slot(0).send(5).fail(10063);
      return wire.findings();
    };
    expect(story()).toEqual(story());
  });
});
