import { threadData } from "../sys/threads.ts";
import { type CaptureRequest, serveCapture } from "./serve-capture.ts";

// What a reading thread runs: reading-threads.ts starts it.
for (const request of threadData<readonly CaptureRequest[]>()) void serveCapture(request);
