import type { Visibility } from "../gradescope.js";
import type { Bundle } from "../zip.js";
import { type BundleSource, below, courseFiles } from "./course-files.js";
import { installNode } from "./install-node.js";

const setup = `#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: Node, the sandbox's tools, the course.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"
${installNode}
# prlimit and setpriv make the uid sandbox; bubblewrap the strict one, where the container lets it.
if ! command -v prlimit >/dev/null || ! command -v setpriv >/dev/null || ! command -v bwrap >/dev/null; then
  apt-get update && apt-get install -y --no-install-recommends util-linux bubblewrap || true
fi
node course/lib/bin/unrolled.mjs build
chmod -R go-rwx course/solutions course/test
if [ -f course/hidden-seed.txt ]; then chmod 600 course/hidden-seed.txt; fi
`;

const run = (hiddenTests: Visibility): string => `#!/usr/bin/env bash
# Gradescope runs this for each submission. Without a network: all that is needed is in the image.
set -uo pipefail
cd /autograder
mkdir -p results
exec node source/course/lib/bin/unrolled.mjs autograde gradescope --root /autograder --hidden-tests ${hiddenTests}
`;

/**
 * The autograder zip for Gradescope.
 * @see https://gradescope-autograders.readthedocs.io/en/latest/specs/
 */
export const gradescopeBundle = (source: BundleSource, hiddenTests: Visibility = "visible"): Bundle =>
  new Map([
    ["setup.sh", { data: setup, run: true }],
    ["run_autograder", { data: run(hiddenTests), run: true }],
    ...below("course", courseFiles(source)),
  ]);
