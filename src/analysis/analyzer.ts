import type { Frame } from "../capture/frame.ts";
import { Network } from "../net/network.ts";
import type { Connection, Endpoint, NetworkSink, StreamConsumer } from "../net/stream.ts";
import { rules } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";
import type { FactKind, Facts } from "../session/facts.ts";
import { GapLogs } from "../session/gap-log.ts";
import { Observation } from "../session/observation.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { AnalysisStream } from "./analysis-stream.ts";
import { CaptureEvidence } from "./capture-evidence.ts";
import { CompoundObserver } from "./compound-observer.ts";
import { CurrentFrame, type FrameMark } from "./current-frame.ts";
import type { EarlyReply } from "./early-replies.ts";
import { GssReader } from "./gss-reader.ts";
import { operationsOn } from "./listeners.ts";
import { RpcObserver } from "./rpc-observer.ts";
import { RuleEngine } from "./rule-engine.ts";
import { Tally } from "./tally.ts";
import { TimeBase } from "./time-base.ts";
import { UdpObserver } from "./udp-observer.ts";

const TICK_NANOS = 1e9;
/** NFS connections remembered for the report and the rules. */
const NFS_CONNECTIONS_MAX = 65_536;

/** The layers joined: frames go in one by one, findings and a model come out. Knows no protocol itself. */
export class Analyzer implements NetworkSink {
  readonly timeBase = new TimeBase();
  readonly tally = new Tally();
  readonly network: Network;
  readonly observation: Observation;
  readonly engine: RuleEngine;
  readonly evidence: CaptureEvidence;
  readonly compounds: CompoundObserver;
  readonly connections: ObservedConnection[] = [];
  connectionsDropped = 0;
  readonly #now = new CurrentFrame(this.timeBase);
  readonly #observers = new Map<number, RpcObserver>();
  readonly #gapLogs = new GapLogs();
  readonly #gss = new GssReader();
  readonly #spareReplies: EarlyReply[] = [];
  readonly #udp = new UdpObserver(this.tally, {
    sighting: () => this.#now.sighting(),
    tell: (compound) => this.engine.tell("compound-over-udp", compound),
  });
  #nextTick = Number.NEGATIVE_INFINITY;

  constructor(catalogue: readonly Rule[] = rules) {
    this.network = new Network(this);
    this.evidence = new CaptureEvidence(this.network.counters, this.#now, this.tally);
    this.observation = new Observation(<K extends FactKind>(kind: K, fact: Facts[K]) => this.engine.tell(kind, fact));
    const watched = { fore: watchedBy(catalogue, "fore"), back: watchedBy(catalogue, "back") };
    this.compounds = new CompoundObserver(this.observation, this.#now, this.tally, watched);
    const { observation, compounds, connections, evidence } = this;
    this.engine = new RuleEngine(catalogue, {
      get servers() {
        return observation.servers;
      },
      connections,
      capture: evidence,
      argsOf: (call, index) => compounds.argsOf(call, index),
      resultOf: (call, index) => compounds.resultOf(call, index),
    });
  }

  /** To be called before the first frame. */
  tellAlong(stream: AnalysisStream): void {
    this.observation.exchanges = stream.exchanges;
    this.engine.findings.listener = (occurrence) => stream.occurrence(occurrence);
    this.engine.listen(stream.handlers);
  }

  /** Time of the last frame that had one, nanoseconds since the time base. */
  get at(): number {
    return this.#now.at;
  }

  /** The next frame in time; a view that is not kept. */
  push(frame: Frame): void {
    const now = this.#now;
    now.set(frame);
    this.network.push(frame);
    this.evidence.look();
    if (now.at >= this.#nextTick) {
      this.#nextTick = now.at + TICK_NANOS;
      this.engine.tell("tick", now.at);
    }
  }

  /** The captures are over. */
  finish(): void {
    this.network.finish();
    for (const observer of this.#observers.values()) this.#settle(observer);
    this.#observers.clear();
    this.tally.unansweredCalls += this.#udp.unanswered;
    this.engine.tell("end", this.#now.at);
  }

  open(connection: Connection, index: 0 | 1): StreamConsumer {
    let observer = this.#observers.get(connection.id);
    if (observer === undefined) {
      observer = new RpcObserver(connection, {
        observation: this.observation,
        compounds: this.compounds,
        now: this.#now,
        tally: this.tally,
        evidence: this.evidence,
        gss: this.#gss,
        spareReplies: this.#spareReplies,
        adopt: (nfs) => this.#remember(nfs),
      });
      this.#observers.set(connection.id, observer);
    }
    return observer.consumer(index);
  }

  #remember(nfs: ObservedConnection): void {
    nfs.gapsAround = this.#gapLogs.of(nfs.clientAddress, nfs.server);
    // What it carried before its first frame is lost without a trace.
    if (!nfs.handshakeSeen) nfs.gapsAround.add(Number.NEGATIVE_INFINITY, nfs.opened.at - 1);
    if (this.connections.length < NFS_CONNECTIONS_MAX) this.connections.push(nfs);
    else this.connectionsDropped++;
  }

  mark(): unknown {
    return this.#now.mark();
  }

  revisit(mark: unknown): void {
    this.#now.revisit(mark as FrameMark | null);
  }

  closing(connection: Connection): void {
    const nfs = this.#observers.get(connection.id)?.nfs;
    if (nfs != null) nfs.closing ??= this.#now.sighting();
  }

  closed(connection: Connection): void {
    const observer = this.#observers.get(connection.id);
    if (observer === undefined) return;
    this.#observers.delete(connection.id);
    const { nfs } = observer;
    if (nfs !== null) {
      nfs.stream = null;
      nfs.closed = this.#now.sighting();
      nfs.closing ??= nfs.closed;
      nfs.ending = endingOf(connection, observer.clientEnd);
    }
    this.#settle(observer);
    if (nfs !== null) this.engine.tell("connection-closed", nfs);
  }

  /** Books what a connection leaves behind. */
  #settle(observer: RpcObserver): void {
    observer.finish();
    this.evidence.book(observer);
  }

  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number): void {
    this.#udp.datagram(from, to, bytes, start, end);
  }

  limits() {
    return [
      ...this.network.limits(),
      ...this.observation.limits(),
      ...this.compounds.lists.limits(),
      ...this.compounds.kept.limits(),
      ...this.compounds.callbackLists.limits(),
      ...this.engine.findings.limits(),
      ...this.engine.held.limits(),
      ...this.tally.limits(),
      ...this.#gss.limits(),
      ...this.evidence.limits(),
      { name: "NFS connections", bound: NFS_CONNECTIONS_MAX, dropped: this.connectionsDropped },
    ];
  }
}

/** Operations of a channel that some rule wants to hear of one by one. */
function watchedBy(catalogue: readonly Rule[], channel: "fore" | "back"): ReadonlySet<number> {
  const watching = catalogue.filter((rule) => rule.channel === "both" || (rule.channel ?? "fore") === channel);
  return new Set(watching.flatMap((rule) => operationsOn(channel, rule)));
}

function endingOf({ ended, endedBy }: Connection, clientEnd: 0 | 1): ObservedConnection["ending"] {
  if (ended === null) return null;
  if (endedBy === null) return { how: ended, by: null };
  return { how: ended, by: endedBy === clientEnd ? "client" : "server" };
}
