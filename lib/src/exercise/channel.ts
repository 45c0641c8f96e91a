import { BroadcastChannel } from "node:worker_threads";
import type { Outcome } from "./invoke.js";
import type { Caller } from "./subject.js";

interface Call {
  readonly call: number;
  readonly name: string;
  readonly args?: readonly unknown[];
}
interface Answer {
  readonly answered: number;
  readonly outcome: Outcome;
}

/** A channel between threads of one process that keeps neither alive. (Node's own types lack its unref.) */
function open(name: string, listen: (message: Call | Answer) => void): BroadcastChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = (event) => listen((event as MessageEvent).data as Call | Answer);
  (channel as unknown as { unref(): void }).unref();
  return channel;
}

let next = 0; // one count for all exercises of a run: each hears the answers to the others as well, sometimes late

/** The thread that runs the suite: calls go out, answers come back. */
export function callerOverChannel(name: string): { caller: Caller; close: () => void } {
  const waiting = new Map<number, (outcome: Outcome) => void>();
  const channel = open(name, (message) => {
    if (!("answered" in message)) return;
    waiting.get(message.answered)?.(message.outcome);
    waiting.delete(message.answered);
  });
  return {
    caller: (fn, args) =>
      new Promise((resolve) => {
        const call = next++;
        waiting.set(call, resolve);
        channel.postMessage({ call, name: fn, args } satisfies Call);
      }),
    close: () => channel.close(),
  };
}

/** The thread that holds the way to the learner's code: answers what the suite asks. */
export function serveCalls(name: string, caller: Caller): { close: () => void } {
  const channel = open(name, async (message) => {
    if (!("call" in message)) return;
    const outcome = await caller(message.name, message.args);
    channel.postMessage({ answered: message.call, outcome } satisfies Answer);
  });
  return { close: () => channel.close() };
}
