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
 * x Wx + b + h Wh as one op. The same bits as the four ops it stands for, without an array for each of them and for
 * each of their gradients: a tape of a third of the length. Shapes must fit; whoever watches sees the four.
 */
export function affine(x: Tensor, Wx: Tensor, h: Tensor, Wh: Tensor, b: Tensor): Tensor {
  if (watcher) return x.matmul(Wx).add(b).add(h.matmul(Wh));
  const { rows, dtype } = x;
  const [inputs, states, cols] = [Wx.rows, Wh.rows, Wx.cols];
  const y = kernels.allocate(dtype, rows * cols);
  kernels.gemm(rows, inputs, cols, valuesOf(x), valuesOf(Wx), y);
  kernels.add(y, valuesOf(b), y);
  const ofState = zeroedRoom(dtype, rows * cols);
  kernels.gemm(rows, states, cols, valuesOf(h), valuesOf(Wh), ofState);
  kernels.add(y, ofState, y);
  const passBack = (dy: kernels.NumberArray): void => {
    if (h.requiresGrad) kernels.gemmABt(rows, cols, states, dy, valuesOf(Wh), h.grad);
    if (Wh.requiresGrad) kernels.gemmAtB(states, rows, cols, valuesOf(h), dy, Wh.grad);
    if (b.requiresGrad) kernels.addRows(b.grad, dy);
    if (x.requiresGrad) kernels.gemmABt(rows, cols, inputs, dy, valuesOf(Wx), x.grad);
    if (Wx.requiresGrad) kernels.gemmAtB(inputs, rows, cols, valuesOf(x), dy, Wx.grad);
  };
  return record(rows, cols, y, [x, Wx, h, Wh, b], passBack, "affine");
}
