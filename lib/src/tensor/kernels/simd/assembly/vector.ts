// Four 32-bit floats at a time. Pointers are byte addresses, sizes and strides are counted in floats.

export const FLOAT: usize = 4; // bytes
export const VECTOR: usize = 16; // bytes

// @ts-ignore: decorator
@inline export function load4(at: usize): v128 { return v128.load(at); }
// @ts-ignore: decorator
@inline export function store4(at: usize, v: v128): void { v128.store(at, v); }
// @ts-ignore: decorator
@inline export function splat(at: usize): v128 { return v128.load_splat<f32>(at); }

/** c + a b. RELAXED (a build option) rounds once instead of twice where the machine can, so its bits may differ between machines. */
// @ts-ignore: decorator
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}
