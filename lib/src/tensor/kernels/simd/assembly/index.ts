export { gemm, gemmPacked, gemmScratch, packB } from "./gemm";
