// npm run bench [-- --json] [--only A1,C] [--peers PyTorch] [--rounds 21]: the library against its peers, one core, interleaved, medians.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gemmRate } from "./gemm.mjs";
import { scaling } from "./scaling.mjs";
import { workloads, writeWorkload } from "./workloads.mjs";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const relaxed = { UNROLLED_RELAXED_SIMD: "1" };

/** Ratios of medians that the textbook cell, compiled, should reach. */
const targets = {
  A1: { "PyTorch nn.LSTM": 0.9, "PyTorch cell loop": 0.15, "tfjs wasm": 0.03 },
  A2: { "PyTorch nn.LSTM": 1.1, "PyTorch cell loop": 0.35, "tfjs wasm": 0.06 },
  A3: { "PyTorch nn.LSTM": 1.3, "PyTorch cell loop": 0.9, "tfjs wasm": 0.25 },
  B: { "PyTorch nn.LSTM": 1.5, "PyTorch cell loop": 0.75, "tfjs wasm": 0.17 },
  C: { "PyTorch nn.LSTM": 0.1, "PyTorch cell loop": 0.25, "tfjs wasm": 0.05 },
  D: { "PyTorch nn.LSTM": 0.06, "PyTorch cell loop": 0.06, "tfjs wasm": 0.5 },
};

/** The first Python that has PyTorch. */
function findPython() {
  const candidates = [process.env.UNROLLED_PYTHON, "python3", "/usr/bin/python3"].filter(Boolean);
  return candidates.find((python) => spawnSync(python, ["-c", "import torch"]).status === 0);
}

function peersFor(python) {
  const node = (file, ...rest) => [process.execPath, [here(`peers/${file}`)], rest];
  const peers = [
    { name: "unrolled, compiled", run: node("unrolled.mjs") },
    { name: "unrolled, compiled, relaxed SIMD", run: node("unrolled.mjs"), env: relaxed },
    { name: "unrolled, op by op", run: node("unrolled.mjs", "tape") },
    { name: "tfjs wasm", run: node("tfjs.mjs") },
  ];
  if (python) {
    const torch = [python, [here("peers/pytorch.py")]];
    peers.push(
      { name: "PyTorch nn.LSTM", run: [...torch, []] },
      { name: "PyTorch cell loop", run: [...torch, ["loop"]] },
    );
  }
  return peers;
}

/** One core for everybody, where the system can do that. */
const pin = spawnSync("taskset", ["-c", "0", "true"]).status === 0 ? ["taskset", "-c", "0"] : [];

function start({ run: [program, file, rest], env }, folder, mode) {
  const [command, ...args] = [...pin, program, ...file, folder, mode, ...rest];
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

const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
};

/** Rounds in which every peer runs for a short while in turn. */
async function measure(peers, folder, rounds, say) {
  const running = [];
  for (const peer of peers) {
    const process = new Peer(peer, folder);
    try {
      const { info } = await process.next();
      const { times, losses } = await process.ask(5);
      const typical = quantile(times, 0.5);
      await process.ask(Math.min(200, Math.ceil(500 / typical))); // until what compiles itself has done so
      running.push({ ...peer, process, info, losses, times: [], share: Math.max(1, Math.round(60 / typical)) });
    } catch (error) {
      say(`  ${peer.name} does not run: ${error.message}`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const peer of running) {
      const { times, residentMb } = await peer.process.ask(Math.min(peer.share, 100));
      peer.times.push(...times);
      peer.residentMb = residentMb;
    }
  }
  for (const { process } of running) process.child.kill();
  return running;
}

async function coldStarts(peers, folder, rounds) {
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

async function main() {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      only: { type: "string" },
      rounds: { type: "string", default: "21" },
      peers: { type: "string", default: "" },
    },
  });
  const names = values.only ? values.only.split(",") : [...Object.keys(workloads), "E"];
  const unknown = names.filter((name) => !(name in workloads) && name !== "E");
  if (unknown.length > 0) throw new RangeError(`--only must be of ${Object.keys(workloads)},E, got ${unknown}`);
  const say = values.json ? () => {} : console.log;
  const python = findPython();
  const torch =
    python && JSON.parse(spawnSync(python, [here("peers/pytorch.py"), "-", "gemm"], { encoding: "utf8" }).stdout);
  const ours = await gemmRate();
  const machine = {
    cpu: cpus()[0].model,
    cores: cpus().length,
    node: process.version,
    gemmGflops: ours,
    torch: torch ?? null,
    torchCounts: torch ? !torch.openblas || torch.torch * 1.5 >= torch.openblas : false,
  };
  say(
    `${machine.cpu}, Node ${process.version}; large GEMM, GFLOP/s: ours ${ours.simd} (relaxed ${ours.relaxed ?? "–"})`,
  );
  if (torch) {
    const against = torch.openblas ? `, OpenBLAS ${torch.openblas.toFixed(0)}` : "";
    say(`PyTorch ${torch.version} with ${torch.blas}: GEMM ${torch.torch.toFixed(0)} GFLOP/s${against}`);
    if (!machine.torchCounts) say("Its GEMM is not within 1.5x of OpenBLAS's: its ratios do not count.");
  } else say("No PyTorch found (UNROLLED_PYTHON names a python3 that has it).");

  const rows = [];
  const ratios = [];
  for (const name of names.filter((name) => name in workloads)) {
    const shape = workloads[name];
    const folder = writeWorkload(shape);
    say(`\n${name}: ${shape.kind}, T=${shape.T} B=${shape.B} H=${shape.H} D=${shape.D}`);
    const rounds = Number(values.rounds);
    const peers = peersFor(python).filter(({ name: peer }) => /unrolled/.test(peer) || peer.includes(values.peers));
    const found =
      name === "D" ? await coldStarts(peers, folder, Math.min(5, rounds)) : await measure(peers, folder, rounds, say);
    rmSync(folder, { recursive: true });
    const flops =
      shape.kind === "stream" ? 0 : 2 * shape.T * shape.B * 4 * shape.H * (2 * (shape.H + shape.D + 1) + shape.H);
    for (const { name: peer, times, losses, residentMb, info } of found) {
      const medianMs = quantile(times, 0.5);
      const row = { workload: name, name: peer, medianMs, minMs: Math.min(...times), maxMs: Math.max(...times) };
      if (residentMb) row.residentMb = Math.round(residentMb);
      if (flops) row.gflops = flops / medianMs / 1e6;
      rows.push({ ...row, losses, info });
      const rate = flops && name !== "D" ? `${row.gflops.toFixed(1).padStart(7)} GFLOP/s` : "";
      const ms = medianMs < 1 ? `${(1000 * medianMs).toFixed(1)} us` : `${medianMs.toFixed(2)} ms`;
      say(
        `  ${peer.padEnd(34)} ${ms.padStart(11)} ${rate} ${residentMb ? `${Math.round(residentMb)} MB`.padStart(8) : ""}`,
      );
    }
    agree(name, found, say);
    for (const compiled of ["unrolled, compiled", "unrolled, compiled, relaxed SIMD"]) {
      const our = rows.find((row) => row.workload === name && row.name === compiled);
      for (const [against, target] of Object.entries(targets[name])) {
        const theirs = rows.find((row) => row.workload === name && row.name === against);
        if (!our || !theirs) continue;
        const ratio = our.medianMs / theirs.medianMs;
        const counts = machine.torchCounts || !against.startsWith("PyTorch");
        const ofFastest = our.minMs / theirs.minMs;
        ratios.push({ workload: name, name: compiled, against, ratio, ofFastest, target, ok: ratio <= target, counts });
        say(
          `  ${compiled} / ${against}: ${ratio.toFixed(3)} (of the fastest ${ofFastest.toFixed(3)}; target ${target}) ${ratio <= target ? "ok" : "above"}`,
        );
      }
    }
  }
  const scale = names.includes("E") ? await scaling(say) : undefined;
  if (values.json) console.log(JSON.stringify({ machine, rows, ratios, ...(scale && { scaling: scale }) }));
}

/** Says so where a peer did not compute the same: losses of its first five iterations. */
function agree(name, found, say) {
  const [first, ...others] = found.filter(({ losses }) => losses);
  for (const other of others) {
    const off = Math.max(
      ...other.losses.map((loss, k) => Math.abs(loss - first.losses[k]) / Math.max(Math.abs(first.losses[k]), 1e-3)),
    );
    if (!(off < 1e-3))
      say(`  ${name}: ${other.name} does not agree, ${other.losses.slice(0, 3)} against ${first.losses.slice(0, 3)}`);
  }
}

if (!existsSync(here("node_modules"))) {
  console.error("bench: its packages are missing; run `npm ci` in bench/, or `npm run bench` from the root");
  process.exit(1);
}
try {
  await main();
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
}
