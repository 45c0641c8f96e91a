import type { Bundle } from "../zip.js";
import { type BundleSource, below, courseFiles } from "./course-files.js";

export interface ClassroomOptions {
  /** "owner/name" of the private repository that grades. */
  readonly repository?: string;
}

/** The classroom's own organisation. */
const sameOwner = `\${{ github.repository_owner }}/unrolled-grader`;

const workflow = (repository: string): string => `name: Autograding Tests
on:
  push:
  workflow_dispatch:
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
        with:
          path: submission
      - uses: actions/checkout@v4
        with:
          repository: ${repository}
          token: \${{ secrets.UNROLLED_GRADER_TOKEN || github.token }}
          path: grader
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - id: unrolled
        run: grader/grade.sh
      - uses: classroom-resources/autograding-grading-reporter@v1
        env:
          UNROLLED_RESULTS: \${{ steps.unrolled.outputs.result }}
        with:
          runners: unrolled
`;

const grade = `#!/usr/bin/env bash
# One step of the workflow: grades $GITHUB_WORKSPACE/submission and sets the output "result".
set -euo pipefail
here="$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)"
# bubblewrap may need a profile that lets plain users make namespaces, on Ubuntu 24.04 and later.
if ! command -v bwrap >/dev/null && command -v sudo >/dev/null; then
  sudo apt-get update && sudo apt-get install -y --no-install-recommends bubblewrap || true
fi
sudo -n sysctl -qw kernel.apparmor_restrict_unprivileged_userns=0 2>/dev/null || true
node "$here/course/lib/bin/unrolled.mjs" build
exec node "$here/course/lib/bin/unrolled.mjs" autograde classroom --root "$GITHUB_WORKSPACE"
`;

const readme = (assignment: string): string => `# ${assignment}

Work in \`${assignment}.ipynb\`: each exercise has a card to read, a cell to fill in and a check to run. Commit and push when you like; each push is graded, and the points stand under Actions.
`;

/**
 * Two repositories for GitHub Classroom: \`template\`, from which each learner's repository is made, and \`grader\`, which
 * stays private because it holds the solutions.
 * @param released the notebook that learners start from
 */
export function classroomBundle(source: BundleSource, released: string, options: ClassroomOptions = {}): Bundle {
  const { repository = sameOwner } = options;
  const { assignment } = source;
  return new Map([
    [`template/${assignment}.ipynb`, { data: released }],
    ["template/README.md", { data: readme(assignment) }],
    ["template/.github/workflows/classroom.yml", { data: workflow(repository) }],
    ["grader/grade.sh", { data: grade, run: true }],
    ["grader/.gitignore", { data: "node_modules/\ndist/\n" }],
    ...below("grader/course", courseFiles(source)),
  ]);
}
