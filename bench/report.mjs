// The measured part of docs/benchmarks.md, between its two marks; what stands around it is written by hand.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compiled } from "./measure.mjs";
import { cellTarget, targets } from "./targets.mjs";

const page = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const [begin, end] = ["<!-- measured: npm run bench -- --write -->", "<!-- end of what was measured -->"];

const table = (head, rows) =>
  [head, head.map((_, k) => (k === 0 ? "---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const short = (value) => (value < 0.095 ? value.toFixed(3) : value.toFixed(2));
const ms = (value) => (value < 1 ? `${(1000 * value).toFixed(0)} µs` : value.toFixed(value < 10 ? 1 : 0));

function machineText({ cpu, cores, node, gemmGflops, torch, torchCounts }) {
  const torchText = torch
    ? `; PyTorch ${torch.version} with ${torch.blas}, ${torch.torch.toFixed(0)} GFLOP/s` +
      (torch.openblas ? ` where OpenBLAS reaches ${torch.openblas.toFixed(0)}` : "") +
      (torchCounts ? "" : ": too slow for its ratios to count")
    : "";
  const { simd, relaxed } = gemmGflops;
  return `${cores} cores of ${cpu}, Node ${node}; a large matrix product at ${simd} GFLOP/s, relaxed ${relaxed ?? "–"}${torchText}.`;
}

function ratioTable(ratios) {
  const names = Object.keys(targets);
  const cell = (found) => {
    if (!found) return "–";
    const text = `${short(found.ratio)} (${short(found.ofFastest)})`;
    return found.ok ? `**${text}**` : text;
  };
  const rows = [...new Set(ratios.map(({ against }) => against))].flatMap((against) => {
    const of = (name, workload) =>
      ratios.find((r) => r.workload === workload && r.against === against && r.name === name);
    const ours = compiled.map((name) => {
      const kind = name === compiled[0] ? "plain" : "relaxed";
      return [`${against}: ${kind} SIMD`, ...names.map((workload) => cell(of(name, workload)))];
    });
    return [...ours, ["target", ...names.map((workload) => of(compiled[0], workload)?.target ?? "–")]];
  });
  return table(["time relative to …", ...names], rows);
}

function peerTable(rows) {
  const names = Object.keys(targets);
  const peers = [...new Set(rows.map(({ name }) => name))];
  const cell = (name, workload) => {
    const row = rows.find((r) => r.name === name && r.workload === workload);
    if (!row) return "–";
    return `${ms(row.medianMs)}${row.residentMb ? `, ${row.residentMb} MB` : ""}`;
  };
  const text = peers.map((name) => [name, ...names.map((workload) => cell(name, workload))]);
  return table(["median in ms, peak memory", ...names], text);
}

function profileTable(profile) {
  const rows = profile.map(({ workload, products, gates, rest }) => {
    const total = products + gates + rest;
    const share = (part) => `${ms(part)} (${Math.round((100 * part) / total)} %)`;
    return [workload, share(products), share(gates), share(rest)];
  });
  return table(["plain SIMD, ms", "matrix products", "gates and their gradients", "the rest"], rows);
}

function cellTable(cells) {
  const rows = cells.map(({ kind, parameters, minMs, ofLSTM }) => {
    const ratio = ofLSTM <= cellTarget ? `**${short(ofLSTM)}**` : short(ofLSTM);
    return [kind, parameters.toLocaleString("en"), ms(minMs), ratio];
  });
  return table(["cell, H=64", "parameters", "ms an iteration", "time a parameter, of the LSTM's"], rows);
}

function scalingTable(scaling) {
  const rows = scaling.map(({ T, H, minMs, perStepUs, gflops, residentMb }) => {
    return [`T=${T} H=${H}`, ms(minMs), perStepUs.toFixed(0), gflops.toFixed(0), residentMb];
  });
  return table(["E", "ms an iteration", "µs a time step", "GFLOP/s", "peak memory, MB"], rows);
}

/** @returns the file */
export function writeReport({ machine, rows, ratios, scaling, cells, profile }) {
  const text = readFileSync(page, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md must hold ${begin} and ${end}`);
  const parts = [
    machineText(machine),
    "Ratios of medians, those of the fastest iterations in brackets; bold: within the target.",
    ratioTable(ratios),
    peerTable(rows),
    profileTable(profile),
    cellTable(cells),
    scalingTable(scaling),
  ];
  const measured = `${begin}\n\n${parts.join("\n\n")}\n\n`;
  writeFileSync(`${page}.new`, text.slice(0, from) + measured + text.slice(to));
  renameSync(`${page}.new`, page);
  return "docs/benchmarks.md";
}
