// Runs peers side by side: one core, in short turns.
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

export const compiled = ["unrolled, compiled", "unrolled, compiled, relaxed SIMD"];

/** The first Python that has PyTorch. */
export function findPython() {
  const candidates = [process.env.UNROLLED_PYTHON, "python3", "/usr/bin/python3"].filter(Boolean);
  return candidates.find((python) => spawnSync(python, ["-c", "import torch"]).status === 0);
}

/** PyTorch's version, and how fast its matrix product is beside OpenBLAS's. */
export function inspectTorch(python) {
  const { stdout } = spawnSync(python, [here("peers/pytorch.py"), "-", "gemm"], { encoding: "utf8" });
  return JSON.parse(stdout);
}

const isInstalled = (name) => {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
};

export function peersFor(python) {
  const node = (file, ...rest) => [process.execPath, [here(`peers/${file}`)], rest];
  const peers = [
    { name: compiled[0], run: node("unrolled.mjs") },
    { name: compiled[1], run: node("unrolled.mjs"), env: { UNROLLED_RELAXED_SIMD: "1" } },
    { name: "unrolled, compiled, two threads", run: node("unrolled.mjs"), env: { UNROLLED_THREADS: "2" }, cores: 2 },
    { name: "unrolled, op by op", run: node("unrolled.mjs", "tape") },
    { name: "tfjs wasm", run: node("tfjs.mjs") },
  ];
  if (isInstalled("@tensorflow/tfjs-node")) peers.push({ name: "tfjs node", run: node("tfjs.mjs", "node") });
  peers.push({ name: "recurrent-js", run: node("recurrent.mjs") });
  if (python) {
    const torch = [python, [here("peers/pytorch.py")]];
    peers.push(
      { name: "PyTorch nn.LSTM", run: [...torch, []] },
      { name: "PyTorch cell loop", run: [...torch, ["loop"]] },
    );
  }
  return peers;
}

/** One core for everybody who does not say otherwise, where the system can do that. */
const pin = spawnSync("taskset", ["-c", "0", "true"]).status === 0 ? ["taskset", "-c", "0"] : [];

function start({ run: [program, file, rest], env, cores = 1 }, folder, mode) {
  const [command, ...args] = [...(cores === 1 ? pin : []), program, ...file, folder, mode, ...rest];
  return spawn(command, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
}

/** A running peer, asked line by line. */
class Peer {
  constructor(peer, folder) {
    this.child = start(peer, folder, "serve");
    this.errors = "";
    this.child.stderr.on("data", (chunk) => {
      this.errors += chunk;
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async next() {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(this.errors.trim().split("\n").at(-1) || "it ended without a word");
      if (value.startsWith("{")) return JSON.parse(value);
    }
  }

  ask(iterations) {
    this.child.stdin.write(`${JSON.stringify({ iterations })}\n`);
    return this.next();
  }
}

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/** Iterations at the start whose losses are compared, fewer of a peer that takes a second and more for one. */
const compared = 5;
/** A peer that takes longer than this, in ms, takes part in three rounds only. */
const slow = 2000;

/** Rounds in which every peer runs for a short while in turn. */
export async function measure(peers, folder, rounds, say) {
  const running = [];
  for (const peer of peers) {
    const process = new Peer(peer, folder);
    try {
      const { info } = await process.next();
      const { losses, times } = await process.ask(2);
      let typical = Math.min(...times);
      const isSlow = typical > slow;
      if (!isSlow) {
        losses.push(...(await process.ask(compared - 2)).losses);
        const warm = await process.ask(Math.min(200, Math.ceil(500 / typical))); // until what compiles itself has done so
        typical = quantile(warm.times, 0.5);
      }
      const share = Math.min(100, Math.max(1, Math.round(60 / typical)));
      running.push({ ...peer, process, info, losses, times: [], share, rounds: isSlow ? 3 : rounds });
    } catch (error) {
      say(`  ${peer.name} does not run: ${error.message}`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const peer of running.filter((peer) => round < peer.rounds)) {
      const { times, residentMb } = await peer.process.ask(peer.share);
      peer.times.push(...times);
      peer.residentMb = residentMb;
    }
  }
  for (const { process } of running) process.child.kill();
  return running;
}

/** From starting a process to the end of its first iteration. */
export async function coldStarts(peers, folder, rounds) {
  const running = peers.map((peer) => ({ ...peer, times: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const peer of running) {
      const began = performance.now();
      const child = start(peer, folder, "cold");
      const code = await new Promise((resolve) => child.on("close", resolve));
      if (code === 0) peer.times.push(performance.now() - began);
    }
  }
  return running.filter(({ times }) => times.length > 0);
}
