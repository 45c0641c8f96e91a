// npm run bench [-- --json] [--only A1,C,E,cells,profile] [--peers PyTorch] [--rounds 21] [--write]
// The library against its peers, one core, interleaved, medians. --write puts the tables into docs/benchmarks.md.
import { existsSync, rmSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cells } from "./cells.mjs";
import { gemmRate } from "./gemm.mjs";
import { coldStarts, compiled, findPython, inspectTorch, measure, peersFor, quantile } from "./measure.mjs";
import { profiles } from "./profile.mjs";
import { writeReport } from "./report.mjs";
import { scaling } from "./scaling.mjs";
import { targetOf } from "./targets.mjs";
import { workloads, writeWorkload } from "./workloads.mjs";

const others = ["E", "cells", "profile"];

function readOptions() {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      only: { type: "string" },
      rounds: { type: "string", default: "21" },
      peers: { type: "string", default: "" },
    },
  });
  const known = [...Object.keys(workloads), ...others];
  const names = values.only ? values.only.split(",") : known;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new RangeError(`--only must be of ${known}, got ${unknown}`);
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds > 0)) throw new RangeError(`--rounds must be 1, 2, …, got ${values.rounds}`);
  if (values.write && values.only) throw new RangeError("--write needs all of it: leave out --only");
  return { ...values, names, rounds };
}

async function describeMachine(python, say) {
  const torch = python ? inspectTorch(python) : null;
  const machine = {
    cpu: cpus()[0].model,
    cores: cpus().length,
    node: process.version,
    gemmGflops: await gemmRate(),
    torch,
    torchCounts: torch ? !torch.openblas || torch.torch * 1.5 >= torch.openblas : false,
  };
  const { simd, relaxed } = machine.gemmGflops;
  say(`${machine.cpu}, Node ${machine.node}; large GEMM, GFLOP/s: ours ${simd} (relaxed ${relaxed ?? "–"})`);
  if (torch) {
    const against = torch.openblas ? `, OpenBLAS ${torch.openblas.toFixed(0)}` : "";
    say(`PyTorch ${torch.version} with ${torch.blas}: GEMM ${torch.torch.toFixed(0)} GFLOP/s${against}`);
    if (!machine.torchCounts) say("Its GEMM is not within 1.5x of OpenBLAS's: its ratios do not count.");
  } else say("No PyTorch found (UNROLLED_PYTHON names a python3 that has it).");
  return machine;
}

function rowOf(workload, { kind, T, B, H, D }, { name, times, losses, residentMb, info }) {
  const medianMs = quantile(times, 0.5);
  const row = { workload, name, medianMs, minMs: Math.min(...times), maxMs: Math.max(...times), losses, info };
  if (residentMb) row.residentMb = Math.round(residentMb);
  const flops = 2 * T * B * 4 * H * (2 * (H + D + 1) + H);
  if (kind !== "stream" && workload !== "D") row.gflops = flops / medianMs / 1e6;
  return row;
}

function ratiosOf(workload, rows, machine) {
  return compiled.flatMap((name) => {
    const ours = rows.find((row) => row.name === name);
    const theirs = rows.filter((row) => targetOf(workload, row.name) !== undefined);
    return theirs.flatMap((their) => {
      if (!ours) return [];
      const target = targetOf(workload, their.name);
      const ratio = ours.medianMs / their.medianMs;
      const counts = machine.torchCounts || !their.name.startsWith("PyTorch");
      const ofFastest = ours.minMs / their.minMs;
      return { workload, name, against: their.name, ratio, ofFastest, target, ok: ratio <= target, counts };
    });
  });
}

async function run(workload, python, { rounds, peers: wanted }, machine, say) {
  const shape = workloads[workload];
  const folder = writeWorkload(shape);
  say(`\n${workload}: ${shape.kind}, T=${shape.T} B=${shape.B} H=${shape.H} D=${shape.D}`);
  const peers = peersFor(python).filter(({ name }) => name.startsWith("unrolled") || name.includes(wanted));
  const found =
    workload === "D" ? await coldStarts(peers, folder, Math.min(5, rounds)) : await measure(peers, folder, rounds, say);
  rmSync(folder, { recursive: true });
  const rows = found.map((peer) => rowOf(workload, shape, peer));
  for (const { name, medianMs, gflops, residentMb } of rows) {
    const ms = medianMs < 1 ? `${(1000 * medianMs).toFixed(1)} us` : `${medianMs.toFixed(2)} ms`;
    const rate = gflops ? `${gflops.toFixed(1).padStart(7)} GFLOP/s` : "";
    say(`  ${name.padEnd(34)} ${ms.padStart(11)} ${rate} ${residentMb ? `${residentMb} MB`.padStart(8) : ""}`);
  }
  agree(workload, rows, say);
  const ratios = ratiosOf(workload, rows, machine);
  for (const { name, against, ratio, ofFastest, target, ok } of ratios) {
    const fastest = `of the fastest ${ofFastest.toFixed(3)}; target ${target}`;
    say(`  ${name} / ${against}: ${ratio.toFixed(3)} (${fastest}) ${ok ? "ok" : "above"}`);
  }
  return { rows, ratios };
}

/** Says so where a peer did not compute the same: losses of its first iterations. */
function agree(workload, rows, say) {
  const [first, ...rest] = rows.filter(({ losses }) => losses);
  for (const other of rest) {
    const apart = other.losses.map((loss, k) => Math.abs(loss - first.losses[k]) / Math.max(Math.abs(loss), 1e-3));
    if (Math.max(...apart) < 1e-3) continue;
    const [theirs, ours] = [other, first].map(({ losses }) => losses.slice(0, 3));
    say(`  ${workload}: ${other.name} does not agree, ${theirs} against ${ours}`);
  }
}

async function main() {
  const options = readOptions();
  const { names } = options;
  const say = options.json ? () => {} : console.log;
  const python = findPython();
  const machine = await describeMachine(python, say);
  const result = { machine, rows: [], ratios: [] };
  for (const name of names.filter((name) => name in workloads)) {
    const { rows, ratios } = await run(name, python, options, machine, say);
    result.rows.push(...rows);
    result.ratios.push(...ratios);
  }
  if (names.includes("E")) result.scaling = scaling(say);
  if (names.includes("cells")) result.cells = await cells(say);
  if (names.includes("profile")) {
    const trained = Object.entries(workloads).filter(([name, { kind }]) => kind !== "stream" && name !== "D");
    result.profile = await profiles(trained, say);
  }
  if (options.json) console.log(JSON.stringify(result));
  if (options.write) say(`\nWritten to ${writeReport(result)}`);
}

if (!existsSync(fileURLToPath(new URL("node_modules", import.meta.url)))) {
  console.error("bench: its packages are missing; run `npm ci` in bench/, or `npm run bench` from the root");
  process.exit(1);
}
try {
  await main();
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
}
