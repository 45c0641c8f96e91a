import * as kernels from "./kernels/dispatch.js";
import { record, type Tensor, valuesOf } from "./tensor.js";
import { watcher } from "./trace.js";

/** Room for a product that is added to another and then forgotten. */
const rooms = new Map<kernels.DType, kernels.NumberArray>();

function zeroedRoom(dtype: kernels.DType, length: number): kernels.NumberArray {
  let room = rooms.get(dtype);
  if (!room || room.length < length) {
    room = kernels.allocate(dtype, length);
    rooms.set(dtype, room);
  }
  return room.subarray(0, length).fill(0);
}

/**
 * x W + b, and + h Wh where there is a state to look at, as one op. The same bits as the two or four ops it stands for,
 * without an array for each of them and for each of their gradients. Shapes must fit; whoever watches sees the parts.
 */
export function affine(x: Tensor, W: Tensor, b: Tensor, state?: { readonly h: Tensor; readonly Wh: Tensor }): Tensor {
  if (watcher) {
    const ofInput = x.matmul(W).add(b);
    return state ? ofInput.add(state.h.matmul(state.Wh)) : ofInput;
  }
  const { rows, dtype } = x;
  const { cols } = W;
  const y = kernels.allocate(dtype, rows * cols);
  kernels.gemm(rows, W.rows, cols, valuesOf(x), valuesOf(W), y);
  kernels.add(y, valuesOf(b), y);
  if (state) {
    const ofState = zeroedRoom(dtype, rows * cols);
    kernels.gemm(rows, state.Wh.rows, cols, valuesOf(state.h), valuesOf(state.Wh), ofState);
    kernels.add(y, ofState, y);
  }
  const passBack = (dy: kernels.NumberArray): void => {
    if (state) productBack(state.h, state.Wh, dy);
    if (b.requiresGrad) kernels.addRows(b.grad, dy);
    productBack(x, W, dy);
  };
  return record(rows, cols, y, [x, W, b, ...(state ? [state.h, state.Wh] : [])], passBack, "affine");
}

/** What flows back through a product: ∂L/∂x = ∂L/∂y Wᵀ, ∂L/∂W = xᵀ ∂L/∂y. */
function productBack(x: Tensor, W: Tensor, dy: kernels.NumberArray): void {
  if (x.requiresGrad) kernels.gemmABt(x.rows, W.cols, W.rows, dy, valuesOf(W), x.grad);
  if (W.requiresGrad) kernels.gemmAtB(W.rows, x.rows, W.cols, valuesOf(x), dy, W.grad);
}
