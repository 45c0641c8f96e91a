import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bundle } from "../zip.js";
import { type BundleSource, checkAssignment } from "./course-files.js";

const config = `# nbgrader hands out, collects and returns. Points come from \`unrolled grade submitted\`: nbgrader's own autograde
# gives full marks to any cell that shows no error, so it must not be run here.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "unrolled"
c.ClearSolutions.code_stub = {"typescript": "// Your code here."}
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.ClearHiddenTests.begin_test_delimeter = "BEGIN HIDDEN TESTS"
c.ClearHiddenTests.end_test_delimeter = "END HIDDEN TESTS"
# release/ was made by \`unrolled export nbgrader\`, with stubs that the checks know.
c.ExecutePreprocessor.kernel_name = "unrolled"
`;

/**
 * A course folder for nbgrader: source/, release/, submitted/.
 * @param released the notebook that learners get
 * @see https://nbgrader.readthedocs.io/en/stable/user_guide/philosophy.html
 */
export function nbgraderBundle(source: BundleSource, released: string): Bundle {
  checkAssignment(source);
  const { assignment, pack } = source;
  const file = `${assignment}/${assignment}.ipynb`;
  return new Map([
    ["nbgrader_config.py", { data: config }],
    [`source/${file}`, { data: readFileSync(join(pack.masters, `${assignment}.ipynb`)) }],
    [`release/${file}`, { data: released }],
    ["submitted/.gitkeep", { data: "" }],
  ]);
}
