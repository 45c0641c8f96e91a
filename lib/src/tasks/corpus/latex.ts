/** A small article in LaTeX, written for this course. */
export const latex = String.raw`\documentclass{article}
\usepackage{amsmath, amsthm}
\newtheorem{proposition}{Proposition}
\newcommand{\norm}[1]{\left\lVert #1 \right\rVert}

\title{Why one path through the cell neither fades nor grows}
\author{The authors of this course}

\begin{document}
\maketitle

\section{Two ways to remember}

A plain recurrent network keeps its past in the hidden state
\begin{equation}
  h_t = \tanh(W_x x_t + W_h h_{t-1} + b),
  \label{eq:rnn}
\end{equation}
so that a small change of $h_0$ reaches $h_T$ through the product
\begin{equation}
  \frac{\partial h_T}{\partial h_0}
    = \prod_{t=T}^{1} \operatorname{diag}\bigl(1 - h_t^2\bigr) \, W_h .
  \label{eq:product}
\end{equation}
An LSTM keeps it in the cell state instead, which is added to:
\begin{equation}
  c_t = f_t \odot c_{t-1} + i_t \odot g_t .
  \label{eq:cell}
\end{equation}

\begin{proposition}
  Let $\sigma_1$ be the largest singular value of $W_h$. If $\sigma_1 < 1$, then
  \[
    \norm{\frac{\partial h_T}{\partial h_0}} \le \sigma_1^T \longrightarrow 0 .
  \]
\end{proposition}

\begin{proof}
  Every factor of \eqref{eq:product} is a product of $W_h$, whose norm is $\sigma_1$, and of a diagonal matrix with
  entries in $(0, 1]$, whose norm is at most $1$. The norm of a product is at most the product of the norms.
\end{proof}

The converse does not hold: $\sigma_1 > 1$ is necessary for the gradient to explode, but not sufficient.

\section{The path through the cell}

Along the cell state alone, with the gates held fixed, the product has no matrix in it:
\begin{equation}
  \frac{\partial c_T}{\partial c_0} = \prod_{t=1}^{T} f_t .
\end{equation}
A forget gate with bias $b$ and no input is $f = 1 / (1 + e^{-b})$, and half of what it holds is left after
$\ln \tfrac{1}{2} / \ln f$ steps:
\begin{center}
  \begin{tabular}{rrr}
    $b$ & $f$     & half-life in steps \\
    \hline
    $0$ & $0.500$ & $1.0$   \\
    $1$ & $0.731$ & $2.2$   \\
    $2$ & $0.881$ & $5.5$   \\
    $5$ & $0.993$ & $103.2$ \\
  \end{tabular}
\end{center}

\begin{itemize}
  \item With $f = 1$ the path is the constant error carousel of 1997: nothing is lost, and nothing can be dropped.
  \item With $f < 1$ memory fades, but at a rate that the network chooses, for each unit and at each step.
\end{itemize}

\section{What is lost in a bit}

A model that gives the character $x_t$ the share $p(x_t \mid x_1, \dots, x_{t-1})$ pays
\begin{equation}
  L = -\frac{1}{T} \sum_{t=1}^{T} \log_2 p(x_t \mid x_1, \dots, x_{t-1})
  \label{eq:bits}
\end{equation}
bits for each character. If it knows nothing, then $p = 1/V$ and $L = \log_2 V$.

\begin{proposition}
  Let $q$ be how often each character occurs. No model that always gives the same answer has a smaller $L$ than the
  entropy $H(q) = -\sum_a q(a) \log_2 q(a)$.
\end{proposition}

\begin{proof}
  For any other answer $p$ the difference is
  \[
    -\sum_a q(a) \log_2 p(a) - H(q) = \sum_a q(a) \log_2 \frac{q(a)}{p(a)} \ge 0,
  \]
  since $\ln y \le y - 1$ for every $y > 0$. It is $0$ only for $p = q$.
\end{proof}

So \eqref{eq:bits} is bounded by what the past can tell, and \eqref{eq:cell} decides how much of the past is still there.

\end{document}
`;
