import { threadData } from "../sys/threads.ts";
import { serveCaptures } from "./serve-captures.ts";

// What a reading thread runs: reading-threads.ts starts it.
serveCaptures(threadData());
