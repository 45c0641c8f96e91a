import { createHash } from "node:crypto";
import type { Bundle } from "../zip.js";
import { type BundleSource, below, courseFiles, exercisesOf } from "./course-files.js";

export interface PrairieLearnOptions {
  /** The name that the image is pushed under. */
  readonly image: string;
}

/** A version 4 UUID made from the assignment's name: the same question keeps its id when it is exported again. */
function questionId(assignment: string): string {
  const hex = createHash("sha256").update(`unrolled question ${assignment}`).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

const run = `#!/usr/bin/env bash
# PrairieLearn runs this for each submission, with the student's files in /grade/student.
set -uo pipefail
mkdir -p /grade/results
exec node /unrolled/lib/bin/unrolled.mjs autograde prairielearn --root /grade
`;

const dockerfile = `FROM node:22-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap util-linux && rm -rf /var/lib/apt/lists/*
COPY course /unrolled
RUN node /unrolled/lib/bin/unrolled.mjs build
RUN chmod -R go-rwx /unrolled/solutions /unrolled/test && chmod -f 600 /unrolled/hidden-seed.txt || true
COPY run.sh /unrolled/run.sh
RUN chmod 755 /unrolled/run.sh
`;

const question = (file: string): string => `<pl-question-panel>
  <p>Download <a href="{{options.client_files_question_url}}/${file}" download>${file}</a>, work in it, and hand it in here.
  The check under each exercise tells you how far you are.</p>
  <pl-file-upload file-names="${file}"></pl-file-upload>
</pl-question-panel>
<pl-submission-panel>
  <pl-external-grader-results></pl-external-grader-results>
  <pl-file-preview></pl-file-preview>
</pl-submission-panel>
`;

/**
 * A question for PrairieLearn and the image that grades it.
 * @param released the notebook that learners start from
 * @see https://prairielearn.readthedocs.io/en/latest/externalGrading/
 */
export function prairieLearnBundle(source: BundleSource, released: string, { image }: PrairieLearnOptions): Bundle {
  const { assignment } = source;
  const file = `${assignment}.ipynb`;
  const files = courseFiles(source);
  const titles = exercisesOf(source).map(({ title }) => title);
  const info = {
    uuid: questionId(assignment),
    title: `Unrolled ${assignment}: ${titles.join(", ")}`,
    topic: "LSTM",
    tags: ["unrolled"],
    type: "v3",
    singleVariant: true,
    gradingMethod: "External",
    externalGradingOptions: {
      enabled: true,
      image,
      entrypoint: "/unrolled/run.sh",
      timeout: 120,
      enableNetworking: false,
    },
  };
  const folder = `questions/unrolled-${assignment}`;
  return new Map([
    [`${folder}/info.json`, { data: `${JSON.stringify(info, null, 2)}\n` }],
    [`${folder}/question.html`, { data: question(file) }],
    [`${folder}/clientFilesQuestion/${file}`, { data: released }],
    ["image/Dockerfile", { data: dockerfile }],
    ["image/run.sh", { data: run, run: true }],
    ...below("image/course", files),
  ]);
}
