/** How slides look: dark on light or light on dark, large, without ornament. */
export const deckStyle = `
:root { color-scheme: light; --paper: #fdfdfb; --ink: #1d2430; --soft: #5a6472; --line: #d9dde3; --accent: #b4530a; --note: #fff4e0;
  --code: #f3f4f6; --token-keyword: #8b2c6b; --token-string: #1f6f43; --token-constant: #1d5fa8; --token-comment: #5f6b78; --token-function: #1d5fa8; --token-punctuation: #3c4654; }
:root[data-theme=dark] { color-scheme: dark; --paper: #14181f; --ink: #e9ecf1; --soft: #a3adba; --line: #38414d; --accent: #ffab57; --note: #2e2616;
  --code: #1e242d; --token-keyword: #ef9fd0; --token-string: #8fd6a8; --token-constant: #8fc1ff; --token-comment: #98a3b0; --token-function: #8fc1ff; --token-punctuation: #c3cad4; }
html, body, .reveal-viewport { margin: 0; height: 100%; background: var(--paper); }
.reveal { color: var(--ink); font: 400 27px/1.42 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
.reveal .slides { text-align: left; }
.reveal .slides section { padding: 0; height: 720px; overflow: visible; }
.reveal .slides > section:has(> section) { padding: 0; }
.fit { width: 1280px; transform-origin: 0 0; padding: 12px 28px 18px; box-sizing: border-box; }
.fit > * { margin: 0 0 18px; }
.fit > :last-child { margin-bottom: 0; }
.reveal h1, .reveal h2, .reveal h3 { margin: 0 0 12px; line-height: 1.15; font-weight: 700; letter-spacing: -0.01em; text-wrap: balance; }
.reveal h1 { font-size: calc(60px / var(--scale, 1)); margin-top: 50px; } .reveal h2 { font-size: calc(48px / var(--scale, 1)); } .reveal h3 { font-size: calc(42px / var(--scale, 1)); }
.kicker { margin: 0 28px; padding: 8px 0; font-size: 21px; line-height: 1.3; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); }
.prose p, .prose ul, .prose ol { margin: 0; } .prose li + li { margin-top: 8px; } .prose ul, .prose ol { padding-left: 1.1em; }
.prose blockquote { margin: 0; padding: 6px 22px; border-left: 5px solid var(--accent); font-size: 30px; }
.prose a { color: inherit; text-decoration-color: var(--soft); }
.prose .predict { background: var(--note); border-left: 6px solid var(--accent); padding: 14px 22px; border-radius: 0 8px 8px 0; }
.prose.fragment { font-size: 25px; border-left: 5px solid var(--accent); padding-left: 20px; }
.formula { overflow: visible; } .formula .katex-display { margin: 0.3em 0; text-align: left; } .katex-display > .katex { text-align: left; font-size: 1.15em; }
pre { margin: 0; font: 400 18.5px/1.36 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre.code { background: var(--code); border-radius: 8px; padding: 12px 18px; overflow: hidden; }
pre.shown { white-space: pre-wrap; overflow-wrap: anywhere; padding: 2px 18px; font-size: 21px; }
.source code .keyword { color: var(--token-keyword); } .source code .string, .source code .string-expression { color: var(--token-string); }
.source code .constant { color: var(--token-constant); } .source code .comment { color: var(--token-comment); font-style: italic; }
.source code .function { color: var(--token-function); } .source code .punctuation { color: var(--token-punctuation); }
table { border-collapse: collapse; font-size: 22px; } th, td { border-bottom: 1px solid var(--line); padding: 5px 18px 5px 0 !important; text-align: left; }
figure { margin: 0; } figcaption { display: none; } [data-live=figure] .still { display: none; }
.output img { display: block; width: 100% !important; min-width: 0 !important; max-height: 440px; object-fit: contain; }
.output:has(> [data-live=widget]) { max-height: 640px; overflow-y: auto; }
fieldset { font-size: 26px; } fieldset label { padding: 0.3em 0 !important; } fieldset input { width: 1em; height: 1em; }
#theme { position: fixed; right: 10px; top: 8px; z-index: 40; border: 0; background: none; color: var(--soft); font-size: 20px; cursor: pointer; opacity: 0.5; }
#theme:hover, #theme:focus-visible { opacity: 1; }
.reveal .slide-number { right: 46px; background: none; color: var(--soft); font-size: 15px; }
.reveal .controls { color: var(--accent); font-size: 5px; } .reveal .progress { color: var(--accent); }
@media print { #theme { display: none; } }
`;
