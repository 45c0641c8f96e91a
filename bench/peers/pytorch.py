"""PyTorch on one thread: nn.LSTM, or with "loop" the step written by hand, as one would write a new cell.

python pytorch.py <folder> <serve|cold|gemm> [loop]"""

import json, os, resource, sys, time

import torch

torch.set_num_threads(1)
folder, mode, *rest = sys.argv[1:]
loop = "loop" in rest


def say(value):
    print(json.dumps(value), flush=True)


def gflops():
    """A 512 x 512 product, the fastest of some; and the same by OpenBLAS itself where it is found."""
    n = 512
    a, b = torch.rand(n, n), torch.rand(n, n)

    def fastest(run):
        times = []
        for _ in range(30):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        return 2 * n**3 / min(times) / 1e9

    found = {"torch": fastest(lambda: torch.mm(a, b)), "openblas": None}
    try:
        import ctypes

        blas = ctypes.CDLL("libopenblas.so.0")
        blas.openblas_set_num_threads(1)
        c = torch.empty(n, n)
        p, one = ctypes.c_void_p, ctypes.c_float
        args = (101, 111, 111, n, n, n, one(1), p(a.data_ptr()), n, p(b.data_ptr()), n, one(0), p(c.data_ptr()), n)
        found["openblas"] = fastest(lambda: blas.cblas_sgemm(*args))
    except (OSError, AttributeError):
        pass
    return found


if mode == "gemm":
    blas = "MKL" if torch.backends.mkl.is_available() else "another BLAS"
    say({"version": torch.__version__, "blas": blas, **gflops()})
    sys.exit()

shape = json.load(open(os.path.join(folder, "shape.json")))
T, B, H, D, O = (shape[k] for k in "TBHDO")


def floats(name, *size):
    data = bytearray(open(os.path.join(folder, name), "rb").read())
    return torch.frombuffer(data, dtype=torch.float32).reshape(size) if data else torch.empty(0)


class Loop(torch.nn.Module):
    """The cell as one writes it: a product for x, one for h, and the gates."""

    def __init__(self):
        super().__init__()
        self.weight_ih_l0 = torch.nn.Parameter(torch.empty(4 * H, D))
        self.weight_hh_l0 = torch.nn.Parameter(torch.empty(4 * H, H))
        self.bias_ih_l0 = torch.nn.Parameter(torch.empty(4 * H))

    def forward(self, x, state=None):
        h, c = state if state is not None else (torch.zeros(x.shape[1], H), torch.zeros(x.shape[1], H))
        outputs = []
        for step in x.unbind(0):
            z = torch.nn.functional.linear(step, self.weight_ih_l0, self.bias_ih_l0) + h @ self.weight_hh_l0.T
            i, f, g, o = z.chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs), (h, c)


lstm = Loop() if loop else torch.nn.LSTM(D, H)
head = torch.nn.Linear(H, O)
with torch.no_grad():
    lstm.weight_ih_l0.copy_(floats("Wih", 4 * H, D))
    lstm.weight_hh_l0.copy_(floats("Whh", 4 * H, H))
    lstm.bias_ih_l0.copy_(floats("b", 4 * H))
    if not loop:
        lstm.bias_hh_l0.zero_().requires_grad_(False)  # so that both sides train one bias
    head.weight.copy_(floats("Wo", O, H))
    head.bias.copy_(floats("bo", O))
lstm_parameters = [p for p in lstm.parameters() if p.requires_grad]
parameters = [*lstm_parameters, *head.parameters()]
xs = [floats(f"x{k}", T, B, D) for k in range(shape["batches"])]

if shape["kind"] == "stream":
    state = None

    def step(k):
        global state
        with torch.inference_mode():
            y, state = lstm(xs[k], state)
            return head(y[-1])[0, 0]

else:
    adding = shape["kind"] == "adding"
    ys = [floats(f"y{k}", B, 1) if adding else floats(f"y{k}", T * B).long() for k in range(shape["batches"])]
    optimizer = torch.optim.Adam(parameters, lr=shape["learningRate"])

    def step(k):
        optimizer.zero_grad()
        outputs, (h, _) = lstm(xs[k])
        if adding:
            h = h if loop else h[0]
            loss = torch.nn.functional.mse_loss(head(h), ys[k])
        else:
            loss = torch.nn.functional.cross_entropy(head(outputs.reshape(T * B, H)), ys[k])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, shape["clipNorm"])
        optimizer.step()
        return loss.detach()


if mode == "cold":
    step(0)
    say({"done": True})
    sys.exit()

say({"ready": True, "info": {"version": f"PyTorch {torch.__version__}, one thread"}})
together = 100 if shape["kind"] == "stream" else 1
k = 0
for line in sys.stdin:
    times, losses = [], []
    for _ in range(json.loads(line)["iterations"]):
        start = time.perf_counter()
        for _ in range(together):
            loss = step(k % shape["batches"])
            k += 1
        loss = float(loss)
        times.append((time.perf_counter() - start) / together * 1000)
        losses.append(loss)
    say({"times": times, "losses": losses, "residentMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
