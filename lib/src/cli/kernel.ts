import { parseArgs } from "node:util";
import { installKernelspec, userKernelsFolder } from "../notebook/kernelspec.js";

const USAGE = `usage: npm run kernel:install
Makes the kernel "Unrolled (TypeScript)" known to VS Code and to every Jupyter of this user.`;

/** `npm run kernel:install`: for VS Code, which needs neither Python nor Jupyter. */
export async function main(args: string[]): Promise<number> {
  try {
    parseArgs({ args, options: {} });
  } catch (error) {
    console.error(`kernel: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const folder = installKernelspec(userKernelsFolder());
  console.log(`Installed the kernel "Unrolled (TypeScript)" in ${folder}`);
  console.log("In VS Code: open a notebook, then Select Kernel, Jupyter Kernel, Unrolled (TypeScript).");
  console.log("If this folder or Node moves, run this command again.");
  return 0;
}
